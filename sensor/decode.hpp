// From captured bytes to a Packet: link layer, tags and tunnels, IP, transport. Malformed input is a counter.
//
// Understood: Ethernet, Linux cooked v1 and v2, raw IP, PPP, PPPoE, null/loopback; VLAN (802.1Q), QinQ (802.1ad), MPLS,
// GRE, IP-in-IP and 6in4 inside; IPv4 with options and fragments, IPv6 with extension headers and fragments; TCP, UDP,
// ICMP, ICMPv6, ARP. At most max_layers layers are taken off one packet. Addresses are those of the innermost IP header, MAC
// addresses those of the outermost Ethernet header, and only where no tunnel lies between the two.
#pragma once

#include "packet.hpp"
#include "packet_source.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace linnet {

enum class Decoded : std::uint8_t {
    packet,       ///< `out` is filled in
    held,         ///< a fragment whose datagram is not complete yet
    unsupported,  ///< what Linnet does not look into: other network protocols, LLC, …; or cut short before the IP header's
                  ///< end
    malformed,    ///< a field contradicts its specification
};

struct DecoderLimits {
    int max_layers = 12;
    std::size_t max_fragmented = 256;              ///< datagrams being put together
    std::size_t max_fragment_bytes = 1024 * 1024;  ///< in all of them
    Duration fragment_timeout = std::chrono::seconds{30};
};

struct DecoderCounters {
    std::uint64_t malformed = 0;
    std::uint64_t unsupported = 0;
    std::uint64_t truncated = 0;          ///< of the others: cut short by the capture
    std::uint64_t fragments = 0;          ///< seen
    std::uint64_t fragments_dropped = 0;  ///< timed out, overlapping, cut short, or over a limit
};

/// Not thread-safe. `out`'s views point into `raw` or into the decoder, until the next decode().
class Decoder {
 public:
    explicit Decoder(const DecoderLimits& limits = {});
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    Decoded decode(const RawPacket& raw, Packet& out);
    [[nodiscard]] const DecoderCounters& counters() const;
    static bool supports(int link_type);

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace linnet
