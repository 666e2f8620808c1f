// The process that hands events on: printed as JSON lines, or shipped to the analyzer. It never sees a packet, it connects
// outwards and listens on nothing.
#pragma once

#include "options.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace linnet {

struct ShipperTask {
    int events = -1;  ///< where events come from
    std::string source;
    std::uint64_t epoch = 0;
    std::string sandbox;         ///< how the parser is locked in, for people
    std::span<const int> slots;  ///< of the spool; empty where nobody would go on with it
    bool after_another = false;  ///< which was killed
};

void complain(const std::string& sentence);

/// Ends when the stream does; once it is told to stop, it does not wait for an absent analyzer any longer. Never returns.
[[noreturn]] void run_shipper(const ShipperTask& task, const ProgramOptions& options);

}  // namespace linnet
