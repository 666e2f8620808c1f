// IP, its extension headers and fragments, and what is tunnelled in it.
#include "decode_walk.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// IANA "Assigned Internet Protocol Numbers".
namespace protocol {
constexpr std::uint8_t hop_by_hop = 0, ipv4 = 4, ipv6 = 41, routing = 43, fragment = 44, gre = 47, authentication = 51,
                       none = 59, destination = 60, mobility = 135, hip = 139, shim6 = 140, mpls = 137;
}

IpAddress read_ipv6_address(ByteReader& in) { return IpAddress{in.array<16>()}; }

void put_u16(std::span<std::byte> bytes, std::size_t at, std::size_t value) {
    bytes[at] = static_cast<std::byte>(value >> 8);
    bytes[at + 1] = static_cast<std::byte>(value);
}

bool is_extension(std::uint8_t next) {
    switch (next) {
        case protocol::hop_by_hop:
        case protocol::routing:
        case protocol::destination:
        case protocol::authentication:
        case protocol::mobility:
        case protocol::hip:
        case protocol::shim6: return true;
        default: return false;
    }
}

}  // namespace

Decoded PacketWalk::any_ip() {
    const std::uint8_t first = ByteReader{in_}.u8();
    if (in_.at_end()) return incomplete();
    if (first >> 4 == 4) return ipv4();
    return first >> 4 == 6 ? ipv6() : not_understood();
}

/// Takes `from` as an IP packet that says it is `length` bytes long; `in_` is behind its first `header` bytes.
void PacketWalk::begin_ip(std::size_t header, std::size_t length, Bytes from) {
    cut_ = length > from.size();
    const Bytes datagram = from.first(std::min(length, from.size()));
    in_ = ByteReader{datagram};
    in_.skip(header);
    out_.kind = PacketKind::ip;
    out_.src_port = out_.dst_port = {};
    out_.ip_packet = datagram;
    out_.payload = in_.rest();
    if (tunnelled_) out_.src_mac = out_.dst_mac = {};
    out_.tunnelled = tunnelled_ && has_ip_;
    has_ip_ = true;
}

Decoded PacketWalk::ipv4() {
    if (!enter()) return not_understood();
    const Bytes from = in_.rest();
    const std::uint8_t version_and_length = in_.u8();
    in_.skip(1);
    std::size_t length = in_.u16();
    const std::uint16_t id = in_.u16();
    const std::uint16_t flags_and_offset = in_.u16();
    const std::uint8_t ttl = in_.u8();
    const std::uint8_t next = in_.u8();
    in_.skip(2);
    const IpAddress src = read_ipv4_address(in_);
    const IpAddress dst = read_ipv4_address(in_);
    if (!in_.ok()) return incomplete();
    const std::size_t header = (version_and_length & 0x0fU) * 4;
    // A length of 0 is what a host sees of its own packets when the network card does the segmentation: all that there is.
    if (length == 0) length = from.size() + (cut_ ? 1 : 0);
    if (version_and_length >> 4 != 4 || header < 20 || length < header) return Decoded::malformed;

    begin_ip(header, length, from);
    out_.src = src;
    out_.dst = dst;
    out_.ttl = ttl;
    out_.proto = Proto{next};
    if (!in_.ok()) return incomplete();
    if ((flags_and_offset & 0x3fff) != 0) return ipv4_fragment(id, flags_and_offset);
    return above_ip(next);
}

Decoded PacketWalk::ipv4_fragment(std::uint16_t id, std::uint16_t flags_and_offset) {
    const Bytes datagram = out_.ip_packet;
    const Bytes data = in_.rest();
    const bool more = (flags_and_offset & 0x2000) != 0;
    if (!cut_ && (data.empty() || (more && data.size() % 8 != 0))) return Decoded::malformed;
    const auto whole = fragments_.add({.key = {out_.src, out_.dst, id, static_cast<std::uint8_t>(out_.proto)},
                                       .header = datagram.first(datagram.size() - data.size()),
                                       .data = data,
                                       .offset = (flags_and_offset & 0x1fffU) * 8,
                                       .more = more,
                                       .cut = cut_,
                                       .at = raw_.at,
                                       .wire_length = out_.wire_length});
    if (whole.bytes.empty()) return Decoded::held;
    put_u16(whole.bytes, 2, whole.bytes.size());
    put_u16(whole.bytes, 6, 0);
    out_.wire_length = whole.wire_length;
    in_ = ByteReader{whole.bytes};
    return ipv4();
}

Decoded PacketWalk::ipv6() {
    if (!enter()) return not_understood();
    constexpr std::size_t header = 40;
    const Bytes from = in_.rest();
    const std::uint8_t version = in_.u8() >> 4;
    in_.skip(3);
    std::size_t payload = in_.u16();
    const std::uint8_t next = in_.u8();
    const std::uint8_t hop_limit = in_.u8();
    const IpAddress src = read_ipv6_address(in_);
    const IpAddress dst = read_ipv6_address(in_);
    if (!in_.ok()) return incomplete();
    if (version != 6) return Decoded::malformed;
    // A length of 0 is a jumbogram (RFC 2675), or segmentation by the network card.
    if (payload == 0 && next != protocol::none) payload = from.size() - header + (cut_ ? 1 : 0);

    begin_ip(header, header + payload, from);
    out_.src = src;
    out_.dst = dst;
    out_.ttl = hop_limit;
    return above_ipv6(next);
}

