// The parts of a name that a device gives itself: words, pieces that look like the number of a model, and the end of its
// own MAC address that many put behind their name. Small letters are those of ASCII.
#pragma once

#include "wire/types.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace linnet {

std::string in_small_letters(std::string_view text);

/// Letters and digits that stand together, in small letters: "Martins-iPhone" has "martins" and "iphone".
std::vector<std::string> words_of(std::string_view text);

/// What stands between blanks and signs that numbers of models do not have: "UPnP/1.0 DCS-935L/1.0" has "UPnP", "1.0",
/// "DCS-935L" and "1.0".
std::vector<std::string_view> pieces_of(std::string_view text);

/// Without the last 2 to 6 bytes of the MAC address at its end, and without blanks and signs around it:
/// "DCS-935L-B0C554255B0E" is "DCS-935L".
std::string_view without_address(std::string_view text, const MacAddress& mac);

/// Without blanks and signs at both ends; a bracket that was opened inside stays closed.
std::string_view trimmed(std::string_view text);

}  // namespace linnet
