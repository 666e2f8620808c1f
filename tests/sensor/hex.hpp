// Bytes as the specifications print them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace linnet::test {

/// Blanks are for the reader.
inline std::vector<std::byte> from_hex(std::string_view text) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string digits;
    for (const char c : text)
        if (c != ' ') digits += c;
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes.push_back(static_cast<std::byte>(digit(digits[i]) * 16 + digit(digits[i + 1])));
    return bytes;
}

}  // namespace linnet::test
