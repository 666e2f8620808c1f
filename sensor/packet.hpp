// A decoded packet: views into the capture buffer, valid until the next PacketSource::next().
#pragma once

#include "wire/event.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace linnet {

using Bytes = std::span<const std::byte>;

/// TCP flag bits (RFC 9293, section 3.1).
namespace tcp_flag {
inline constexpr std::uint8_t fin = 0x01, syn = 0x02, rst = 0x04, psh = 0x08, ack = 0x10, urg = 0x20;
}

struct TcpHeader {
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint16_t window = 0;
    std::uint8_t flags = 0;
    Bytes options;
    [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};

/// ICMP and ICMPv6 share a shape (RFC 792, RFC 4443). For errors, `about_*` is the packet that caused it.
struct IcmpHeader {
    std::uint8_t type = 0;
    std::uint8_t code = 0;
    std::uint16_t id = 0;  ///< of echo request and reply
    bool is_echo_request = false;
    bool is_echo_reply = false;
    bool is_unreachable = false;  ///< nobody is there (not: "fragmentation needed"), and about_* is filled in
    Proto about_proto = Proto::none;
    IpAddress about_src, about_dst;
    Port about_src_port, about_dst_port;
};

/// RFC 826, Ethernet and IPv4 only.
struct ArpMessage {
    std::uint16_t operation = 0;  ///< 1 request, 2 reply
    MacAddress sender_mac, target_mac;
    IpAddress sender_ip, target_ip;
};

/// The GRE packet (RFC 2784) around a packet. ERSPAN's mirrors are none.
struct GreHeader {
    IpAddress src, dst;  ///< not known where there was none
    MacAddress src_mac;
};

enum class PacketKind : std::uint8_t { ip, arp, lldp, cdp };

struct Packet {
    PacketKind kind = PacketKind::ip;
    Timestamp at;
    std::uint32_t wire_length = 0;  ///< on the wire, link layer included; of all fragments together
    MacAddress src_mac, dst_mac;    ///< unknown where the link layer has none
    IpAddress src, dst;             ///< of the innermost IP header
    Proto proto = Proto::none;
    std::uint8_t ttl = 0;
    bool tunnelled = false;   ///< the innermost IP packet came inside another one (see Flow::tunnelled)
    bool truncated = false;   ///< the capture holds less than the packet's own length says
    Port src_port, dst_port;  ///< 0 where the protocol has none, or where `truncated` within the transport's header
    TcpHeader tcp;            ///< where proto is tcp
    IcmpHeader icmp;          ///< where proto is icmp or icmpv6
    ArpMessage arp;           ///< where kind is arp
    GreHeader gre;            ///< the innermost that it came in
    Bytes ip_packet;          ///< from the innermost IP header on, reassembled where it came in fragments
    Bytes payload;            ///< transport payload, padding removed; where kind is lldp or cdp, what follows its type
};

}  // namespace linnet
