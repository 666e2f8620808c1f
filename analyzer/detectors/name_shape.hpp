// What a domain name looks like: made by a person or made up by a program.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace linnet {

/// What somebody has registered: the last two labels, or three where the two are of the kind of "co.uk".
inline std::string_view registered_domain(std::string_view name) {
    std::array<std::size_t, 3> starts{0, 0, 0};  // of the last, the last two and the last three labels
    std::size_t end = name.size();
    for (auto& start : starts) {
        const auto dot = end == 0 ? std::string_view::npos : name.rfind('.', end - 1);
        start = dot == std::string_view::npos ? 0 : dot + 1;
        end = start == 0 ? 0 : dot;
    }
    const std::size_t last = name.size() - starts[0];
    const bool short_pair = last == 2 && starts[0] > starts[1] && starts[0] - starts[1] <= 4;
    return name.substr(short_pair ? starts[2] : starts[1]);
}

/// A rule of thumb: ten letters or more that nobody can pronounce, or letters and digits in turn. Names put together from
/// words look like words.
inline bool looks_made_up(std::string_view label) {
    constexpr std::size_t shortest = 10;
    std::size_t vowels = 0, letters = 0, run = 0, longest_run = 0, turns = 0;
    char before = '\0';
    for (const char c : label) {
        const bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'z';
        const bool vowel = std::string_view{"aeiouy"}.find(c) != std::string_view::npos;
        letters += letter ? 1 : 0;
        vowels += vowel ? 1 : 0;
        run = letter && !vowel ? run + 1 : 0;
        longest_run = std::max(longest_run, run);
        const bool was_digit = before >= '0' && before <= '9';
        turns += before != '\0' && digit != was_digit ? 1 : 0;
        before = c;
    }
    return label.size() >= shortest && (longest_run >= 5 || turns >= 3 || (letters >= shortest && vowels * 5 < letters));
}

}  // namespace linnet
