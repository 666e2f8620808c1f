// How servers at home greet, and what SSH clients call themselves. Hints: ssh/banner and ssh/client-banner (RFC 4253,
// section 4.2), ftp/banner (RFC 959), smtp/banner (RFC 5321, section 4.2): the first line, without the reply code;
// telnet/banner: what the server wrote before anything was typed, in one line.
#include "reply_code.hpp"
#include "sensor/dissectors.hpp"
#include "telnet_stream.hpp"

#include <optional>
#include <string>

namespace linnet {
namespace {

constexpr std::string_view ssh = "SSH-";
constexpr std::size_t longest_line = 512;

bool is_telnet(const Conversation& c) {
    const auto port = c.server.port.number;
    return port == 23 || port == 2323 || c.app_proto == "telnet" || starts_negotiation(c.server_head);
}

bool wants(const Conversation& c) {
    if (c.midstream || (!c.client.ip.is_private() && !c.server.ip.is_private())) return false;
    return c.server_head.starts_with(ssh) || c.client_head.starts_with(ssh) || c.server_head.starts_with("220") ||
           is_telnet(c);
}

/// RFC 4253 lets a server say other things first; those that do are rare, and nobody's name is in them.
std::optional<std::string_view> first_line(std::string_view head, std::string_view start) {
    const auto line = LineReader{head.substr(0, longest_line)}.next();
    if (!line || !line->text.starts_with(start)) return std::nullopt;
    return line->text;
}

void read_ssh(const Conversation& c, Findings& findings) {
    const auto server = first_line(c.server_head, ssh), client = first_line(c.client_head, ssh);
    const bool waiting =
        (!server && c.server_head.size() < longest_line) || (!client && c.client_head.size() < longest_line);
    if (waiting && !c.closing) return;
    if (server) findings.hint(c.server, "ssh", "banner", *server);
    if (client) findings.hint(c.client, "ssh", "client-banner", *client);
    findings.finished();
}

/// FTP and SMTP both greet with 220: the port tells them apart, or the client's first command.
std::string_view service_of(const Conversation& c) {
    const auto port = c.server.port.number;
    if (port == 21 || port == 2121) return "ftp";
    if (port == 25 || port == 587 || port == 2525) return "smtp";
    const auto command = LineReader{c.client_head.substr(0, longest_line)}.next();
    if (!command) return {};
    if (starts_with_text(command->text, "EHLO") || starts_with_text(command->text, "HELO")) return "smtp";
    const bool ftp = starts_with_text(command->text, "USER ") || starts_with_text(command->text, "AUTH ") ||
                     same_text(command->text, "FEAT") || same_text(command->text, "SYST");
    return ftp ? "ftp" : "other";
}

void read_greeting(const Conversation& c, Findings& findings) {
    const auto line = first_line(c.server_head, "220");
    const auto service = service_of(c);
    if (line && service.empty() && !c.closing) return;
    if (line && line->size() > 4 && (service == "ftp" || service == "smtp"))
        findings.hint(c.server, service, "banner", line->substr(4));
    if (line || c.server_head.size() >= longest_line) findings.finished();
}

/// Lines become one; blanks beside each other too.
std::string in_one_line(std::string_view text) {
    constexpr std::size_t enough = 255;
    std::string line;
    for (const char c : text) {
        const bool blank = static_cast<unsigned char>(c) <= ' ';
        if (blank && (line.empty() || line.back() == ' ')) continue;
        line += blank ? ' ' : c;
        if (line.size() == enough) break;
    }
    while (line.ends_with(' ')) line.pop_back();
    return line;
}

void read_telnet(const Conversation& c, Findings& findings) {
    const TelnetStream client{c.client_head};
    if (client.text().empty()) return;
    const TelnetStream server{c.server_head};
    const auto before = server.text_within(server_bytes_before(c, client.raw_offset(0)));
    findings.hint(c.server, "telnet", "banner", in_one_line(server.text().substr(0, before)));
    findings.finished();
}

void inspect(const Conversation& c, Findings& findings) {
    if (c.server_head.starts_with(ssh) || c.client_head.starts_with(ssh)) return read_ssh(c, findings);
    if (c.server_head.starts_with("220")) return read_greeting(c, findings);
    if (is_telnet(c) && !c.server_head.empty()) read_telnet(c, findings);
}

}  // namespace

const StreamDissector banner{"banner", wants, inspect};

}  // namespace linnet
