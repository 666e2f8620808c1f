// Telnet: who typed which name and password at a prompt, and what came of it.
//
// A line that the client typed answers a prompt when that prompt was the last thing the server had written at the moment the
// line began (Conversation::turns). What the server wrote after the password decides: a sentence of refusal at once; a
// prompt, where the server rested on it, that is, where the client's next byte came or the conversation ended.
#include "sensor/ascii_text.hpp"
#include "sensor/dissectors.hpp"
#include "telnet_stream.hpp"

#include <array>
#include <optional>

namespace linnet {
namespace {

enum class Prompt : std::uint8_t { none, login, password, shell };

constexpr std::array<std::string_view, 13> login_words{"login",        "login as", "username",   "user name", "user",
                                                       "login name",   "user id",  "userid",     "account",   "benutzer",
                                                       "benutzername", "usuario",  "utilisateur"};
constexpr std::array<std::string_view, 9> password_words{"password", "passwd",     "passwort", "kennwort",    "passcode",
                                                         "pass",     "contraseña", "senha",    "mot de passe"};
constexpr std::array<std::string_view, 19> refusals{"login incorrect",
                                                    "login failed",
                                                    "login failure",
                                                    "login invalid",
                                                    "logon failure",
                                                    "logon failed",
                                                    "invalid login",
                                                    "invalid password",
                                                    "invalid user",
                                                    "incorrect password",
                                                    "wrong password",
                                                    "bad password",
                                                    "access denied",
                                                    "permission denied",
                                                    "authentication failed",
                                                    "authentication failure",
                                                    "error in authentication",
                                                    "could not log you in",
                                                    "not authorized"};
constexpr std::array<std::string_view, 3> welcomes{"last login:", "last failed login:", "login successful"};

/// Ends with one of the words, and the word does not go on to the left.
template <std::size_t Count>
bool ends_with_word(std::string_view text, const std::array<std::string_view, Count>& words) {
    for (const auto word : words)
        if (ends_with_text(text, word) && (text.size() == word.size() || !is_letter(text[text.size() - word.size() - 1])))
            return true;
    return false;
}

template <std::size_t Count>
bool ends_with_any(std::string_view text, const std::array<std::string_view, Count>& phrases) {
    for (const auto phrase : phrases)
        if (ends_with_text(text, phrase)) return true;
    return false;
}

/// What the server waits for, from the line it has written last and not ended.
Prompt prompt_at_end(std::string_view text) {
    const auto line_begin = text.find_last_of("\r\n");
    if (line_begin != std::string_view::npos) text.remove_prefix(line_begin + 1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    if (text.empty()) return Prompt::none;
    const char last = text.back();
    if (last == '$' || last == '#' || last == '%' || last == '>') return Prompt::shell;
    if (last != ':') return Prompt::none;
    text = trimmed(text.substr(0, text.size() - 1));
    if (ends_with_any(text, std::array<std::string_view, 2>{"last login", "failed login"})) return Prompt::none;
    if (ends_with_word(text, login_words)) return Prompt::login;
    if (ends_with_word(text, password_words)) return Prompt::password;
    const auto owner = text.rfind(' ');  // "Password for admin:"
    if (owner != std::string_view::npos && ends_with_text(text.substr(0, owner), "password for")) return Prompt::password;
    return Prompt::none;
}

/// The lines that the client typed, with what it took back: backspace, DEL and ^U; ^C and ^D begin anew.
class TypedLines {
 public:
    explicit TypedLines(const TelnetStream& stream) : stream_{stream} {}

    /// Reads up to the next CR, LF, CR LF or CR NUL. The line is readable until the next call.
    bool next() {
        typed_.clear();
        skip_rest_of_newline();
        const auto text = stream_.text();
        if (at_ < text.size()) begin_ = stream_.raw_offset(at_);
        for (; at_ < text.size(); ++at_) {
            if (text[at_] == '\r' || text[at_] == '\n') {
                after_cr_ = text[at_] == '\r';
                end_ = stream_.raw_offset(at_++);
                return true;
            }
            type(text[at_]);
        }
        return false;
    }
    [[nodiscard]] std::string_view typed() const { return typed_.view(); }
    [[nodiscard]] std::size_t begin() const { return begin_; }  ///< raw offset of the first byte
    [[nodiscard]] std::size_t end() const { return end_; }      ///< raw offset of the byte that ends the line

 private:
    void skip_rest_of_newline() {
        const auto text = stream_.text();
        if (after_cr_ && at_ < text.size() && (text[at_] == '\n' || text[at_] == '\0')) ++at_;
        after_cr_ = false;
    }
    void type(char c) {
        if (c == '\b' || c == '\x7F')
            typed_.pop_back();
        else if (c == '\x15' || c == '\x03' || c == '\x04')
            typed_.clear();
        else if (static_cast<unsigned char>(c) >= ' ')
            typed_.push_back(c);
    }

    const TelnetStream& stream_;
    WipedText typed_;
    std::size_t at_ = 0, begin_ = 0, end_ = 0;
    bool after_cr_ = false;
};

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

/// Nothing while it can still become either.
std::optional<Outcome> outcome_after(const Conversation& c, const TelnetStream& server, std::size_t line_end) {
    const std::size_t begin = server.text_within(server_bytes_before(c, line_end));
    const auto answer = server.text().substr(begin);
    auto turn = c.turns.begin();
    const bool ends_here = c.closing && c.server_head.size() < Conversation::head_size;
    const auto rest_after = [&](std::size_t length) {  // where the server next fell silent, in `answer`
        while (turn != c.turns.end() && server.text_within(turn->server) <= begin + length) ++turn;
        if (turn != c.turns.end() && turn->server <= c.server_head.size()) return server.text_within(turn->server) - begin;
        return ends_here ? answer.size() : answer.size() + 1;
    };
    std::size_t rest = rest_after(0);
    for (std::size_t n = 1; n <= answer.size(); ++n) {
        const auto so_far = answer.substr(0, n);
        if (ends_with_any(so_far, refusals)) return Outcome::failure;
        if (ends_with_any(so_far, welcomes)) return Outcome::success;
        if (n != rest) continue;
        const Prompt prompt = prompt_at_end(so_far);
        if (prompt == Prompt::shell) return Outcome::success;
        if (prompt != Prompt::none) return Outcome::failure;
        rest = rest_after(n);
    }
    return c.closing ? std::optional{Outcome::unknown} : std::nullopt;
}

bool wants(const Conversation& c) {
    return is_telnet_port(c) || c.app_proto == "telnet" || starts_negotiation(c.server_head) ||
           starts_negotiation(c.client_head);
}

void inspect(const Conversation& c, Findings& findings) {
    const TelnetStream client{c.client_head}, server{c.server_head};
    if (!is_session(c, client)) return;
    findings.app_proto("telnet");

    WipedText user;
    std::size_t answered = 0;  // how much the server had written at the prompt that was answered last
    for (TypedLines lines{client}; lines.next();) {
        const std::size_t written = server.text_within(server_bytes_before(c, lines.begin()));
        if (written == answered) continue;  // typed ahead: whether and by whom it is read is not known
        const Prompt prompt = prompt_at_end(server.text().substr(0, written));
        if (prompt != Prompt::login && prompt != Prompt::password) continue;
        answered = written;
        if (prompt == Prompt::login) {
            user.assign(lines.typed());
            continue;
        }
        const auto outcome = outcome_after(c, server, lines.end());
        findings.login(Service::telnet, user.view(), lines.typed(), outcome.value_or(Outcome::unknown));
        if (!outcome) return;
    }
}

}  // namespace

const StreamDissector telnet_login{"telnet-login", wants, inspect};

}  // namespace linnet
