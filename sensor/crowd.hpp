// How many new conversations somebody begins with one target within one second: what tells a flood from everything else
// before it fills tables that others need. 4096 counters without keys, 32 KiB, by a fixed hash: who shares a counter is
// counted together, which only makes the counts higher. The sender is a MAC address where there is one, so that forged
// addresses do not help.
#pragma once

#include "packet.hpp"

#include <array>
#include <cstdint>

namespace linnet {

class Crowd {
 public:
    /// The packet begins something: how many did in this second, this one included.
    std::uint32_t count(const Packet& packet, Timestamp now);
    /// How many the packet's target began with its sender.
    [[nodiscard]] std::uint32_t the_other_way(const Packet& packet, Timestamp now) const;

 private:
    static constexpr std::size_t counters = 4096;

    struct Counter {
        std::uint32_t second = 0;  ///< since 1970, modulo 2^32: a count of another second is none
        std::uint32_t count = 0;
    };
    std::array<Counter, counters> counters_{};
};

}  // namespace linnet
