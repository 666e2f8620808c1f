// From facts to conclusions: a pure function, so that the same facts under the same rules are always the same device.
//
// Clues for one value add up only where they come from different sources (DHCP, mDNS, names looked up, …): of one source
// the strongest counts, and sources are joined as independent witnesses, 1 - (1 - a)(1 - b). What speaks for another value
// takes half its strength away. Below min_confidence nothing is said: unknown is better than wrong.
#pragma once

#include "analyzer/identify/device_rules.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct Conclusion {
    std::string value;   ///< empty: not known
    int confidence = 0;  ///< 50 to 99, in percent; 0 where it is not known
    std::string reason;  ///< one sentence with the facts that count most
    bool operator==(const Conclusion&) const = default;
};

struct Identification {
    std::array<Conclusion, aspects.size()> conclusions;  ///< by aspect
    std::string called;  ///< what people call it elsewhere, by what it says itself; may be empty

    [[nodiscard]] const Conclusion& of(Aspect aspect) const { return conclusions.at(static_cast<std::size_t>(aspect)); }
    bool operator==(const Identification&) const = default;
};

inline constexpr int min_confidence = 50;

/// `registered` is who its MAC address is registered to; empty where that is not known.
Identification infer(const DeviceRules& rules, const std::vector<Fact>& facts, const MacAddress& mac,
                     std::string_view registered);

}  // namespace linnet
