// Redis (RESP, redis.io/docs/reference/protocol-spec): AUTH [user] password, as an array of bulk strings or in one line, and
// HELLO 3 AUTH user password. Without a name, the user is "default". And servers that carry out commands for somebody who
// has not signed in.
#include "open_service.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/line_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace linnet {
namespace {

bool wants(const Conversation& c) { return c.server.port.number == 6379 || c.app_proto == "redis"; }

/// The first words of a command; the others do not matter here.
struct Command {
    std::array<std::string_view, 5> words;
    std::size_t count = 0;
    void add(std::string_view word) {
        if (count < words.size()) words[count] = word;
        ++count;
    }
};

std::optional<std::size_t> length_after(char mark, std::string_view line) {
    std::size_t length = 0;
    if (!line.starts_with(mark)) return std::nullopt;
    const auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), length);
    if (error != std::errc{} || end != line.data() + line.size()) return std::nullopt;
    return length;
}

/// Nothing where the command has not wholly arrived, or is none.
std::optional<Command> next_command(std::string_view head, LineReader& client) {
    const auto first = client.next();
    if (!first) return std::nullopt;
    Command command;
    auto text = first->text;
    if (!text.starts_with('*')) {
        while (!text.empty()) command.add(take_word(text));
        return command;
    }
    const auto words = length_after('*', text);
    for (std::size_t i = 0; words && i < *words; ++i) {
        const auto header = client.next();
        const auto length = header ? length_after('$', header->text) : std::nullopt;
        const std::size_t begin = client.offset();
        if (!length || *length > head.size() - begin) return std::nullopt;
        command.add(head.substr(begin, *length));
        client.move_to(begin + *length);
        if (!client.next()) return std::nullopt;
    }
    return words ? std::optional{command} : std::nullopt;
}

struct Credential {
    std::string_view user = "default", secret;
};

std::optional<Credential> credential_in(const Command& command) {
    const auto& words = command.words;
    if (same_text(words[0], "AUTH") && command.count == 2) return Credential{.secret = words[1]};
    if (same_text(words[0], "AUTH") && command.count == 3) return Credential{words[1], words[2]};
    if (same_text(words[0], "HELLO") && command.count >= 5 && same_text(words[2], "AUTH"))
        return Credential{words[3], words[4]};
    return std::nullopt;
}

/// A server with a password carries out these few, and answers all others with an error, NOAUTH.
bool needs_login(const Command& command) {
    constexpr std::array<std::string_view, 4> free{"AUTH", "HELLO", "QUIT", "RESET"};
    return command.count > 0 &&
           std::none_of(free.begin(), free.end(), [&](auto name) { return same_text(name, command.words[0]); });
}

/// A status, number, text or list that begins to arrive, and no error.
bool is_served(std::string_view server, std::size_t from) {
    constexpr std::string_view kinds = "+:$*%~";
    return from + 1 < server.size() && kinds.find(server[from]) != std::string_view::npos;
}

void inspect(const Conversation& c, Findings& findings) {
    bool first = !c.midstream;
    LineReader client{c.client_head};
    std::size_t answered = 0;
    while (const auto command = next_command(c.client_head, client)) {
        const auto credential = credential_in(*command);
        if (!credential && first && needs_login(*command) && is_served(c.server_head, 0))
            tell_open_service(findings, "redis", "a database that asks for no password");
        first = false;
        if (!credential) continue;
        LineReader server{c.server_head, std::max(answered, server_bytes_before(c, client.offset() - 1))};
        const auto reply = server.next();
        auto outcome = Outcome::unknown;
        if (reply) outcome = reply->text.starts_with('-') ? Outcome::failure : Outcome::success;
        findings.login(Service::redis, credential->user, credential->secret, outcome);
        if (!reply && !c.closing) return;
        if (reply) answered = reply->end;
    }
}

}  // namespace

const StreamDissector redis_login{"redis-login", wants, inspect};

}  // namespace linnet
