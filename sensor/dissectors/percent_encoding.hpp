// Percent-encoding, as URLs and forms have it.
#pragma once

#include "sensor/ascii_text.hpp"
#include "wiped_text.hpp"

#include <cstddef>
#include <string_view>

namespace linnet {

inline int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// The URL standard's application/x-www-form-urlencoded parser.
inline void decode_percent(std::string_view text, WipedText& out) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            out.push_back(static_cast<char>(high << 4 | low));
            i += 2;
        } else {
            out.push_back(text[i] == '+' ? ' ' : text[i]);
        }
    }
}

}  // namespace linnet