/// Takes off the extension header `kind` and returns the number of what follows it.
std::uint8_t PacketWalk::extension(std::uint8_t kind) {
    ByteReader header = in_;
    const std::uint8_t next = header.u8();
    const std::size_t length = header.u8();
    in_.skip(kind == protocol::authentication ? (length + 2) * 4 : (length + 1) * 8);
    return next;
}

/// Passes over extension headers (RFC 8200 section 4, RFC 4302, RFC 6275).
Decoded PacketWalk::above_ipv6(std::uint8_t next) {
    while (is_extension(next)) {
        out_.proto = Proto{next};
        if (!enter()) return not_understood();
        next = extension(next);
        if (!in_.ok()) return incomplete();
        out_.payload = in_.rest();
    }
    out_.proto = Proto{next};
    return next == protocol::fragment ? ipv6_fragment() : above_ip(next);
}

Decoded PacketWalk::ipv6_fragment() {
    const Bytes datagram = out_.ip_packet;
    const std::size_t header = datagram.size() - in_.remaining();
    const std::uint8_t next = in_.u8();
    in_.skip(1);
    const std::uint16_t offset_and_more = in_.u16();
    const std::uint32_t id = in_.u32();
    if (!in_.ok()) return incomplete();
    out_.payload = in_.rest();
    if ((offset_and_more & 0xfff9) == 0) return above_ipv6(next);  // atomic: RFC 6946

    const Bytes data = in_.rest();
    const bool more = (offset_and_more & 1) != 0;
    if (!cut_ && (data.empty() || (more && data.size() % 8 != 0))) return Decoded::malformed;
    const auto whole = fragments_.add({.key = {out_.src, out_.dst, id, 0},
                                       .header = datagram.first(header + 8),
                                       .data = data,
                                       .offset = offset_and_more & 0xfff8U,
                                       .more = more,
                                       .cut = cut_,
                                       .at = raw_.at,
                                       .wire_length = out_.wire_length});
    if (whole.bytes.empty()) return Decoded::held;
    put_u16(whole.bytes, 4, whole.bytes.size() - 40);
    put_u16(whole.bytes, header + 2, 0);  // now it is atomic
    out_.wire_length = whole.wire_length;
    in_ = ByteReader{whole.bytes};
    return ipv6();
}

Decoded PacketWalk::above_ip(std::uint8_t next) {
    switch (next) {
        case static_cast<std::uint8_t>(Proto::tcp): return tcp();
        case static_cast<std::uint8_t>(Proto::udp): return udp();
        case static_cast<std::uint8_t>(Proto::icmp):
        case static_cast<std::uint8_t>(Proto::icmpv6): return icmp();
        case protocol::authentication: return authentication();
        case protocol::ipv4: tunnelled_ = true; return ipv4();
        case protocol::ipv6: tunnelled_ = true; return ipv6();
        case protocol::mpls: return mpls();
        case protocol::gre: return gre();
        default: return Decoded::packet;
    }
}

/// RFC 4302, in IPv4; in IPv6 it is one of the extension headers.
Decoded PacketWalk::authentication() {
    if (!enter()) return not_understood();
    const std::uint8_t next = extension(protocol::authentication);
    if (!in_.ok()) return incomplete();
    out_.proto = Proto{next};
    out_.payload = in_.rest();
    return above_ip(next);
}

/// RFC 2784 with the key and sequence number of RFC 2890 and the source routes of RFC 1701.
Decoded PacketWalk::gre() {
    if (!enter()) return not_understood();
    tunnelled_ = true;
    const std::uint16_t flags = in_.u16();
    const std::uint16_t type = in_.u16();
    const bool has_sequence = (flags & 0x1000) != 0;
    if (!in_.ok()) return incomplete();
    if (type != 0x88be && type != 0x22eb) out_.gre = {out_.src, out_.dst, out_.src_mac};
    if ((flags & 7) == 1) return pptp(flags);
    if ((flags & 7) != 0) return not_understood();
    if ((flags & 0xc000) != 0) in_.skip(4);
    if ((flags & 0x2000) != 0) in_.skip(4);
    if (has_sequence) in_.skip(4);
    if ((flags & 0x4000) != 0) {
        while (true) {
            const std::uint16_t family = in_.u16();
            in_.skip(1);
            const std::uint8_t length = in_.u8();
            in_.skip(length);
            if (!in_.ok() || (family == 0 && length == 0)) break;
        }
    }
    if (!in_.ok()) return incomplete();
    if (type == 0x88be) return erspan(has_sequence ? 8 : 0);
    if (type == 0x22eb) return erspan(12);
    return ether_type(type);
}

/// RFC 2637, section 4.1: GRE version 1 carries PPP where it has a sequence number, and else only an acknowledgement.
Decoded PacketWalk::pptp(std::uint16_t flags) {
    if ((flags & 0x1000) == 0) return not_understood();
    in_.skip((flags & 0x0080) != 0 ? 12 : 8);
    if (!in_.ok()) return incomplete();
    return hdlc();
}

/// Frames that a switch mirrors to the sensor (draft-foschiano-erspan-03): their addresses are those of the mirrored
/// network.
Decoded PacketWalk::erspan(std::size_t header) {
    const Bytes erspan_header = in_.bytes(header);
    if (!in_.ok()) return incomplete();
    if (header == 12 && (erspan_header[11] & std::byte{1}) != std::byte{0}) in_.skip(8);
    tunnelled_ = false;
    return ethernet();
}

}  // namespace linnet
