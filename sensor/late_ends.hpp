// The ends of TCP connections whose beginning nobody saw: from before the sensor began, or from the network in which a
// device was set up a moment ago, whose peers it still tries to reach. A server's end says which port it serves.
#pragma once

#include "packet.hpp"
#include "wire/event.hpp"

#include <cstdint>
#include <optional>

namespace linnet {

class LateEnds {
 public:
    /// So many in a second of the packets' time; more of them are made up.
    static constexpr unsigned most_per_second = 4;
    /// Systems take short-lived ports from here up (Linux: 32768; RFC 6335: 49152).
    static constexpr std::uint16_t first_short_lived = 32'768;

    /// For packets of no known conversation: the hint (source "tcp", key "served", value: the port) where it is a FIN with
    /// ACK and without data, from a lasting port to a short-lived one, between two neighbours of one network (IPv4, /24: no
    /// router lies between them). The hint names no address: it may be one of a network that was left.
    std::optional<DeviceHint> served(const Packet& packet, Timestamp now);

 private:
    Timestamp second_{};
    unsigned told_ = 0;
};

}  // namespace linnet
