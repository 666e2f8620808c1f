// What became of a device's addresses and names, for people to read.
#pragma once

#include "terminal.hpp"

#include "wire/alert.hpp"

#include <string>

namespace linnet {

/// Under the heading "History" a line for each entry, the oldest first, from when the device was first seen; and under
/// "Perhaps the same device" what is suggested, with the command that does it. Ends with a newline.
std::string device_history(const Device& device, const Terminal& terminal);

}  // namespace linnet
