// Link layers and tags. Numbers: https://www.tcpdump.org/linktypes.html and IANA's "IEEE 802 Numbers".
#include "decode_walk.hpp"

#include <pcap/dlt.h>

namespace linnet {
namespace {

namespace ether {
constexpr std::uint16_t ipv4 = 0x0800, arp = 0x0806, vlan = 0x8100, ipv6 = 0x86dd, mpls = 0x8847, mpls_multicast = 0x8848,
                        pppoe_session = 0x8864, qinq = 0x88a8, lldp = 0x88cc, old_qinq = 0x9100, teb = 0x6558, ppp = 0x880b,
                        largest_length = 1500;
}
constexpr std::uint16_t arphrd_ether = 1, arphrd_ieee802 = 6;

/// Whether an Ethernet header seems to begin here; MPLS does not say what it carries.
bool looks_like_ethernet(ByteReader in) {
    in.skip(12);
    const std::uint16_t type = in.u16();
    const std::uint8_t next = in.u8();
    switch (type) {
        case ether::ipv4: return next >> 4 == 4;
        case ether::ipv6: return next >> 4 == 6;
        case ether::arp:
        case ether::vlan:
        case ether::qinq:
        case ether::pppoe_session: return in.ok();
        default: return false;
    }
}

}  // namespace

bool Decoder::supports(int link_type) {
    switch (link_type) {
        case DLT_EN10MB:
        case DLT_LINUX_SLL:
        case DLT_LINUX_SLL2:
        case DLT_RAW:
        case DLT_IPV4:
        case DLT_IPV6:
        case DLT_PPP:
        case DLT_PPP_SERIAL:
        case DLT_PPP_ETHER:
        case DLT_C_HDLC:
        case DLT_NULL:
        case DLT_LOOP: return true;
        default: return false;
    }
}

PacketWalk::PacketWalk(const RawPacket& raw, Packet& out, const DecoderLimits& limits, FragmentTable& fragments)
    : raw_{raw},
      out_{out},
      limits_{limits},
      fragments_{fragments},
      in_{raw.bytes},
      cut_{raw.bytes.size() < raw.wire_length} {
    out.at = raw.at;
    out.wire_length = raw.wire_length;
    out.src_mac = {};
    out.dst_mac = {};
}

Decoded PacketWalk::link(int link_type) {
    switch (link_type) {
        case DLT_EN10MB: return ethernet();
        case DLT_LINUX_SLL: return cooked_v1();
        case DLT_LINUX_SLL2: return cooked_v2();
        case DLT_RAW:
        case DLT_IPV4:
        case DLT_IPV6: return any_ip();
        case DLT_PPP:
        case DLT_PPP_SERIAL:
        case DLT_C_HDLC: return hdlc();
        case DLT_PPP_ETHER: return pppoe();
        case DLT_NULL:
        case DLT_LOOP: return address_family(in_.u32());
        default: return Decoded::unsupported;
    }
}

/// Bytes have run out: the capture's fault, or the packet's own.
Decoded PacketWalk::incomplete() {
    if (!cut_) return Decoded::malformed;
    out_.tcp = {};
    out_.icmp = {};
    return not_understood();
}

/// What is inside is not looked into; the IP packet around it, where there is one, still is a packet.
Decoded PacketWalk::not_understood() const { return has_ip_ ? Decoded::packet : Decoded::unsupported; }

Decoded PacketWalk::ethernet() {
    if (!enter()) return not_understood();
    const MacAddress dst{in_.array<6>()};
    const MacAddress src{in_.array<6>()};
    const std::uint16_t type = in_.u16();
    if (!in_.ok()) return incomplete();
    if (!tunnelled_) {
        out_.dst_mac = dst;
        out_.src_mac = src;
    }
    return type <= ether::largest_length ? llc() : ether_type(type);
}

Decoded PacketWalk::ether_type(std::uint16_t type) {
    switch (type) {
        case ether::ipv4: return ipv4();
        case ether::ipv6: return ipv6();
        case ether::arp: return arp();
        case ether::lldp: return announcement(PacketKind::lldp);
        case ether::vlan:
        case ether::qinq:
        case ether::old_qinq: {
            if (!enter()) return not_understood();
            in_.skip(2);
            const std::uint16_t inner = in_.u16();
            if (!in_.ok()) return incomplete();
            return inner <= ether::largest_length ? llc() : ether_type(inner);
        }
        case ether::mpls:
        case ether::mpls_multicast: return mpls();
        case ether::pppoe_session: return pppoe();
        case ether::teb: return ethernet();
        case ether::ppp: return ppp();
        default: return not_understood();
    }
}

/// IEEE 802.2: SNAP (RFC 1042) and IP's own service access point.
Decoded PacketWalk::llc() {
    if (!enter()) return not_understood();
    const std::uint32_t header = in_.u24();
    if (!in_.ok()) return incomplete();
    if (header == 0x060603) return ipv4();
    if (header != 0xaaaa03) return not_understood();
    const std::uint32_t organisation = in_.u24();
    const std::uint16_t type = in_.u16();
    if (!in_.ok()) return incomplete();
    constexpr std::uint32_t cisco = 0x00000c;
    constexpr std::uint16_t cdp = 0x2000;
    if (organisation == cisco && type == cdp) return announcement(PacketKind::cdp);
    if (organisation != 0x000000 && organisation != 0x0000f8) return not_understood();
    return type <= ether::largest_length ? not_understood() : ether_type(type);
}

Decoded PacketWalk::cooked_v1() {
    in_.skip(4);
    const std::uint16_t length = in_.u16();
    const MacAddress src{in_.array<6>()};
    in_.skip(2);
    const std::uint16_t protocol = in_.u16();
    if (!in_.ok()) return incomplete();
    if (length == src.bytes.size()) out_.src_mac = src;
    return protocol == 0x0004 ? llc() : ether_type(protocol);
}

Decoded PacketWalk::cooked_v2() {
    const std::uint16_t protocol = in_.u16();
    in_.skip(9);
    const std::uint8_t length = in_.u8();
    const MacAddress src{in_.array<6>()};
    in_.skip(2);
    if (!in_.ok()) return incomplete();
    if (length == src.bytes.size()) out_.src_mac = src;
    return protocol == 0x0004 ? llc() : ether_type(protocol);
}

/// DLT_NULL has the byte order and the numbers of the machine that captured: whatever its AF_INET6 was.
Decoded PacketWalk::address_family(std::uint32_t family) {
    if (!in_.ok()) return incomplete();
    if (family > 0xffff) family = __builtin_bswap32(family);
    switch (family) {
        case 2: return ipv4();
        case 10:  // Linux
        case 23:  // Windows
        case 24:  // NetBSD, OpenBSD
        case 28:  // FreeBSD
        case 30:  // macOS
            return ipv6();
        default: return Decoded::unsupported;
    }
}

/// RFC 2516, section 4. Discovery has another code and is not looked into.
Decoded PacketWalk::pppoe() {
    if (!enter()) return not_understood();
    const std::uint16_t version_type_code = in_.u16();
    in_.skip(4);
    if (!in_.ok()) return incomplete();
    return version_type_code == 0x1100 ? ppp() : not_understood();
}

/// PPP with or without RFC 1662 framing, or Cisco's HDLC, which has an Ethernet type instead.
Decoded PacketWalk::hdlc() {
    ByteReader ahead = in_;
    switch (ahead.u16()) {
        case 0xff03: in_ = ahead; return ppp();
        case 0x0f00:
        case 0x8f00: in_ = ahead; return ether_type(in_.u16());
        default: return ppp();
    }
}

/// RFC 1661, section 2: an odd first byte is a compressed protocol number.
Decoded PacketWalk::ppp() {
    if (!enter()) return not_understood();
    std::uint16_t protocol = in_.u8();
    if ((protocol & 1) == 0) protocol = static_cast<std::uint16_t>(protocol << 8 | in_.u8());
    if (!in_.ok()) return incomplete();
    switch (protocol) {
        case 0x0021: return ipv4();
        case 0x0057: return ipv6();
        case 0x0281:
        case 0x0283: return mpls();
        default: return not_understood();
    }
}

/// RFC 3032, and the Ethernet pseudowire of RFC 4448 with or without its control word.
Decoded PacketWalk::mpls() {
    if (!enter()) return not_understood();
    constexpr std::uint32_t bottom_of_stack = 0x100;
    while ((in_.u32() & bottom_of_stack) == 0)
        if (!in_.ok()) return incomplete();
    tunnelled_ = true;

    const std::uint8_t first = ByteReader{in_}.u8();
    ByteReader behind_control_word = in_;
    behind_control_word.skip(4);
    if (first == 0x45) return ipv4();
    if (first >> 4 == 0 && looks_like_ethernet(behind_control_word)) {
        in_ = behind_control_word;
        return ethernet();
    }
    return looks_like_ethernet(in_) ? ethernet() : any_ip();
}

/// RFC 826.
Decoded PacketWalk::arp() {
    const std::uint16_t hardware = in_.u16();
    const std::uint16_t protocol = in_.u16();
    const std::uint16_t lengths = in_.u16();
    ArpMessage& arp = out_.arp;
    arp.operation = in_.u16();
    if (!in_.ok()) return incomplete();
    if ((hardware != arphrd_ether && hardware != arphrd_ieee802) || protocol != ether::ipv4) return not_understood();
    if (lengths != 0x0604) return Decoded::malformed;
    arp.sender_mac = MacAddress{in_.array<6>()};
    arp.sender_ip = read_ipv4_address(in_);
    arp.target_mac = MacAddress{in_.array<6>()};
    arp.target_ip = read_ipv4_address(in_);
    if (!in_.ok()) return incomplete();
    cut_ = false;
    begin_without_ip(PacketKind::arp);
    return Decoded::packet;
}

/// IEEE 802.1AB, or Cisco's CDP. Its reader finds the end by itself.
Decoded PacketWalk::announcement(PacketKind kind) {
    if (has_ip_) return not_understood();
    begin_without_ip(kind);
    out_.payload = in_.rest();
    return Decoded::packet;
}

void PacketWalk::begin_without_ip(PacketKind kind) {
    out_.kind = kind;
    out_.src = out_.dst = {};
    out_.src_port = out_.dst_port = {};
    out_.proto = Proto::none;
    out_.ttl = 0;
    out_.ip_packet = out_.payload = {};
    if (tunnelled_) out_.src_mac = out_.dst_mac = {};
}

}  // namespace linnet
