// POP3 (RFC 1939): USER and PASS; AUTH PLAIN and AUTH LOGIN (RFC 5034). APOP sends a digest, and after STLS nothing can be
// read.
#include "sasl.hpp"
#include "sensor/dissectors.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    if (c.server.port.number == 110 || c.app_proto == "pop3" || c.app_proto == "pop") return true;
    return c.server_head.starts_with("+OK ");
}

/// Gives each line of the client its status line: lines sent in one go are answered in order, any other by what the server
/// says after it.
class Statuses {
 public:
    explicit Statuses(const Conversation& c) : c_{c} {}
    std::optional<Answer> to(std::size_t line_end) {
        const std::size_t said_before = server_bytes_before(c_, line_end - 1);
        if (said_before != said_before_) at_ = said_before_ = said_before;
        LineReader lines{c_.server_head, at_};
        while (const auto line = lines.next()) {
            const auto status = parse(line->text);
            if (status) at_ = line->end;
            if (status) return status;
        }
        return std::nullopt;
    }

 private:
    static std::optional<Answer> parse(std::string_view line) {
        if (line.starts_with("+OK")) return Answer::accepted;
        if (line.starts_with("-ERR")) return Answer::refused;
        return line == "+" || line.starts_with("+ ") ? std::optional{Answer::go_on} : std::nullopt;
    }

    const Conversation& c_;
    std::size_t said_before_ = 0, at_ = 0;
};

void inspect(const Conversation& c, Findings& findings) {
    std::optional<std::string_view> user;
    Statuses statuses{c};
    for (LineReader client{c.client_head}; const auto line = client.next();) {
        if (const auto arguments = argument_of("AUTH", line->text); arguments && !arguments->empty()) {
            if (!read_auth(c, Service::pop3, *arguments, line->end, client, statuses, findings)) return;
            continue;
        }
        const auto status = statuses.to(line->end);
        if (same_text(line->text, "STLS") && status != Answer::refused) return;
        if (const auto name = argument_of("USER", line->text)) user = name;
        if (const auto secret = argument_of("PASS", line->text); secret && user) {
            findings.login(Service::pop3, *user, *secret, outcome_of(status));
            if (!status && !c.closing) return;
        }
    }
}

}  // namespace

const StreamDissector pop3_login{"pop3-login", wants, inspect};

}  // namespace linnet
