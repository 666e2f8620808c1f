// FTP (RFC 959): USER and PASS, and the server's reply to PASS. After AUTH TLS (RFC 4217) nothing can be read.
#include "reply_code.hpp"
#include "sensor/dissectors.hpp"

namespace linnet {
namespace {

/// An FTP server speaks first, in codes. Where its beginning was not seen, the client's word is taken.
bool server_contradicts(const Conversation& c) {
    return !c.midstream && c.server_head.size() >= 3 && !starts_with_code(c.server_head);
}

bool wants(const Conversation& c) {
    if (server_contradicts(c)) return false;
    const auto port = c.server.port.number;
    if (port == 21 || port == 2121 || c.app_proto == "ftp" || c.app_proto == "ftp_control") return true;
    return c.server_head.starts_with("220") && (c.client_head.empty() || starts_with_text(c.client_head, "USER "));
}

/// The reply that decides about a password, behind those to whatever was sent together with it.
std::optional<Reply> reply_to_pass(std::string_view server, std::size_t from) {
    auto reply = next_reply(server, from);
    while (reply && (reply->code < 200 || reply->code == 220 || reply->code == 331)) reply = next_reply(server, reply->end);
    return reply;
}

Outcome outcome_of(const Reply& reply) {
    if (reply.code >= 200 && reply.code < 300) return Outcome::success;
    return reply.code >= 400 ? Outcome::failure : Outcome::unknown;
}

void inspect(const Conversation& c, Findings& findings) {
    if (server_contradicts(c) || (c.server_head.size() < 3 && !c.closing)) return;
    std::optional<std::string_view> user;
    std::size_t answered = 0;  // the replies up to here belong to earlier commands
    for (LineReader client{c.client_head}; const auto line = client.next();) {
        const std::size_t from = std::max(answered, server_bytes_before(c, line->end - 1));
        if (argument_of("AUTH", line->text)) {
            const auto reply = next_reply(c.server_head, from);
            if (!reply || reply->code == 234) return;
        } else if (const auto name = argument_of("USER", line->text)) {
            user = name;
        } else if (const auto secret = argument_of("PASS", line->text); secret && user) {
            const auto reply = reply_to_pass(c.server_head, from);
            findings.login(Service::ftp, *user, *secret, reply ? outcome_of(*reply) : Outcome::unknown);
            if (!reply && !c.closing) return;
            if (reply) answered = reply->end;
        }
    }
}

}  // namespace

const StreamDissector ftp_login{"ftp-login", wants, inspect};

}  // namespace linnet
