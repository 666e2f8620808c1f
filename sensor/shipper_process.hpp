// The process that hands events on: printed as JSON lines, or shipped to the analyzer. It never sees a packet, it connects
// outwards and listens on nothing.
#pragma once

#include "options.hpp"
#include "wire/event.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace linnet {

struct ShipperTask {
    int events = -1;  ///< where events come from
    std::string source;
    std::uint64_t epoch = 0;
    std::string sandbox;       ///< how the parser is locked in, for people
    std::optional<Lost> lost;  ///< what the shipper before took with it
    std::atomic<std::uint64_t>* holding = nullptr;
};

void complain(const std::string& sentence);

/// Ends when the stream does; once it is told to stop, it does not wait for an absent analyzer any longer. Never returns.
[[noreturn]] void run_shipper(const ShipperTask& task, const ProgramOptions& options);

}  // namespace linnet
