// Events from JSON lines through the core, without database and sockets: what `linnet-analyzer --replay FILE --print` does.
#pragma once

#include "core.hpp"

#include <iosfwd>
#include <stdexcept>

namespace linnet {

/// what() is "line 7: reason".
struct ReplayError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Applies every line, then writes the final form of each alert as a line of EVE JSON, by id. Throws ReplayError at the
/// first line that is not an event.
void replay(std::istream& events, Core& core, std::ostream& alerts);

}  // namespace linnet
