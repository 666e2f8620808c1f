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

enum class Status : std::uint8_t { ok, error, go_on };

/// Gives each line of the client its status line, in order.
class Statuses {
 public:
    explicit Statuses(const Conversation& c) : c_{c} {}
    std::optional<Status> to(std::size_t line_end) {
        LineReader lines{c_.server_head, std::max(answered_, server_bytes_before(c_, line_end - 1))};
        while (const auto line = lines.next()) {
            const auto status = parse(line->text);
            if (status) answered_ = line->end;
            if (status) return status;
        }
        return std::nullopt;
    }

 private:
    static std::optional<Status> parse(std::string_view line) {
        if (line.starts_with("+OK")) return Status::ok;
        if (line.starts_with("-ERR")) return Status::error;
        return line == "+" || line.starts_with("+ ") ? std::optional{Status::go_on} : std::nullopt;
    }

    const Conversation& c_;
    std::size_t answered_ = 0;
};

LoginOutcome outcome_of(const std::optional<Status>& status) {
    if (!status || *status == Status::go_on) return LoginOutcome::unknown;
    return *status == Status::ok ? LoginOutcome::success : LoginOutcome::failure;
}

/// False where nothing behind it can be read now.
bool read_auth(const Conversation& c, std::string_view arguments, const Line& command, LineReader& client,
               Statuses& statuses, Findings& findings) {
    const auto mechanism = take_word(arguments);
    if (arguments.empty()) {
        const auto go_on = statuses.to(command.end);
        if (!go_on) return c.closing;
        if (*go_on != Status::go_on) return true;
    }
    SaslCredential credential;
    const Sasl read = read_sasl(mechanism, arguments, command.end, client, credential);
    if (read != Sasl::credential) return read == Sasl::unreadable;
    auto status = statuses.to(credential.end);
    while (status == Status::go_on) status = statuses.to(credential.end);
    findings.login(Service::pop3, credential.user.view(), credential.secret.view(), outcome_of(status));
    return status || c.closing;
}

void inspect(const Conversation& c, Findings& findings) {
    std::optional<std::string_view> user;
    Statuses statuses{c};
    for (LineReader client{c.client_head}; const auto line = client.next();) {
        if (const auto mechanism = argument_of("AUTH", line->text); mechanism && !mechanism->empty()) {
            if (!read_auth(c, *mechanism, *line, client, statuses, findings)) return;
            continue;
        }
        const auto status = statuses.to(line->end);
        if (same_text(line->text, "STLS") && status != Status::error) return;
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
