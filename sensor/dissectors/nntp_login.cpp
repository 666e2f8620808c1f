// NNTP (RFC 3977): AUTHINFO USER and PASS, and AUTHINFO SASL with PLAIN or LOGIN (RFC 4643). After STARTTLS (RFC 4642)
// nothing can be read.
#include "reply_code.hpp"
#include "sasl.hpp"
#include "sensor/dissectors.hpp"

namespace linnet {
namespace {

constexpr int tls_begins = 382, go_on_with_sasl = 383, accepted = 281, accepted_with_data = 283;

bool wants(const Conversation& c) {
    if (c.server.port.number == 119 || c.app_proto == "nntp" || c.app_proto == "usenet") return true;
    return starts_with_text(c.client_head, "AUTHINFO ") || starts_with_text(c.client_head, "MODE READER");
}

/// Gives a line of the client its reply, behind those to whatever was sent together with it: the greeting (200, 201), what
/// MODE READER and CAPABILITIES say, and 381, which asks for the password.
class Replies {
 public:
    explicit Replies(const Conversation& c) : c_{c} {}
    std::optional<Answer> to(std::size_t line_end) {
        auto reply = next_reply(c_.server_head, std::max(answered_, server_bytes_before(c_, line_end - 1)));
        while (reply && reply->code < 400 && !decides(reply->code)) reply = next_reply(c_.server_head, reply->end);
        if (!reply) return std::nullopt;
        answered_ = reply->end;
        if (reply->code == go_on_with_sasl) return Answer::go_on;
        return reply->code == accepted || reply->code == accepted_with_data ? Answer::accepted : Answer::refused;
    }

 private:
    static bool decides(int code) { return code == accepted || code == accepted_with_data || code == go_on_with_sasl; }
    const Conversation& c_;
    std::size_t answered_ = 0;
};

void inspect(const Conversation& c, Findings& findings) {
    Replies replies{c};
    std::optional<std::string_view> user;
    for (LineReader client{c.client_head}; const auto line = client.next();) {
        if (same_text(line->text, "STARTTLS")) {
            const auto reply = next_reply(c.server_head, server_bytes_before(c, line->end - 1));
            if (!reply || reply->code == tls_begins) return;
        }
        const auto arguments = argument_of("AUTHINFO", line->text);
        if (!arguments) continue;
        if (const auto name = argument_of("USER", *arguments)) {
            user = name;
        } else if (const auto secret = argument_of("PASS", *arguments); secret && user) {
            const auto answer = replies.to(line->end);
            findings.login(Service::nntp, *user, *secret, outcome_of(answer));
            if (!answer && !c.closing) return;
        } else if (const auto mechanism = argument_of("SASL", *arguments)) {
            if (!read_auth(c, Service::nntp, *mechanism, line->end, client, replies, findings)) return;
        }
    }
}

}  // namespace

const StreamDissector nntp_login{"nntp-login", wants, inspect};

}  // namespace linnet
