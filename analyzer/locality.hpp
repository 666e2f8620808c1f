// Which addresses are at home (DESIGN section 4): private, unique-local, link-local and the prefixes given by --home.
// Never multicast, broadcast or unspecified. Where neither end of a conversation is at home and strangers are to be
// treated as local (the capture was not made in a home), both are.
#pragma once

#include "wire/types.hpp"

#include <algorithm>
#include <vector>

namespace linnet {

class Locality {
 public:
    Locality(std::vector<IpPrefix> home, bool strangers_are_local)
        : home_{std::move(home)}, strangers_are_local_{strangers_are_local} {}

    /// Could be somebody: not multicast, broadcast or unspecified.
    [[nodiscard]] static bool is_host(const IpAddress& ip) {
        return !ip.is_unspecified() && !ip.is_multicast() && !ip.is_broadcast();
    }

    /// By the address alone.
    [[nodiscard]] bool at_home(const IpAddress& ip) const {
        return is_host(ip) && (ip.is_private() || std::any_of(home_.begin(), home_.end(),
                                                              [&ip](const auto& prefix) { return prefix.contains(ip); }));
    }

    /// In a conversation with `peer`.
    [[nodiscard]] bool is_local(const IpAddress& ip, const IpAddress& peer) const {
        return at_home(ip) || (strangers_are_local_ && is_host(ip) && !at_home(peer));
    }

 private:
    std::vector<IpPrefix> home_;
    bool strangers_are_local_;
};

}  // namespace linnet
