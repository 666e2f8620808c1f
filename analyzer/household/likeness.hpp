// Likeness: how sure it is that two devices are one, and why. What speaks for it and against it is added up, with the
// weights of [household] in thresholds.toml; what a person said is not asked here.
#pragma once

#include "analyzer/household/traits.hpp"
#include "analyzer/signatures.hpp"

#include <string>

namespace linnet {

struct LikenessWeights {
    explicit LikenessWeights(Thresholds& thresholds);
    std::int64_t join, suggest;  ///< from so many points on: done, suggested
    std::int64_t id, unique_name, given_name, wired_name, common_name, announced, instance, neighbours, dhcp, behaviour,
        hello, succession;
    std::int64_t other_name, other_dhcp, other_kind, together;  ///< against
};

/// One of the two.
struct Candidate {
    const Device& device;
    const Traits& traits;
};

/// Have the two been heard at the same time, for longer than a change of address takes?
enum class Together : std::uint8_t { no, yes };

struct Likeness {
    std::int64_t points = 0;  ///< 0 to 100
    /// Does it hold where both are heard at once? Else it rests on the one having come when the other had gone.
    bool lasting = false;
    std::string why;  ///< "both call themselves annas-phone, and both ask for an address in the same way"
};

Likeness likeness(const Candidate& a, const Candidate& b, Together together, const LikenessWeights& weights);

}  // namespace linnet
