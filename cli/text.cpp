#include "text.hpp"

#include "wire/harmless_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cwchar>
#include <cwctype>

#include <locale.h>

namespace linnet {
namespace {

/// UTF-8 for iswprint and wcwidth while this lives, whatever the user's locale. Where the system has no C.UTF-8
/// everything beyond ASCII counts as unprintable.
class Utf8 {
 public:
    Utf8() : before_(uselocale(utf8())) {}
    ~Utf8() { uselocale(before_); }
    Utf8(const Utf8&) = delete;
    Utf8& operator=(const Utf8&) = delete;

 private:
    static locale_t utf8() {
        static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
        return locale;
    }
    locale_t before_;
};

/// Terminals show it, and this system knows of it.
bool is_shown(char32_t point) { return is_harmless(point) && std::iswprint(static_cast<std::wint_t>(point)) != 0; }

std::size_t columns_of(const Character& character) {
    if (!character.valid) return 1;
    return static_cast<std::size_t>(std::max(wcwidth(static_cast<wchar_t>(character.point)), 0));
}

}  // namespace

std::string escaped(std::string_view text) {
    const Utf8 utf8;
    std::string out;
    while (!text.empty()) {
        const Character character = first_character(text);
        const auto point = static_cast<std::uint32_t>(character.point);
        if (!character.valid)
            out += fmt::format("\\x{:02X}", static_cast<unsigned char>(text.front()));
        else if (is_shown(character.point))
            out += text.substr(0, character.length);
        else
            out += point < 0x80 ? fmt::format("\\x{:02X}", point) : fmt::format("\\u{:04X}", point);
        text.remove_prefix(character.length);
    }
    return out;
}

std::size_t display_width(std::string_view text) {
    const Utf8 utf8;
    std::size_t width = 0;
    while (!text.empty()) {
        const Character character = first_character(text);
        width += columns_of(character);
        text.remove_prefix(character.length);
    }
    return width;
}

std::string shortened(std::string_view text, std::size_t columns) {
    if (display_width(text) <= columns) return std::string{text};
    if (columns == 0) return {};
    const Utf8 utf8;
    std::size_t width = 0;
    std::size_t bytes = 0;
    while (true) {
        const Character character = first_character(text.substr(bytes));
        width += columns_of(character);
        if (width > columns - 1) break;
        bytes += character.length;
    }
    return std::string{text.substr(0, bytes)} + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
    std::vector<std::string> lines;
    std::size_t width = 0;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
        if (text.empty()) return lines;
        const std::string_view word = text.substr(0, text.find(' '));
        const std::size_t word_width = display_width(word);
        if (lines.empty() || width + 1 + word_width > columns) {
            lines.emplace_back(word);
            width = word_width;
        } else {
            lines.back().append(" ").append(word);
            width += 1 + word_width;
        }
        text.remove_prefix(word.size());
    }
}

std::string amount(std::uint64_t bytes) {
    if (bytes >= 1'000'000'000) return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
    if (bytes >= 1'000'000) return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
    return fmt::format("{} kB", (bytes + 999) / 1'000);
}

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural) {
    std::string digits = std::to_string(count);
    for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, ",");
    return fmt::format("{} {}", digits, count == 1 ? singular : plural);
}

}  // namespace linnet
