// MySQL and MariaDB (dev.mysql.com, "Connection Phase"): the authentication plugins that send the password as it is,
// mysql_clear_password and MariaDB's dialog; and accounts that need none. The usual plugins send a hash made with a random
// number, and behind an SSL request nothing can be read.
#include "open_service.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <optional>

namespace linnet {
namespace {

constexpr std::uint32_t with_database = 0x8, protocol_41 = 0x200, secure_connection = 0x8000, plugin_auth = 0x80000,
                        length_encoded = 0x200000;
constexpr std::uint8_t ok_packet = 0x00, other_plugin = 0xFE, error_packet = 0xFF;

bool wants(const Conversation& c) {
    if (c.server_head.size() < 5) return c.server.port.number == 3306;
    return c.server_head.substr(1, 4) == std::string_view{"\0\0\0\x0A", 4};  // a greeting of version 10
}

/// The next packet's payload; failed where it has not wholly arrived.
ByteReader packet(ByteReader& reader) {
    const std::uint32_t size = reader.u24_le();
    reader.skip(1);  // sequence number
    return ByteReader{reader.bytes(size)};
}

std::string_view up_to_zero(std::string_view text) { return text.substr(0, text.find('\0')); }

struct Response {
    std::string_view user, answer, plugin;
};

/// HandshakeResponse41; nothing where it asks for SSL or is of an older kind.
std::optional<Response> read_response(ByteReader response) {
    const std::uint32_t capabilities = response.u32_le();
    if ((capabilities & protocol_41) == 0) return std::nullopt;
    response.skip(28);                           // largest packet, character set, filler
    if (response.at_end()) return std::nullopt;  // an SSL request ends here
    Response out;
    out.user = response.text_to_zero();
    if ((capabilities & length_encoded) != 0) {
        const std::uint8_t size = response.u8();
        if (size > 0xFC) return std::nullopt;
        out.answer = response.text(size == 0xFC ? response.u16_le() : size);
    } else {
        out.answer = (capabilities & secure_connection) != 0 ? response.text(response.u8()) : response.text_to_zero();
    }
    if ((capabilities & with_database) != 0) response.text_to_zero();
    if (!response.ok()) return std::nullopt;
    if ((capabilities & plugin_auth) != 0) {
        const std::string_view rest{reinterpret_cast<const char*>(response.rest().data()), response.remaining()};
        out.plugin = up_to_zero(rest);
    }
    return out;
}

/// "dialog" asks several questions; the third bit of the first byte says that this one is for a password.
bool sends_password(std::string_view plugin, ByteReader question) {
    if (plugin == "mysql_clear_password") return true;
    return plugin == "dialog" && (question.u8() & 0x04) != 0;
}

Outcome result(ByteReader& server) {
    ByteReader answer = packet(server);
    const std::uint8_t kind = answer.u8();
    if (!server.ok() || !answer.ok()) return Outcome::unknown;
    if (kind == ok_packet) return Outcome::success;
    return kind == error_packet ? Outcome::failure : Outcome::unknown;
}

void inspect(const Conversation& c, Findings& findings) {
    ByteReader client{c.client_head}, server{c.server_head};
    constexpr std::uint8_t version = 10;
    if (c.midstream || packet(server).u8() != version || !server.ok()) return;
    const auto response = read_response(packet(client));
    if (!client.ok() || !response) return;
    if (response->plugin == "mysql_clear_password" && !response->answer.empty()) {
        findings.login(Service::mysql, response->user, up_to_zero(response->answer), result(server));
        return;
    }
    ByteReader answer = packet(server);
    const std::uint8_t kind = answer.u8();
    if (!server.ok() || !answer.ok()) return;
    if (kind == ok_packet && response->answer.empty()) {
        tell_open_service(findings, "mysql", "a database account without a password");
    } else if (kind == other_plugin && sends_password(answer.text_to_zero(), answer)) {
        ByteReader password = packet(client);
        const auto secret = password.text_to_zero();
        if (client.ok() && password.ok()) findings.login(Service::mysql, response->user, secret, result(server));
    }
}

}  // namespace

const StreamDissector mysql_login{"mysql-login", wants, inspect};

}  // namespace linnet
