// Replies that begin with three digits: FTP (RFC 959, section 4.2) and SMTP (RFC 5321, section 4.2).
#pragma once

#include "sensor/ascii_text.hpp"
#include "sensor/line_reader.hpp"

#include <optional>
#include <string_view>

namespace linnet {

constexpr bool starts_with_code(std::string_view line) {
    return line.size() >= 3 && is_digit(line[0]) && is_digit(line[1]) && is_digit(line[2]);
}

constexpr int code_value(std::string_view code) { return (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0'); }

struct Reply {
    int code = 0;
    std::size_t end = 0;  ///< offset behind it; beyond everything while the rest of its lines is missing
};

/// The first reply at or behind `from`. "230-" begins one of several lines, which ends with "230 "; its first line already
/// says what it means. Lines without a code stand for nothing.
inline std::optional<Reply> next_reply(std::string_view server, std::size_t from) {
    LineReader lines{server, from};
    std::string_view first;  // the code of the first line
    while (const auto line = lines.next()) {
        const auto text = line->text;
        if (!starts_with_code(text)) continue;
        const auto code = text.substr(0, 3);
        if (first.empty()) first = code;
        const bool goes_on = text.size() > 3 && text[3] == '-';
        if (!goes_on && code == first) return Reply{code_value(first), line->end};
    }
    if (first.empty()) return std::nullopt;
    return Reply{code_value(first), std::string_view::npos};
}

}  // namespace linnet
