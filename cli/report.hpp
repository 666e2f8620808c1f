// What `linnet inspect` tells people about one capture.
#pragma once

#include "capture_run.hpp"
#include "terminal.hpp"

#include <string>

namespace linnet {

/// A summary, the alerts from the most severe on with what happened, what it means and what to do, and the devices.
/// `result.stats` must be there.
std::string report(const CaptureResult& result, const Terminal& terminal);

}  // namespace linnet
