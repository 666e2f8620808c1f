// Times for people: in their time zone.
#pragma once

#include "wire/types.hpp"

#include <string>

namespace linnet {

/// "2026-03-01 18:20:11", in the time zone of $TZ or the system.
std::string local_time(Timestamp time);

}  // namespace linnet
