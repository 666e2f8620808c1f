// TCP (RFC 9293), UDP (RFC 768), ICMP (RFC 792) and ICMPv6 (RFC 4443).
#include "decode_walk.hpp"

#include <algorithm>

namespace linnet {

Decoded PacketWalk::tcp() {
    TcpHeader& tcp = out_.tcp;
    const Port src{in_.u16()};
    const Port dst{in_.u16()};
    tcp.seq = in_.u32();
    tcp.ack = in_.u32();
    const std::size_t header = (in_.u8() >> 4U) * 4;
    tcp.flags = in_.u8();
    tcp.window = in_.u16();
    in_.skip(4);
    tcp.options = {};
    if (!in_.ok()) return incomplete();
    if (header < 20) return Decoded::malformed;
    // Some scanners announce options and send none: their SYN is evidence all the same, and has no payload.
    tcp.options = in_.bytes(std::min(header - 20, in_.remaining()));
    out_.src_port = src;
    out_.dst_port = dst;
    out_.payload = in_.rest();
    return Decoded::packet;
}

Decoded PacketWalk::udp() {
    constexpr std::size_t header = 8;
    const Port src{in_.u16()};
    const Port dst{in_.u16()};
    std::size_t length = in_.u16();
    in_.skip(2);
    if (!in_.ok()) return incomplete();
    if (length == 0) length = header + in_.remaining();  // a jumbogram (RFC 2675), or segmentation by the network card
    if (length < header || (length - header > in_.remaining() && !cut_)) return Decoded::malformed;
    out_.src_port = src;
    out_.dst_port = dst;
    out_.payload = in_.rest().first(std::min(length - header, in_.remaining()));
    constexpr std::uint16_t gtp_port = 2152;
    return (src.number == gtp_port || dst.number == gtp_port) ? gtp() : Decoded::packet;
}

/// 3GPP TS 29.281, section 5.1: what phones send through a mobile network. `in_` is at the start of the payload of a UDP
/// packet, which stays what it is where it is no such tunnel.
Decoded PacketWalk::gtp() {
    constexpr std::uint8_t version_1 = 0x30, version_mask = 0xf0, has_more = 0x07, has_extension = 0x04, user_data = 0xff;
    ByteReader in{out_.payload};
    const std::uint8_t flags = in.u8();
    const std::uint8_t message = in.u8();
    const std::size_t length = in.u16();
    in.skip(4);  // the tunnel's number
    if (!in.ok() || (flags & version_mask) != version_1 || message != user_data || length > in.remaining())
        return Decoded::packet;
    if ((flags & has_more) != 0) {
        in.skip(3);
        std::uint8_t extension = in.u8();
        if ((flags & has_extension) == 0) extension = 0;
        while (extension != 0 && in.ok()) {
            const std::uint8_t words = in.u8();
            in.skip(words > 0 ? words * 4U - 2 : in.remaining() + 1);  // a length of 0 would be one without an end
            extension = in.u8();
        }
    }
    const unsigned ip_version = static_cast<std::uint8_t>(in.at_end() ? std::byte{} : in.rest()[0]) >> 4U;
    if (!in.ok() || (ip_version != 4 && ip_version != 6) || !enter()) return Decoded::packet;
    tunnelled_ = true;
    in_ = in;
    return any_ip();
}

Decoded PacketWalk::icmp() {
    IcmpHeader& icmp = out_.icmp;
    icmp = {};
    const std::uint8_t type = in_.u8();
    const std::uint8_t code = in_.u8();
    in_.skip(2);
    const std::uint16_t id = in_.u16();
    in_.skip(2);
    if (!in_.ok()) return incomplete();
    const bool v6 = out_.proto == Proto::icmpv6;
    icmp.type = type;
    icmp.code = code;
    icmp.is_echo_request = type == (v6 ? 128 : 8);
    icmp.is_echo_reply = type == (v6 ? 129 : 0);
    if (icmp.is_echo_request || icmp.is_echo_reply) icmp.id = id;
    // Destination unreachable, source quench, redirect, time exceeded, parameter problem; ICMPv6's errors are below 128.
    const bool error = v6 ? type >= 1 && type <= 4 : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
    const bool unreachable = v6 ? type == 1 : type == 3 && code != 4;
    if (error) icmp.is_unreachable = read_quoted_packet(in_, icmp) && unreachable;
    out_.payload = in_.rest();
    return Decoded::packet;
}

bool read_quoted_packet(ByteReader in, IcmpHeader& icmp) {
    IpAddress src, dst;
    std::uint8_t protocol = 0;
    bool first_fragment = true;
    const std::uint8_t version_and_length = in.u8();
    if (version_and_length >> 4 == 4) {
        in.skip(5);
        first_fragment = (in.u16() & 0x1fff) == 0;
        in.skip(1);
        protocol = in.u8();
        in.skip(2);
        src = read_ipv4_address(in);
        dst = read_ipv4_address(in);
        if (!in.ok() || (version_and_length & 0x0f) < 5) return false;
        in.skip((version_and_length & 0x0fU) * 4 - 20);
    } else if (version_and_length >> 4 == 6) {
        in.skip(5);
        protocol = in.u8();
        in.skip(1);
        src = IpAddress{in.array<16>()};
        dst = IpAddress{in.array<16>()};
    }
    if (!in.ok() || !dst.known()) return false;
    icmp.about_src = src;
    icmp.about_dst = dst;
    icmp.about_proto = Proto{protocol};
    const bool has_ports = icmp.about_proto == Proto::tcp || icmp.about_proto == Proto::udp;
    const Port src_port{in.u16()};
    const Port dst_port{in.u16()};
    if (has_ports && first_fragment && in.ok()) {
        icmp.about_src_port = src_port;
        icmp.about_dst_port = dst_port;
    }
    return true;
}

}  // namespace linnet
