// Addresses and times inside state rows: as whole numbers, small and quick.
#pragma once

#include "wire/alert.hpp"

namespace linnet {

inline void push_ip(Json& list, const IpAddress& ip) {
    for (std::size_t half = 0; half < 16; half += 8) {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < 8; ++i) number = number << 8 | ip.bytes[half + i];
        list.push_back(number);
    }
}

inline IpAddress ip_at(const Json& list, std::size_t at) {
    IpAddress ip;
    for (std::size_t half = 0; half < 2; ++half) {
        auto number = list.at(at + half).get<std::uint64_t>();
        for (std::size_t i = 8; i-- > 0; number >>= 8) ip.bytes[half * 8 + i] = static_cast<std::uint8_t>(number);
    }
    return ip;
}

inline std::int64_t to_number(Timestamp time) { return time.time_since_epoch().count(); }
inline Timestamp time_at(const Json& number) { return Timestamp{Duration{number.get<std::int64_t>()}}; }

}  // namespace linnet
