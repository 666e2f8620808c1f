// Bytes as hexadecimal text, two digits each.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace linnet {

/// Of at most the first 127 bytes: as much as an event's text holds.
inline std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char c : bytes.substr(0, 127)) {
        const auto byte = static_cast<unsigned char>(c);
        text += digits[byte >> 4U];
        text += digits[byte & 0x0FU];
    }
    return text;
}

}  // namespace linnet
