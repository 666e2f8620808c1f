// The inside of the decoder: one walk takes the layers off one packet, outermost first. Each function reads its own
// header from `in_` and calls the function of what comes next; what it returns is what decode() returns. `enter()`
// bounds the depth.
#pragma once

#include "byte_reader.hpp"
#include "decode.hpp"
#include "fragment_table.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace linnet {

class PacketWalk {
 public:
    PacketWalk(const RawPacket& raw, Packet& out, const DecoderLimits& limits, FragmentTable& fragments);

    Decoded link(int link_type);
    /// Whether the capture stopped before the innermost header that was reached says that the packet ends.
    [[nodiscard]] bool cut() const { return cut_; }

 private:
    // decode_link.cpp
    Decoded ethernet();
    Decoded ether_type(std::uint16_t type);
    Decoded llc();
    Decoded cooked_v1();
    Decoded cooked_v2();
    Decoded address_family(std::uint32_t family);
    Decoded pppoe();
    Decoded ppp();
    Decoded hdlc();
    Decoded mpls();
    Decoded arp();
    Decoded announcement(PacketKind kind);
    void begin_without_ip(PacketKind kind);

    // decode_ip.cpp
    Decoded any_ip();
    Decoded ipv4();
    Decoded ipv4_fragment(std::uint16_t id, std::uint16_t flags_and_offset);
    Decoded ipv6();
    Decoded ipv6_fragment();
    Decoded above_ipv6(std::uint8_t next);
    Decoded above_ip(std::uint8_t protocol);
    Decoded authentication();
    Decoded gre();
    Decoded pptp(std::uint16_t flags);
    Decoded erspan(std::size_t header);

    // decode_transport.cpp
    Decoded tcp();
    Decoded udp();
    Decoded icmp();
    Decoded gtp();

    bool enter() { return ++layers_ <= limits_.max_layers; }
    void begin_ip(std::size_t header, std::size_t length, Bytes from);
    std::uint8_t extension(std::uint8_t kind);
    Decoded incomplete();
    Decoded not_understood() const;

    const RawPacket& raw_;
    Packet& out_;
    const DecoderLimits& limits_;
    FragmentTable& fragments_;
    ByteReader in_;
    int layers_ = 0;
    bool cut_;
    bool has_ip_ = false;
    bool tunnelled_ = false;
};

/// What an ICMP error quotes: addresses, protocol and, as far as they are there, ports. False where it is no IP header.
bool read_quoted_packet(ByteReader in, IcmpHeader& icmp);

inline IpAddress read_ipv4_address(ByteReader& in) {
    IpAddress ip;
    ip.bytes[10] = ip.bytes[11] = 0xff;
    const auto four = in.array<4>();
    std::memcpy(&ip.bytes[12], four.data(), four.size());
    return ip;
}

}  // namespace linnet
