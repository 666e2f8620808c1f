// Presence without flapping: a device that is heard is here; it is away when it has been silent for longer than its
// patience. That is `away_seconds`, longer for kinds that sleep on a battery, longer for a device that wakes up in a rhythm,
// and it doubles whenever a device that was called away comes back so soon that it can only have been asleep.
#pragma once

#include "wire/alert.hpp"

#include <cstdint>
#include <string_view>

namespace linnet {

class Thresholds;

struct PresenceLimits {
    explicit PresenceLimits(Thresholds& thresholds);
    Duration away, longest;  ///< the shortest patience and the longest
};

class Rhythm {
 public:
    /// Heard again after `silence`.
    void heard(Duration silence, std::string_view kind, const PresenceLimits& limits);
    [[nodiscard]] Duration patience(std::string_view kind, const PresenceLimits& limits) const;
    bool operator==(const Rhythm&) const = default;

    [[nodiscard]] Json to_state() const;
    static Rhythm from_state(const Json& state);

 private:
    std::int64_t sleeps_ = 0;                ///< silences of some length so far
    std::int64_t mean_ = 0, deviation_ = 0;  ///< of those, in seconds, the newest counting most
    std::int64_t doublings_ = 0;
};

}  // namespace linnet
