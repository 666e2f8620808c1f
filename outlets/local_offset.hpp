// The home's time zone: that of $TZ, which the program sets from its configuration, or the system's.
#pragma once

#include "wire/types.hpp"

#include <chrono>
#include <string>

namespace linnet {

/// How far local time is ahead of UTC at that time.
std::chrono::minutes local_offset(Timestamp at);

/// False where the system does not know the zone ("Europe/Berlin"). For the whole process; before it has threads.
bool set_time_zone(const std::string& name);

}  // namespace linnet
