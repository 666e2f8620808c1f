// A fixed hash of addresses, for tables whose content shows in events: the same packets must give the same.
#pragma once

#include "wire/types.hpp"

#include <array>
#include <cstdint>
#include <cstring>

namespace linnet {

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
inline std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
    return value ^ value >> 31;
}

inline std::uint64_t fixed_hash(const IpAddress& ip) {
    std::array<std::uint64_t, 2> halves{};
    std::memcpy(halves.data(), ip.bytes.data(), sizeof halves);
    return mixed(halves[0]) ^ halves[1];
}

inline std::uint64_t fixed_hash(const MacAddress& mac) {
    std::uint64_t number = 0;
    std::memcpy(&number, mac.bytes.data(), mac.bytes.size());
    return number;
}

}  // namespace linnet
