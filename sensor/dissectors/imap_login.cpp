// IMAP (RFC 9051): LOGIN with atoms, quoted strings and literals; AUTHENTICATE PLAIN and LOGIN. After STARTTLS nothing can
// be read.
#include "sasl.hpp"
#include "sensor/dissectors.hpp"

#include <charconv>

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    return c.server.port.number == 143 || c.app_proto == "imap" || c.server_head.starts_with("* OK") ||
           c.server_head.starts_with("* PREAUTH");
}

/// The length in "{12}" or "{12+}" at the end of a line; then so many bytes follow the line, and the command goes on.
std::optional<std::size_t> literal_length(std::string_view line) {
    const auto open = line.rfind('{');
    if (open == std::string_view::npos || !line.ends_with('}')) return std::nullopt;
    std::size_t length = 0;
    const auto digits = line.substr(open + 1, line.size() - open - 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    const std::string_view rest{end, static_cast<std::size_t>(digits.data() + digits.size() - end)};
    return error == std::errc{} && (rest.empty() || rest == "+") ? std::optional{length} : std::nullopt;
}

/// A command's arguments, which may go on behind literals.
class Arguments {
 public:
    Arguments(std::string_view line, std::string_view client_head, LineReader& client)
        : line_{line}, head_{client_head}, client_{client} {}

    /// An astring (RFC 9051, section 9): atom, quoted string or literal. False where there is none (yet).
    bool read(WipedText& out) {
        out.clear();
        line_ = trimmed(line_);
        if (line_.starts_with('"')) return read_quoted(out);
        if (line_.starts_with('{')) return read_literal(out);
        const auto atom = take_word(line_);
        out.assign(atom);
        return !atom.empty();
    }
    [[nodiscard]] bool at_end() const { return trimmed(line_).empty(); }

 private:
    bool read_quoted(WipedText& out) {
        for (std::size_t i = 1; i < line_.size(); ++i) {
            if (line_[i] == '"') {
                line_.remove_prefix(i + 1);
                return true;
            }
            if (line_[i] == '\\') ++i;
            if (i < line_.size()) out.push_back(line_[i]);
        }
        return false;
    }
    bool read_literal(WipedText& out) {
        const auto length = literal_length(line_);
        const std::size_t begin = client_.offset();
        if (!length || *length > head_.size() - begin) return false;
        out.assign(head_.substr(begin, *length));
        client_.move_to(begin + *length);
        const auto rest = client_.next();
        if (rest) line_ = rest->text;
        return rest.has_value();
    }

    std::string_view line_;
    std::string_view head_;
    LineReader& client_;
};

/// What the server says to the command with this tag: "tag OK", "tag NO", "tag BAD", or "+ " to make it go on.
class TaggedAnswers {
 public:
    TaggedAnswers(const Conversation& c, std::string_view tag) : c_{c}, tag_{tag} {}
    std::optional<Answer> to(std::size_t line_end) {
        LineReader lines{c_.server_head, std::max(answered_, server_bytes_before(c_, line_end - 1))};
        while (const auto line = lines.next()) {
            auto text = line->text;
            const auto first = take_word(text);
            if (first != tag_ && first != "+") continue;
            answered_ = line->end;
            if (first == "+") return Answer::go_on;
            return same_text(take_word(text), "OK") ? Answer::accepted : Answer::refused;
        }
        return std::nullopt;
    }

 private:
    const Conversation& c_;
    std::string_view tag_;
    std::size_t answered_ = 0;
};

/// False where nothing behind the command can be read (until more has arrived).
bool read_login(const Conversation& c, std::string_view arguments, std::string_view tag, LineReader& client,
                Findings& findings) {
    Arguments reader{arguments, c.client_head, client};
    WipedText user, secret;
    if (!reader.read(user) || !reader.read(secret) || !reader.at_end()) return false;
    TaggedAnswers answers{c, tag};
    auto answer = answers.to(client.offset());
    while (answer == Answer::go_on) answer = answers.to(client.offset());
    findings.login(Service::imap, user.view(), secret.view(), outcome_of(answer));
    return answer || c.closing;
}

/// The same for commands that do not matter.
bool skip_literals(std::string_view line, std::string_view head, LineReader& client) {
    for (auto length = literal_length(line); length; length = literal_length(line)) {
        if (*length > head.size() - client.offset()) return false;
        client.move_to(client.offset() + *length);
        const auto rest = client.next();
        if (!rest) return false;
        line = rest->text;
    }
    return true;
}

void inspect(const Conversation& c, Findings& findings) {
    for (LineReader client{c.client_head}; const auto line = client.next();) {
        auto arguments = line->text;
        const auto tag = take_word(arguments);
        const auto command = take_word(arguments);
        bool go_on = true;
        if (same_text(command, "LOGIN")) {
            go_on = read_login(c, arguments, tag, client, findings);
        } else if (same_text(command, "AUTHENTICATE")) {
            TaggedAnswers answers{c, tag};
            go_on = read_auth(c, Service::imap, arguments, line->end, client, answers, findings);
        } else if (same_text(command, "STARTTLS")) {
            go_on = TaggedAnswers{c, tag}.to(line->end) == Answer::refused;
        } else {
            go_on = skip_literals(line->text, c.client_head, client);
        }
        if (!go_on) return;
    }
}

}  // namespace

const StreamDissector imap_login{"imap-login", wants, inspect};

}  // namespace linnet
