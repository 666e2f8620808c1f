// Base64 (RFC 4648, section 4), strict: whole groups of four, padding only at the end, nothing else in between.
#pragma once

#include "wiped_text.hpp"

#include <cstdint>
#include <string_view>

namespace linnet {

constexpr int base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    return c == '/' ? 63 : -1;
}

/// False where `text` is not base64; `out` is then meaningless.
inline bool decode_base64(std::string_view text, WipedText& out) {
    out.clear();
    if (text.size() % 4 != 0) return false;
    std::size_t padding = 0;
    while (padding < 2 && text.ends_with('=')) {
        text.remove_suffix(1);
        ++padding;
    }
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : text) {
        const int value = base64_value(c);
        if (value < 0) return false;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<char>(bits >> held & 0xFF));
    }
    return true;
}

}  // namespace linnet
