#include "dissector.hpp"

#include "wire/harmless_text.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr std::size_t longest = 255;
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

}  // namespace

std::string plain_text(std::string_view bytes) {
    // Nearly all are ASCII, and the same ones are told again and again.
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
    if (const auto start = bytes.substr(0, longest); std::all_of(start.begin(), start.end(), is_plain))
        return std::string{start};
    std::string out;
    out.reserve(std::min(bytes.size(), longest));
    while (!bytes.empty()) {
        const Character c = first_character(bytes);
        const auto shown = c.valid && is_harmless(c.point) ? bytes.substr(0, c.length) : replacement;
        if (out.size() + shown.size() > longest) break;
        out += shown;
        bytes.remove_prefix(c.length);
    }
    return out;
}

}  // namespace linnet
