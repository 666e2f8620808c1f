#include "hint_filter.hpp"

#include "address_hash.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace linnet {
namespace {

/// Of what makes two hints the same.
std::uint64_t hash_of(const DeviceHint& hint, std::uint64_t seed) {
    std::uint64_t hash = mixed(seed ^ (hint.mac.known() ? fixed_hash(hint.mac) : ~fixed_hash(hint.ip)));
    for (std::string_view text : {std::string_view{hint.source}, std::string_view{hint.key}, std::string_view{hint.value}}) {
        hash = mixed(hash ^ text.size());
        while (!text.empty()) {
            std::uint64_t word = 0;
            const auto taken = std::min(text.size(), sizeof word);
            std::memcpy(&word, text.data(), taken);
            hash = mixed(hash ^ word);
            text.remove_prefix(taken);
        }
    }
    return hash;
}

}  // namespace

bool HintFilter::passes(const DeviceHint& hint) {
    if (hint.source == "dhcp-server" || hint.source == "dhcpv6-server" || hint.source == "router-advertisement") return true;
    // The place must not depend on the seed, or else what is forgotten would.
    auto& place = told_[hash_of(hint, 0) % places];
    const std::uint64_t mark = hash_of(hint, seed_) | 1U;
    auto found = std::find_if(place.begin(), place.end(), [&](const Told& told) { return told.mark == mark; });
    const bool known = found != place.end();
    if (known && hint.at >= found->at && hint.at - found->at < repeat) return false;
    if (!known) found = std::min_element(place.begin(), place.end(), [](auto& a, auto& b) { return a.at < b.at; });
    *found = {mark, hint.at};
    return true;
}

}  // namespace linnet
