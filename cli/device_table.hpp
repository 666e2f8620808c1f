// Devices as people read them.
#pragma once

#include "terminal.hpp"

#include "wire/alert.hpp"

#include <string>
#include <vector>

namespace linnet {

/// NAME KIND MAKER MODEL ADDRESSES LAST SEEN, in the given order; shortened to the terminal where there is one.
std::string device_table(const std::vector<Device>& devices, const Terminal& terminal);

}  // namespace linnet
