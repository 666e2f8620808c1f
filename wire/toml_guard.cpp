#include "toml_guard.hpp"

#include <algorithm>
#include <cstdint>

namespace linnet {
namespace {

class Scan {
 public:
    Scan(std::string_view text, const TomlLimits& limits) : text_{text}, limits_{limits} {}

    std::optional<TomlFault> run() {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (text_.starts_with(byte_order_mark)) at_ = begin_ = byte_order_mark.size();
        while (at_ < text_.size() && reason_.empty()) step();
        if (reason_.empty()) return std::nullopt;
        return TomlFault{line_, reason_};
    }

 private:
    void step() {
        const char c = text_[at_++];
        switch (c) {
            case '\n': next_line(); break;
            case '#': at_ = std::min(text_.find('\n', at_), text_.size()); break;
            case '"':
            case '\'': take_string(c); break;
            case '[':
            case '{': open(c); break;
            case ']':
            case '}': close(); break;
            case '=': equals(); break;
            case ',': comma(); break;
            case '.':
                if (++dots_ >= limits_.parts) reason_ = "a name has too many parts";
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x80)
                    reason_ = "a letter that is not ASCII stands outside of quotation marks";
        }
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') line_is_blank_ = false;
    }

    void next_line() {
        ++line_;
        line_is_blank_ = true;
        has_value_ = false;
        dots_ = 0;
    }

    // The next four keep to where TOML allows a sign. toml++ reads on from a wrong number to the next blank or comma,
    // whatever stands there: what looks like a text behind such a sign is none to it.

    void comma() {
        count(values_, limits_.values, "too many values");
        has_value_ = false;
        dots_ = 0;
    }

    void equals() {
        if (in_list() || has_value_) reason_ = "an equals sign stands where none can be";
        has_value_ = true;
        end_name();
    }

    void open(char bracket) {
        if (!is_behind(" \t\r\n=,[{")) reason_ = "a bracket stands in the middle of a word";
        lists_ = lists_ << 1 | (bracket == '[' ? 1U : 0U);
        has_value_ = false;
        in_head_ = bracket == '[' && line_is_blank_ && depth_ == 0;
        if (in_head_) count(sections_, limits_.sections, "too many sections");
        count(values_, limits_.values, "too many values");
        if (++depth_ > limits_.depth) reason_ = "too many brackets inside each other";
        dots_ = 0;
    }

    void close() {
        if (depth_ > 0) --depth_;
        lists_ >>= 1;
        has_value_ = true;
        if (in_head_) end_name();
        in_head_ = false;
        dots_ = 0;
    }

    void end_name() {
        count(values_, limits_.values, "too many values");
        if (dots_ > 0) count(dotted_, limits_.dotted, "too many names with dots");
        dots_ = 0;
    }

    /// Is the sign just taken the first of all, or the one before it one of these?
    [[nodiscard]] bool is_behind(std::string_view signs) const {
        return at_ - 1 == begin_ ? signs.front() == ' ' : signs.find(text_[at_ - 2]) != std::string_view::npos;
    }
    [[nodiscard]] bool in_list() const { return (lists_ & 1U) != 0; }

    void count(std::size_t& counter, std::size_t most, const char* reason) {
        if (++counter > most) reason_ = reason;
    }

    /// Behind a dot a quotation mark begins a text in a name, and none in a number.
    void take_string(char quote) {
        const std::size_t begin = at_;
        const bool behind_dot = is_behind(".");
        if (!behind_dot && !is_behind(" \t\r\n=,[{")) {
            reason_ = "a quotation mark stands in the middle of a word";
            return;
        }
        skip_string(quote);
        const auto inside = text_.substr(begin, at_ - begin);
        const auto foreign = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
        if (behind_dot && std::any_of(inside.begin(), inside.end(), foreign))
            reason_ = "a letter that is not ASCII stands behind a dot";
    }

    /// Behind the opening quotation mark. A string that does not end where it must ends here too: what follows is looked at.
    void skip_string(char quote) {
        const std::string_view rest = text_.substr(at_);
        const bool two_more = rest.size() >= 2 && rest[0] == quote && rest[1] == quote;
        if (two_more) {
            at_ += 2;
            skip_lines(quote);
            return;
        }
        for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
            if (text_[at_] == quote) {
                ++at_;
                return;
            }
            if (quote == '"' && text_[at_] == '\\') skip_escape();
        }
    }

    /// On a backslash: what it takes away the meaning of. Blanks and line ends behind it go away, up to the next letter.
    void skip_escape() {
        const auto next = text_.find_first_not_of(" \t\r\n", at_ + 1);
        if (next != std::string_view::npos && static_cast<unsigned char>(text_[next]) >= 0x80)
            reason_ = "a letter that is not ASCII stands behind a backslash";
        if (at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
    }

    /// Up to three quotation marks; one or two before them belong to the text.
    void skip_lines(char quote) {
        unsigned marks = 0;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == quote) {
                if (++marks == 5) {
                    ++at_;
                    return;
                }
                continue;
            }
            if (marks >= 3) return;
            marks = 0;
            if (c == '\n') ++line_;
            if (quote == '"' && c == '\\') skip_escape();
        }
    }

    std::string_view text_;
    TomlLimits limits_;
    std::size_t begin_ = 0, at_ = 0, line_ = 1;
    std::size_t values_ = 0, dotted_ = 0, sections_ = 0;
    unsigned depth_ = 0, dots_ = 0;
    std::uint64_t lists_ = 0;  ///< the open brackets, the innermost last: 1 = [
    bool line_is_blank_ = true, in_head_ = false;
    bool has_value_ = false;  ///< since the last name
    std::string reason_;
};

}  // namespace

std::optional<TomlFault> find_toml_fault(std::string_view text, const TomlLimits& limits) {
    return Scan{text, limits}.run();
}

}  // namespace linnet
