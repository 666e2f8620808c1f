// For tests that need a window: an application without a screen, and patience.
#pragma once

#include <functional>

namespace linnet::demo {

/// Call first in each test case. Light colours.
void start_application();

/// Lets the application work until `is_so`; false after `most_ms`.
bool eventually(const std::function<bool()>& is_so, int most_ms = 5'000);

}  // namespace linnet::demo
