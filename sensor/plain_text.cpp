#include "dissector.hpp"

#include <array>
#include <cstdint>

namespace linnet {
namespace {

constexpr std::size_t longest = 255;
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct Character {
    std::size_t length = 1;  ///< bytes taken
    std::uint32_t code = 0;  ///< meaningless where not valid
    bool valid = false;
};

/// The well-formed byte sequences of the Unicode standard, table 3-7: no overlong forms, no surrogates, nothing above
/// U+10FFFF.
Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    if (lead < 0x80) return {1, lead, true};
    const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                               : (lead & 0xF0) == 0xE0        ? 3
                               : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                              : 0;
    if (length == 0 || text.size() < length) return {};
    std::uint32_t code = lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        code = code << 6 | (byte(i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
    return {length, code, true};
}

bool is_control(std::uint32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }  // C0, DEL, C1

/// What reorders, breaks or hides the text around it: line separators, bidirectional controls, zero width, byte order mark.
bool is_deceptive(std::uint32_t code) {
    return code == 0x061C || (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

}  // namespace

std::string plain_text(std::string_view bytes) {
    std::string out;
    out.reserve(std::min(bytes.size(), longest));
    while (!bytes.empty()) {
        const Character c = first_character(bytes);
        const bool harmless = c.valid && !is_control(c.code) && !is_deceptive(c.code);
        const auto shown = harmless ? bytes.substr(0, c.length) : replacement;
        if (out.size() + shown.size() > longest) break;
        out += shown;
        bytes.remove_prefix(c.length);
    }
    return out;
}

}  // namespace linnet
