#include "toml_guard.hpp"

#include <algorithm>

namespace linnet {
namespace {

class Scan {
 public:
    Scan(std::string_view text, const TomlLimits& limits) : text_{text}, limits_{limits} {}

    std::optional<TomlFault> run() {
        constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
        if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
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
            case '\'': skip_string(c); break;
            case '[':
            case '{': open(c); break;
            case ']':
            case '}': close(); break;
            case '=': end_name(); break;
            case ',': count(values_, limits_.values, "too many values"); break;
            case '.':
                if (++dots_ >= limits_.parts) reason_ = "a name has too many parts";
                break;
            default:
                if (static_cast<unsigned char>(c) >= 0x80)
                    reason_ = "a letter that is not ASCII stands outside of quotation marks";
        }
        if (c == ',') dots_ = 0;
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') line_is_blank_ = false;
    }

    void next_line() {
        ++line_;
        line_is_blank_ = true;
        dots_ = 0;
    }

    void open(char bracket) {
        in_head_ = bracket == '[' && line_is_blank_ && depth_ == 0;
        if (in_head_) count(sections_, limits_.sections, "too many sections");
        count(values_, limits_.values, "too many values");
        if (++depth_ > limits_.depth) reason_ = "too many brackets inside each other";
        dots_ = 0;
    }

    void close() {
        if (depth_ > 0) --depth_;
        if (in_head_) end_name();
        in_head_ = false;
        dots_ = 0;
    }

    void end_name() {
        count(values_, limits_.values, "too many values");
        if (dots_ > 0) count(dotted_, limits_.dotted, "too many names with dots");
        dots_ = 0;
    }

    void count(std::size_t& counter, std::size_t most, const char* reason) {
        if (++counter > most) reason_ = reason;
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
            if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
        }
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
            if (quote == '"' && c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') ++at_;
        }
    }

    std::string_view text_;
    TomlLimits limits_;
    std::size_t at_ = 0, line_ = 1;
    std::size_t values_ = 0, dotted_ = 0, sections_ = 0;
    unsigned depth_ = 0, dots_ = 0;
    bool line_is_blank_ = true, in_head_ = false;
    std::string reason_;
};

}  // namespace

std::optional<TomlFault> find_toml_fault(std::string_view text, const TomlLimits& limits) {
    return Scan{text, limits}.run();
}

}  // namespace linnet
