// Keeps what devices repeat about themselves (announcements, every request's User-Agent) from becoming many events.
#pragma once

#include "wire/event.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace linnet {

/// Remembers in fixed memory (256 KiB) which hints were told. A hint passes when it was not told within the last `repeat` of
/// its own time: the same device (its MAC address, or its IP address where there is none), source, key and value. Where a
/// place is full the oldest of it is forgotten: an event more, never one less. What DHCP servers and IPv6 routers
/// offer passes each time: it is said of one exchange, and which of two spoke when is what the analyzer must know.
class HintFilter {
 public:
    static constexpr std::size_t places = 2048, ways = 8;
    static constexpr Duration repeat = std::chrono::hours{1};

    /// `seed`: nobody outside can choose hints that are taken for one another. Changes no event.
    explicit HintFilter(std::uint64_t seed) : seed_{seed}, told_(places) {}
    bool passes(const DeviceHint& hint);

 private:
    struct Told {
        std::uint64_t mark = 0;  ///< 0 = free
        Timestamp at;
    };

    std::uint64_t seed_;
    std::vector<std::array<Told, ways>> told_;
};

}  // namespace linnet
