// IRC (RFC 2812, section 3.1): the connection password, PASS, of whoever gives the nickname with NICK.
#include "sensor/ascii_text.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/line_reader.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    const auto port = c.server.port.number;
    if ((port >= 6660 && port <= 6669) || c.app_proto == "irc") return true;
    return c.client_head.starts_with("NICK ") || c.client_head.starts_with("PASS ") || c.client_head.starts_with("CAP ");
}

std::string_view without_colon(std::string_view parameter) {
    if (parameter.starts_with(':')) parameter.remove_prefix(1);
    return parameter;
}

/// RPL_WELCOME, or ERR_PASSWDMISMATCH and whatever else ends the registration.
Outcome registration_outcome(std::string_view server) {
    for (LineReader lines{server}; const auto line = lines.next();) {
        auto text = line->text;
        if (text.starts_with('@')) take_word(text);  // IRCv3 message tags
        if (text.starts_with(':')) take_word(text);  // who says it
        const auto command = take_word(text);
        if (command == "001") return Outcome::success;
        if (command == "464" || command == "ERROR") return Outcome::failure;
    }
    return Outcome::unknown;
}

void inspect(const Conversation& c, Findings& findings) {
    std::string_view nickname, secret;
    for (LineReader client{c.client_head}; const auto line = client.next();) {
        if (const auto name = argument_of("NICK", line->text); name && nickname.empty()) nickname = without_colon(*name);
        if (const auto pass = argument_of("PASS", line->text)) secret = without_colon(*pass);
        if (nickname.empty() || secret.empty()) continue;
        findings.login(Service::irc, nickname, secret, registration_outcome(c.server_head));
        return;
    }
}

}  // namespace

const StreamDissector irc_login{"irc-login", wants, inspect};

}  // namespace linnet
