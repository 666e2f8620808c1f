// The printer writes the Outbox's byte stream as JSON lines (wire/event_json.hpp).
#pragma once

#include <cstdint>
#include <string>

namespace linnet {

struct PrintResult {
    bool ok = false;           ///< the stream is at its end, or nobody reads the output any more
    std::uint64_t events = 0;  ///< printed
    bool cut = false;          ///< the stream ended in the middle of an event: its writer was killed
    std::string error;         ///< one sentence, where not ok
};

/// Reads `fd` to its end and writes to `out`, in large pieces, but at once where no more is waiting.
PrintResult print_events(int fd, int out);

}  // namespace linnet
