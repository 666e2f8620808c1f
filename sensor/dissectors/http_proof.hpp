// Whether an HTTP or RTSP request shows who asks.
#pragma once

#include "http_message.hpp"
#include "sensor/ascii_text.hpp"

#include <algorithm>
#include <array>

namespace linnet {

/// Something in it that not everybody knows: a field of credentials, or a password or token in the address.
inline bool shows_who_asks(const HttpMessage& request) {
    constexpr std::array<std::string_view, 4> words{"pass", "pwd", "token", "auth"};
    const auto line = request.start_line;
    const auto contains = [line](std::string_view word) {
        return std::search(line.begin(), line.end(), word.begin(), word.end(),
                           [](char a, char b) { return ascii_lower(a) == b; }) != line.end();
    };
    return http_field(request, "Authorization") || http_field(request, "Cookie") ||
           std::any_of(words.begin(), words.end(), contains);
}

}  // namespace linnet
