// ASCII comparisons that do not care for case, and words: what text protocols are made of. Independent of the locale.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace linnet {

constexpr char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z'; }
constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

constexpr bool same_text(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}
constexpr bool starts_with_text(std::string_view text, std::string_view start) {
    return text.size() >= start.size() && same_text(text.substr(0, start.size()), start);
}
constexpr bool ends_with_text(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && same_text(text.substr(text.size() - end.size()), end);
}

constexpr std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Takes the first word off `text`, with the blanks around it.
constexpr std::string_view take_word(std::string_view& text) {
    text = trimmed(text);
    const auto word = text.substr(0, std::min(text.find_first_of(" \t"), text.size()));
    text = trimmed(text.substr(word.size()));
    return word;
}

/// What follows `command` and one blank, exactly as it was sent; empty where nothing follows.
constexpr std::optional<std::string_view> argument_of(std::string_view command, std::string_view line) {
    if (!starts_with_text(line, command)) return std::nullopt;
    line.remove_prefix(command.size());
    if (line.empty()) return line;
    if (!is_blank(line.front())) return std::nullopt;
    return line.substr(1);
}

}  // namespace linnet
