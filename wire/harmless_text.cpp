#include "harmless_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace linnet {
namespace {

struct Range {
    char32_t first, last;
};
/// In ascending order.
constexpr Range harmful[] = {
    {0x00, 0x1F},       {0x7F, 0x9F},                          // controls
    {0xAD, 0xAD},       {0x034F, 0x034F},   {0x0600, 0x0605},  // soft hyphen, grapheme joiner, Arabic number signs
    {0x061C, 0x061C},   {0x06DD, 0x06DD},   {0x070F, 0x070F},  // Arabic letter mark, end of ayah, Syriac abbreviation
    {0x115F, 0x1160},   {0x17B4, 0x17B5},   {0x180B, 0x180F},  // Hangul fillers, Khmer inherent vowels, Mongolian selectors
    {0x200B, 0x200B},   {0x200E, 0x200F},   {0x2028, 0x202E},  // no width, direction marks, line breaks, overrides
    {0x2060, 0x206F},   {0x2800, 0x2800},   {0x3164, 0x3164},  // invisible operators and isolates, blank Braille, filler
    {0xD800, 0xDFFF},   {0xFDD0, 0xFDEF},   {0xFEFF, 0xFEFF},  // surrogates, no characters, byte order mark
    {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},  // filler, annotations, no characters
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD}, {0x13430, 0x1343F},
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF},  // tags, private planes
};

}  // namespace

Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return {1, lead, true};
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : (lead & 0xF0) == 0xE0        ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || text.size() < length) return {};
    char32_t point = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        point = point << 6 | (byte(i) & 0x3FU);
    }
    constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (point < least.at(length) || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return {};
    return {length, point, true};
}

bool is_harmless(char32_t point) {
    if (point >= 0x20 && point < 0x7F) return true;
    if ((point & 0xFFFE) == 0xFFFE) return false;  // the last two of each plane
    const auto* range = std::lower_bound(std::begin(harmful), std::end(harmful), point,
                                         [](const Range& each, char32_t wanted) { return each.last < wanted; });
    return range == std::end(harmful) || point < range->first;
}

bool is_harmless(std::string_view text) {
    while (!text.empty()) {
        const Character character = first_character(text);
        if (!character.valid || !is_harmless(character.point)) return false;
        text.remove_prefix(character.length);
    }
    return true;
}

std::string escaped_json(std::string&& json) {
    // Controls below U+0020 are escaped in JSON, so that only deletion and characters of several bytes are left to look at.
    const auto first = std::find_if(json.begin(), json.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x7F; });
    if (first == json.end()) return std::move(json);
    std::string out{json.begin(), first};
    std::string_view rest{json};
    rest.remove_prefix(out.size());
    while (!rest.empty()) {
        const Character character = first_character(rest);
        const auto point = static_cast<std::uint32_t>(character.point);
        if (!character.valid || is_harmless(character.point))
            out += rest.substr(0, character.length);
        else if (point < 0x10000)
            out += fmt::format("\\u{:04x}", point);
        else
            out += fmt::format("\\u{:04x}\\u{:04x}", 0xD7C0 + (point >> 10), 0xDC00 + (point & 0x3FF));
        rest.remove_prefix(character.length);
    }
    return out;
}

}  // namespace linnet
