// From captured bytes to a Packet: link layer, tags and tunnels, IP, transport. A walk takes the layers off, outermost first
// (decode_walk.hpp); fragments wait in a table of fixed size (fragment_table.hpp). Nothing is copied but fragments, nothing
// allocated but for them. Malformed input is a counter: a packet is malformed where its own fields contradict their
// specification, and merely truncated where the capture stopped before the packet did.
//
// Understood: Ethernet (also with LLC and SNAP), Linux cooked v1 and v2, raw IP, PPP, Cisco HDLC, PPPoE, null/loopback; VLAN
// (802.1Q), QinQ (802.1ad), MPLS, GRE (with PPTP and ERSPAN), IP-in-IP and 6in4 inside; IPv4 with options and fragments,
// IPv6 with extension headers and fragments; TCP, UDP, ICMP, ICMPv6, ARP. At most max_layers layers are taken off one
// packet. Addresses are those of the innermost IP header, MAC addresses those of the outermost Ethernet header, and only
// where no tunnel lies between the two (ERSPAN is no tunnel but a mirror: there they are those of the mirrored frame).
//
// Checksums are not verified: a host's own packets are captured before its network card fills them in.
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
    unsupported,  ///< not looked into: another network protocol, …; or cut short by the capture within the IP header
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
