#include "typed_login.hpp"

#include "sensor/ascii_text.hpp"

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
    TypedLines(const TelnetStream& stream, std::size_t from) : stream_{stream}, at_{stream.text_within(from)} {}

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
    std::size_t at_, begin_ = 0, end_ = 0;
    bool after_cr_ = false;
};

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

/// "Username>" asks for a name, although it ends like a prompt for commands.
bool asks_who(std::string_view line) {
    line.remove_prefix(line.find_last_of("\r\n") + 1);  // npos + 1 is 0
    while (!line.empty() && !is_letter(line.back())) line.remove_suffix(1);
    return ends_with_word(line, login_words) || ends_with_word(line, password_words);
}

TypedSession::Start start_at(Prompt prompt, std::string_view written, std::optional<Outcome> answer) {
    using Start = TypedSession::Start;
    if (prompt == Prompt::login || prompt == Prompt::password) return Start::at_login;
    if (prompt != Prompt::shell || asks_who(written)) return Start::elsewhere;
    if (!answer) return Start::nothing_typed;
    return answer == Outcome::success ? Start::at_shell : Start::elsewhere;
}

}  // namespace

TypedSession read_typed_logins(const Conversation& c, Service service, const TelnetStream& client,
                               const TelnetStream& server, std::size_t from, std::string_view user, Findings& findings) {
    TypedSession session;
    bool started = false;
    WipedText name;
    name.assign(user);
    std::size_t answered = 0;  // how much the server had written at the prompt that was answered last
    for (TypedLines lines{client, from}; lines.next();) {
        const std::size_t written = server.text_within(server_bytes_before(c, lines.begin()));
        if (written == answered) continue;  // typed ahead: whether and by whom it is read is not known
        const auto before = server.text().substr(0, written);
        const Prompt prompt = prompt_at_end(before);
        if (!started && (!lines.typed().empty() || prompt != Prompt::none)) {
            started = true;
            const bool shell = prompt == Prompt::shell;
            session.start = start_at(prompt, before, shell ? outcome_after(c, server, lines.end()) : std::nullopt);
        }
        if (prompt != Prompt::login && prompt != Prompt::password) continue;
        answered = written;
        if (prompt == Prompt::login) {
            name.assign(lines.typed());
            continue;
        }
        const auto outcome = outcome_after(c, server, lines.end());
        findings.login(service, name.view(), lines.typed(), outcome.value_or(Outcome::unknown));
        ++session.logins;
        if (!outcome) break;
    }
    return session;
}

}  // namespace linnet
