// What Linnet tells Prometheus: the analyzer's status and the outlets' as text. No I/O, no clock.
//
// Text-based format, version 0.0.4 (Prometheus documentation, "Exposition formats"); names by "Metric and label naming":
// base units (seconds, bytes), _total for what only rises.
#pragma once

#include "wire/alert.hpp"

#include <string>

namespace linnet {

/// `status` as in wire/api.hpp, or null where the analyzer does not answer; `outlets` as in control.hpp. A part that is
/// missing or of another type is left out.
std::string metrics_text(const Json& status, const Json& outlets);

}  // namespace linnet
