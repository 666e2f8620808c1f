// How much a host name says about who has it. "annas-phone" was given to one device, "DESKTOP-M3JAMSQ" was drawn by lot,
// "iPhone", "Galaxy-S21" and "raspberrypi" are what thousands are called before somebody gives them a name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace linnet {

enum class Telling : std::uint8_t {
    common,  ///< a maker's or a system's name for every device of the kind
    given,   ///< words of which Linnet knows no product of that name
    unique,  ///< with a number or letters that look drawn by lot, or like a serial number
};

Telling telling(std::string_view host_name);

/// As names are compared: the first label, lower case (ASCII), without what stands in brackets or the number that
/// RFC 6762, section 9 appends to a name that is taken ("hall-2" is what a second "hall" calls itself, so that it stays).
std::string comparable(std::string_view host_name);

}  // namespace linnet
