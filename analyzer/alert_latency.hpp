// How long it takes from a packet to the alert that it raised: a histogram since the program's start. No I/O, no clock.
#pragma once

#include "wire/alert.hpp"

#include <array>
#include <cstdint>

namespace linnet {

class AlertLatency {
 public:
    /// What is longer, or seems to have been in the future, is not counted: a capture file, events that waited for an
    /// analyzer that was away, a clock that was set.
    static constexpr Duration longest = std::chrono::minutes{10};

    /// A new alert was committed at `now`; `seen` is the time of the newest packet that it speaks of.
    void note(Timestamp seen, Timestamp now);

    /// {"count", "sum_seconds", "buckets": [{"le": seconds, "count": so many took at most that}]}
    [[nodiscard]] Json to_json() const;

 private:
    static constexpr std::array<double, 8> bounds{0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};  ///< seconds

    std::array<std::uint64_t, bounds.size()> buckets_{};  ///< each with those of the ones before it
    std::uint64_t count_ = 0;
    Duration sum_{};
};

}  // namespace linnet
