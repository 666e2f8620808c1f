// JSON as it leaves the program: one object a line.
#pragma once

#include "wire/alert.hpp"

#include <string>

namespace linnet {

/// Without the newline. Bytes that are not UTF-8 (a file name may have them) become U+FFFD.
std::string eve_line(const Json& record);

}  // namespace linnet
