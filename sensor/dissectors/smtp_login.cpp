// SMTP (RFC 5321): AUTH PLAIN and AUTH LOGIN (RFC 4954). After STARTTLS (RFC 3207) nothing can be read, and after DATA there
// are no more commands that matter.
#include "reply_code.hpp"
#include "sasl.hpp"
#include "sensor/dissectors.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    const auto port = c.server.port.number;
    if (port == 25 || port == 587 || port == 2525 || c.app_proto == "smtp") return true;
    if (!c.server_head.starts_with("220")) return false;
    return c.client_head.empty() || starts_with_text(c.client_head, "EHLO ") || starts_with_text(c.client_head, "HELO ");
}

/// Gives each line of an authentication its reply, behind those to whatever was sent before it.
class Replies {
 public:
    explicit Replies(const Conversation& c) : c_{c} {}
    std::optional<Answer> to(std::size_t line_end) {
        auto reply = next_reply(c_.server_head, std::max(answered_, server_bytes_before(c_, line_end - 1)));
        while (reply && (reply->code == 220 || reply->code == 250)) reply = next_reply(c_.server_head, reply->end);
        if (!reply) return std::nullopt;
        answered_ = reply->end;
        if (reply->code == 334) return Answer::go_on;
        return reply->code == 235 ? Answer::accepted : Answer::refused;
    }

 private:
    const Conversation& c_;
    std::size_t answered_ = 0;
};

void inspect(const Conversation& c, Findings& findings) {
    Replies replies{c};
    for (LineReader client{c.client_head}; const auto line = client.next();) {
        if (same_text(line->text, "DATA")) return;
        if (same_text(line->text, "STARTTLS")) {
            const auto reply = next_reply(c.server_head, server_bytes_before(c, line->end - 1));
            if (!reply || reply->code == 220) return;
        }
        const auto arguments = argument_of("AUTH", line->text);
        if (arguments && !read_auth(c, Service::smtp, *arguments, line->end, client, replies, findings)) return;
    }
}

}  // namespace

const StreamDissector smtp_login{"smtp-login", wants, inspect};

}  // namespace linnet
