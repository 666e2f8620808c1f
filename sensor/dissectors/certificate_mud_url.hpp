// The MUD URL in a device's certificate (RFC 8520, section 11): the extension 1.3.6.1.5.5.7.1.25, an IA5String.
#pragma once

#include <string_view>

namespace linnet {

/// Part of `der`, an X.509 certificate; empty where there is none. Finds the extension by its number, wherever it is: a
/// device that hides another's URL in its own certificate could as well have put it where it belongs.
std::string_view mud_url_in(std::string_view der);

}  // namespace linnet
