// IRC: the connection password, PASS, of whoever gives the nickname with NICK (RFC 2812, section 3.1); OPER (section 3.1.4);
// SASL PLAIN (IRCv3, sasl-3.1); and the password that services are told in a message: NickServ IDENTIFY, and AUTH or LOGIN
// to the services of QuakeNet and Undernet. After STARTTLS (IRCv3, tls) nothing can be read.
#include "sasl.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/line_reader.hpp"

#include <algorithm>
#include <initializer_list>

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

struct Numerics {
    std::string_view good;
    std::initializer_list<std::string_view> bad;
};

/// The first message behind `from` with one of these commands.
Outcome outcome_by(std::string_view server, std::size_t from, const Numerics& numerics) {
    for (LineReader lines{server, from}; const auto line = lines.next();) {
        auto text = line->text;
        if (text.starts_with('@')) take_word(text);  // IRCv3 message tags
        if (text.starts_with(':')) take_word(text);  // who says it
        const auto command = take_word(text);
        if (command == numerics.good) return Outcome::success;
        if (std::find(numerics.bad.begin(), numerics.bad.end(), command) != numerics.bad.end()) return Outcome::failure;
    }
    return Outcome::unknown;
}

/// What services answer is a sentence for people, in any language: only RPL_LOGGEDIN is for programs.
const Numerics registration{"001", {"464", "ERROR"}}, operating{"381", {"464", "491"}},
    sasl_done{"903", {"902", "904", "905", "906", "908"}}, services_done{"900", {}};

struct Credential {
    std::string_view user, secret;
};

/// IDENTIFY [account] password
std::optional<Credential> identify(std::string_view text, std::string_view nickname) {
    if (!same_text(take_word(text), "IDENTIFY") || text.empty()) return std::nullopt;
    const auto first = take_word(text);
    return text.empty() ? Credential{nickname, first} : Credential{first, take_word(text)};
}

/// What a line tells services about who one is.
std::optional<Credential> told_to_services(std::string_view line, std::string_view nickname) {
    const auto command = take_word(line);
    if (same_text(command, "NICKSERV") || same_text(command, "NS")) return identify(without_colon(line), nickname);
    if (!same_text(command, "PRIVMSG") && !same_text(command, "SQUERY")) return std::nullopt;
    const auto target = take_word(line);
    auto text = without_colon(line);
    const auto service = target.substr(0, target.find('@'));
    if (same_text(service, "NickServ")) return identify(text, nickname);
    const auto verb = take_word(text);
    const bool signs_in = (same_text(target, "Q@CServe.quakenet.org") && same_text(verb, "AUTH")) ||
                          (same_text(target, "X@channels.undernet.org") && same_text(verb, "LOGIN"));
    const auto user = take_word(text);
    return signs_in && !text.empty() ? std::optional{Credential{user, take_word(text)}} : std::nullopt;
}

/// The lines of one client, in order, and what is known of it.
class Client {
 public:
    Client(const Conversation& c, Findings& findings) : c_{c}, findings_{findings} {}

    /// False where nothing behind the line can be read (until more has arrived).
    bool read(const Line& line) {
        if (same_text(line.text, "STARTTLS")) return false;
        if (const auto name = argument_of("NICK", line.text); name && nickname_.empty()) nickname_ = without_colon(*name);
        if (const auto pass = argument_of("PASS", line.text); pass && !registered_) secret_ = without_colon(*pass);
        if (!registered_ && !nickname_.empty() && !secret_.empty()) {
            registered_ = true;
            return report(nickname_, secret_, outcome_by(c_.server_head, 0, registration));
        }
        if (const auto argument = argument_of("AUTHENTICATE", line.text)) return read_sasl_line(*argument, line.end);
        if (auto oper = argument_of("OPER", line.text)) {
            const auto user = take_word(*oper);
            return oper->empty() || report(user, without_colon(*oper), outcome_after(line.end, operating));
        }
        const auto told = told_to_services(line.text, nickname_);
        return !told || report(told->user, told->secret, outcome_after(line.end, services_done));
    }

 private:
    bool read_sasl_line(std::string_view argument, std::size_t line_end) {
        SaslCredential credential;
        if (!plain_) {
            plain_ = same_text(argument, "PLAIN");
            return true;
        }
        plain_ = false;
        if (!decode_sasl_plain(argument, credential)) return true;
        return report(credential.user.view(), credential.secret.view(), outcome_after(line_end, sasl_done));
    }
    [[nodiscard]] Outcome outcome_after(std::size_t line_end, const Numerics& numerics) const {
        return outcome_by(c_.server_head, server_bytes_before(c_, line_end - 1), numerics);
    }
    bool report(std::string_view user, std::string_view secret, Outcome outcome) {
        findings_.login(Service::irc, user, secret, outcome);
        return outcome != Outcome::unknown || c_.closing;
    }

    const Conversation& c_;
    Findings& findings_;
    std::string_view nickname_, secret_;
    bool registered_ = false, plain_ = false;
};

void inspect(const Conversation& c, Findings& findings) {
    Client client{c, findings};
    for (LineReader lines{c.client_head}; const auto line = lines.next();)
        if (!client.read(*line)) return;
}

}  // namespace

const StreamDissector irc_login{"irc-login", wants, inspect};

}  // namespace linnet
