// Text from strangers (device, user and host names come off the network): the one place that knows which characters do
// something to a reader besides being read. Whoever shows or sends text walks it with first_character() and puts something
// else in place of what is_harmless() denies: an escape on a terminal, U+FFFD on a screen, \u in JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace linnet {

struct Character {
    std::size_t length = 1;  ///< bytes taken; 1 where they are no UTF-8
    char32_t point = 0;      ///< meaningless where not valid
    bool valid = false;
};

/// Of text that is not empty. Valid are the well-formed sequences of RFC 3629: no overlong forms, no surrogates, nothing
/// above U+10FFFF.
Character first_character(std::string_view text);

/// False for controls (C0, C1, delete), for what breaks lines, reorders, or hides (Unicode's general categories Zl, Zp and
/// Cf, Hangul's fillers and other invisible letters), and for what is no character at all. The joiners U+200C and U+200D are
/// harmless: scripts and emoji need them.
bool is_harmless(char32_t point);

/// Can it be shown as it stands? The same for all of a text.
bool is_harmless(std::string_view text);

/// JSON text with \u in place of the harmful characters that JSON allows in strings as they are.
std::string escaped_json(std::string&& json);

}  // namespace linnet
