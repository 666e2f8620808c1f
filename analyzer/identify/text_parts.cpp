#include "text_parts.hpp"

#include <algorithm>

namespace linnet {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; }
/// Bytes above ASCII belong to words: they are letters of other alphabets.
bool is_word(char c) { return is_digit(c) || (small(c) >= 'a' && small(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80; }

bool is_between_pieces(char c) {
    return static_cast<unsigned char>(c) <= ' ' ||
           std::string_view{"/,;:\"'[]{}<>=|!?&*\\"}.find(c) != std::string_view::npos;
}

}  // namespace

std::string in_small_letters(std::string_view text) {
    std::string result{text};
    std::transform(result.begin(), result.end(), result.begin(), small);
    return result;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < text.size();) {
        if (!is_word(text[i])) {
            ++i;
            continue;
        }
        auto end = i;
        while (end < text.size() && is_word(text[end])) ++end;
        words.push_back(in_small_letters(text.substr(i, end - i)));
        i = end;
    }
    return words;
}

std::vector<std::string_view> pieces_of(std::string_view text) {
    std::vector<std::string_view> pieces;
    for (std::size_t i = 0; i < text.size();) {
        if (is_between_pieces(text[i])) {
            ++i;
            continue;
        }
        auto end = i;
        while (end < text.size() && !is_between_pieces(text[end])) ++end;
        pieces.push_back(text.substr(i, end - i));
        i = end;
    }
    return pieces;
}

std::string_view without_address(std::string_view text, const MacAddress& mac) {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::size_t least = 4;
    std::string address;
    for (const auto byte : mac.bytes) {
        address += digits[byte >> 4];
        address += digits[byte & 0x0f];
    }
    std::size_t matched = 0, kept = text.size();
    for (std::size_t i = text.size(); i > 0 && matched < address.size(); --i) {
        const char c = text[i - 1];
        if (c == ':' || c == '-' || c == '.') continue;
        if (small(c) != address[address.size() - 1 - matched]) break;
        ++matched;
        kept = i - 1;
    }
    // An odd digit more is chance: "…5" before the bytes.
    if (matched % 2 != 0 && kept < text.size()) {
        ++kept;
        --matched;
    }
    return mac.known() && matched >= least ? trimmed(text.substr(0, kept)) : trimmed(text);
}

std::string_view trimmed(std::string_view text) {
    const auto is_edge = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || std::string_view{"-_.,;:/\"'|="}.find(c) != std::string_view::npos;
    };
    while (!text.empty() && is_edge(text.front())) text.remove_prefix(1);
    const auto is_loose = [](std::string_view all) {
        const char c = all.back();
        return c == '(' || c == '[' || (c == ')' && all.find('(') == std::string_view::npos) ||
               (c == ']' && all.find('[') == std::string_view::npos);
    };
    while (!text.empty() && (is_edge(text.back()) || is_loose(text))) text.remove_suffix(1);
    return text;
}

}  // namespace linnet
