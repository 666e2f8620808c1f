#include "json_texts.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace linnet {
namespace {

void append_utf8(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0U | code >> 6U);
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0U | code >> 12U);
        out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xF0U | code >> 18U);
        out += static_cast<char>(0x80U | (code >> 12U & 0x3FU));
        out += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
        out += static_cast<char>(0x80U | (code & 0x3FU));
    }
}

/// The four digits behind "\u" at the beginning of `text`; nothing where there are none.
std::optional<std::uint32_t> escaped_unit(std::string_view text) {
    if (!text.starts_with("\\u") || text.size() < 6) return std::nullopt;
    std::uint32_t unit = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
    return error == std::errc{} && end == text.data() + 6 ? std::optional{unit} : std::nullopt;
}

char plain_escape(char letter) {
    switch (letter) {
        case 'b': return '\b';
        case 'f': return '\f';
        case 'n': return '\n';
        case 'r': return '\r';
        case 't': return '\t';
        default: return letter;
    }
}

}  // namespace

void JsonTexts::skip_blanks() { at_ = std::min(document_.find_first_not_of(" \t\r\n", at_), document_.size()); }

std::optional<std::string_view> JsonTexts::quoted() {
    const auto begin = at_;
    while (true) {
        at_ = document_.find_first_of("\"\\", at_);
        if (at_ >= document_.size()) break;
        if (document_[at_] == '"') return document_.substr(begin, at_++ - begin);
        at_ += 2;
    }
    at_ = document_.size();
    return std::nullopt;
}

std::optional<JsonMember> JsonTexts::next() {
    while (true) {
        at_ = document_.find('"', std::min(at_, document_.size()));
        if (at_ == std::string_view::npos) break;
        ++at_;
        const auto name = quoted();
        skip_blanks();
        if (!name || at_ == document_.size()) break;
        if (document_[at_] != ':') continue;
        ++at_;
        skip_blanks();
        if (at_ == document_.size()) break;
        if (document_[at_] == '"') {
            ++at_;
            const auto value = quoted();
            if (!value) break;
            return JsonMember{*name, *value};
        }
        if (document_[at_] == '{' || document_[at_] == '[') continue;
        const auto end = document_.find_first_of(" \t\r\n,}]", at_);
        if (end == std::string_view::npos) break;
        const auto value = document_.substr(at_, end - at_);
        at_ = end;
        return JsonMember{*name, value};
    }
    at_ = document_.size();
    return std::nullopt;
}

std::string json_text(std::string_view written) {
    constexpr std::size_t most = 1024;
    std::string text;
    while (!written.empty() && text.size() < most) {
        if (written.front() != '\\' || written.size() < 2) {
            text += written.front();
            written.remove_prefix(1);
            continue;
        }
        auto unit = escaped_unit(written);
        if (!unit) {
            text += plain_escape(written[1]);
            written.remove_prefix(2);
            continue;
        }
        written.remove_prefix(6);
        const auto low = escaped_unit(written);
        if (*unit >= 0xD800 && *unit < 0xDC00 && low && *low >= 0xDC00 && *low < 0xE000) {
            unit = 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00);
            written.remove_prefix(6);
        }
        append_utf8(text, *unit);
    }
    return text;
}

}  // namespace linnet
