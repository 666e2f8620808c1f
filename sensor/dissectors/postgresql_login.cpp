// PostgreSQL (manual, chapter "Frontend/Backend Protocol", version 3): AuthenticationCleartextPassword; and servers that let
// everybody in ("trust"). MD5 and SCRAM are not readable, and behind an accepted SSLRequest nothing is.
#include "open_service.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <optional>

namespace linnet {
namespace {

constexpr std::uint32_t version_3 = 0x0003'0000, ssl_request = 80877103, gss_request = 80877104;
constexpr std::uint32_t let_in = 0, clear_password = 3;
constexpr std::uint32_t longest_startup = 10'000;  // as the server's own limit

bool wants(const Conversation& c) {
    ByteReader client{c.client_head};
    const std::uint32_t size = client.u32(), code = client.u32();
    if (!client.ok()) return c.server.port.number == 5432;
    if (size < 8 || size > longest_startup) return false;
    return (code >> 16 == 3 && size > 8) || (size == 8 && (code == ssl_request || code == gss_request));
}

/// The user of the StartupMessage, behind requests for encryption that the server declined with 'N'.
std::optional<std::string_view> read_startup(ByteReader& client, ByteReader& server) {
    std::uint32_t size = client.u32(), code = client.u32();
    while (client.ok() && (code == ssl_request || code == gss_request)) {
        if (server.u8() != 'N') return std::nullopt;
        size = client.u32();
        code = client.u32();
    }
    if (!client.ok() || size < 8 || size > longest_startup || code >> 16 != version_3 >> 16) return std::nullopt;
    ByteReader parameters{client.bytes(size - 8)};
    if (!client.ok()) return std::nullopt;
    while (true) {
        const auto name = parameters.text_to_zero();
        if (name.empty()) return std::nullopt;
        const auto value = parameters.text_to_zero();
        if (!parameters.ok()) return std::nullopt;
        if (name == "user") return value;
    }
}

struct Message {
    char kind = 0;
    ByteReader body;
};

/// Nothing where it has not wholly arrived.
std::optional<Message> next_message(ByteReader& reader) {
    const char kind = static_cast<char>(reader.u8());
    const std::uint32_t size = reader.u32();
    if (size < 4) return std::nullopt;
    const Message message{kind, ByteReader{reader.bytes(size - 4)}};
    return reader.ok() ? std::optional{message} : std::nullopt;
}

/// The server's next word about authentication: an 'R' with what it wants, or an error.
std::optional<Message> next_verdict(ByteReader& server) {
    auto message = next_message(server);
    while (message && message->kind != 'R' && message->kind != 'E') message = next_message(server);
    return message;
}

Outcome outcome_of(std::optional<Message> verdict) {
    if (!verdict) return Outcome::unknown;
    return verdict->kind == 'R' && verdict->body.u32() == let_in ? Outcome::success : Outcome::failure;
}

/// ReadyForQuery: a user that nobody knows is refused after it was let in.
bool is_ready(ByteReader& server) {
    auto message = next_message(server);
    while (message && message->kind != 'Z' && message->kind != 'E') message = next_message(server);
    return message && message->kind == 'Z';
}

void inspect(const Conversation& c, Findings& findings) {
    ByteReader client{c.client_head}, server{c.server_head};
    if (c.midstream) return;
    const auto user = read_startup(client, server);
    if (!user) return;
    auto wanted = next_verdict(server);
    if (!wanted || wanted->kind != 'R') return;
    const std::uint32_t method = wanted->body.u32();
    if (!wanted->body.ok()) return;
    if (method == let_in) {
        if (is_ready(server)) tell_open_service(findings, "postgresql", "a database that asks for no password");
    } else if (method == clear_password) {
        auto password = next_message(client);
        if (!password || password->kind != 'p') return;
        const auto secret = password->body.text_to_zero();
        if (password->body.ok()) findings.login(Service::postgresql, *user, secret, outcome_of(next_verdict(server)));
    }
}

}  // namespace

const StreamDissector postgresql_login{"postgresql-login", wants, inspect};

}  // namespace linnet
