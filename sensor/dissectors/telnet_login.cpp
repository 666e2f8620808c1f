// Telnet: the logins of a session (see typed_login.hpp), and sessions that begin with a command line, without any.
#include "open_service.hpp"
#include "sensor/dissectors.hpp"
#include "typed_login.hpp"

namespace linnet {
namespace {

bool is_telnet_port(const Conversation& c) { return c.server.port.number == 23 || c.server.port.number == 2323; }

/// Other protocols that people put on port 23.
bool is_other_protocol(const Conversation& c) {
    const auto starts = [](std::string_view head, std::string_view start) { return head.starts_with(start); };
    if (starts(c.server_head, "SSH-") || starts(c.client_head, "SSH-")) return true;
    if (starts(c.client_head, "\x16\x03")) return true;  // TLS
    return starts(c.client_head, "GET ") || starts(c.client_head, "POST") || starts(c.client_head, "HEAD");
}

/// A session in use: both sides have spoken, on a telnet port or in telnet's own commands. Once true, it stays true.
bool is_session(const Conversation& c, const TelnetStream& client) {
    constexpr std::size_t enough = 4;  // more than one negotiation of three bytes, and what is_other_protocol() needs
    if (c.client_head.size() < enough || c.server_head.size() < enough || is_other_protocol(c)) return false;
    if (is_telnet_port(c)) return true;
    return starts_negotiation(c.server_head) && (client.negotiates() || c.app_proto == "telnet");
}

bool wants(const Conversation& c) {
    return is_telnet_port(c) || c.app_proto == "telnet" || starts_negotiation(c.server_head) ||
           starts_negotiation(c.client_head);
}

void inspect(const Conversation& c, Findings& findings) {
    const TelnetStream client{c.client_head}, server{c.server_head};
    if (!is_session(c, client)) return;
    findings.app_proto("telnet");
    const auto session = read_typed_logins(c, Service::telnet, client, server, 0, {}, findings);
    if (session.start == TypedSession::Start::at_shell && !c.midstream)
        tell_open_service(findings, "telnet", "a command line without a password");
}

}  // namespace

const StreamDissector telnet_login{"telnet-login", wants, inspect};

}  // namespace linnet
