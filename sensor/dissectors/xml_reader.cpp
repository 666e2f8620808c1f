#include "xml_reader.hpp"

#include "sensor/ascii_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace linnet {
namespace {

constexpr std::string_view blanks = " \t\r\n";

/// Behind the '>' that ends the tag at `at`; a '>' in quotes does not.
std::size_t end_of_tag(std::string_view document, std::size_t at) {
    char quote = 0;
    for (; at < document.size(); ++at) {
        const char c = document[at];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            return at + 1;
        }
    }
    return std::string_view::npos;
}

/// Where what is no element ends: a comment, a CDATA section, an instruction or a declaration.
std::optional<std::string_view> terminator_of(std::string_view markup) {
    if (markup.starts_with("<!--")) return "-->";
    if (markup.starts_with("<![CDATA[")) return "]]>";
    if (markup.starts_with("<?")) return "?>";
    if (markup.starts_with("<!")) return ">";
    return std::nullopt;
}

XmlTag tag_of(std::string_view inside, std::size_t begin, std::size_t end) {
    XmlTag tag{.name = {}, .attributes = {}, .begin = begin, .end = end};
    tag.closes = inside.starts_with('/');
    if (tag.closes) inside.remove_prefix(1);
    tag.empty = inside.ends_with('/');
    if (tag.empty) inside.remove_suffix(1);
    tag.name = inside.substr(0, inside.find_first_of(blanks));
    tag.attributes = inside.substr(tag.name.size());
    if (const auto colon = tag.name.find(':'); colon != std::string_view::npos) tag.name.remove_prefix(colon + 1);
    return tag;
}

/// The character that "&name;" or "&#number;" at the beginning of `text` stands for, and how long it is; 1 where it is none.
/// Characters beyond ASCII stay as they are written.
std::pair<char, std::size_t> entity_at(std::string_view text) {
    constexpr std::size_t longest = 8;
    constexpr std::array<std::pair<std::string_view, char>, 5> names{
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
    const auto semicolon = text.substr(0, longest).find(';');
    if (semicolon == std::string_view::npos) return {'&', 1};
    const auto name = text.substr(1, semicolon - 1);
    for (const auto& [known, character] : names)
        if (name == known) return {character, semicolon + 1};
    if (!name.starts_with('#')) return {'&', 1};
    const bool hexadecimal = name.size() > 1 && ascii_lower(name[1]) == 'x';
    const auto digits = name.substr(hexadecimal ? 2 : 1);
    unsigned code = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
    const bool good = error == std::errc{} && end == digits.data() + digits.size() && code > 0 && code < 0x80;
    return good ? std::pair{static_cast<char>(code), semicolon + 1} : std::pair{'&', std::size_t{1}};
}

}  // namespace

std::optional<XmlTag> XmlReader::next() {
    while (true) {
        const auto begin = document_.find('<', std::min(at_, document_.size()));
        if (begin == std::string_view::npos) return std::nullopt;
        if (const auto terminator = terminator_of(document_.substr(begin))) {
            const auto found = document_.find(*terminator, begin + 2);
            if (found == std::string_view::npos) return std::nullopt;
            at_ = found + terminator->size();
            continue;
        }
        const auto end = end_of_tag(document_, begin);
        if (end == std::string_view::npos) return std::nullopt;
        at_ = end;
        return tag_of(document_.substr(begin + 1, end - begin - 2), begin, end);
    }
}

bool XmlReader::text(WipedText& out) const {
    out.clear();
    const auto end = document_.find('<', std::min(at_, document_.size()));
    if (end == std::string_view::npos) return false;
    auto text = document_.substr(at_, end - at_);
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    text = text.substr(0, text.find_last_not_of(blanks) + 1);
    while (!text.empty()) {
        const auto [character, length] = text.front() == '&' ? entity_at(text) : std::pair{text.front(), std::size_t{1}};
        out.push_back(character);
        text.remove_prefix(length);
    }
    return true;
}

std::string_view xml_attribute(const XmlTag& tag, std::string_view name) {
    auto rest = tag.attributes;
    while (true) {
        rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos) return {};
        auto key = rest.substr(0, equals);
        key = key.substr(0, key.find_last_not_of(blanks) + 1);
        rest.remove_prefix(equals + 1);
        rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
        if (!rest.starts_with('"') && !rest.starts_with('\'')) return {};
        const auto close = rest.find(rest.front(), 1);
        if (close == std::string_view::npos) return {};
        if (key == name) return rest.substr(1, close - 1);
        rest.remove_prefix(close + 1);
    }
}

}  // namespace linnet
