// The process that looks into packets, and can do nothing else: see sandbox.hpp. It is a child of the opener, which watches
// over it and starts another where it dies.
#pragma once

#include "options.hpp"
#include "packet_ring.hpp"
#include "parser_channel.hpp"

#include <string>

namespace linnet {

struct ParserTask {
    PacketSource* file = nullptr;  ///< a capture file; else packets come from `ring`
    PacketRing* ring = nullptr;
    std::string name;              ///< of the source
    int events = -1;               ///< where events go
    std::uint64_t generation = 0;  ///< how many parsers there were before
};

/// How a parser ends that was not killed.
namespace parser_exit {
inline constexpr int confinement = 70;  ///< the sandbox could not be entered; the channel has the sentence
}

/// Reads to the end. Never returns: the process ends with an exit code.
[[noreturn]] void run_parser(const ParserTask& task, ParserChannel& channel, const ProgramOptions& options,
                             SensorSignatures signatures);

}  // namespace linnet
