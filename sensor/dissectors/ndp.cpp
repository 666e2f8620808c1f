// IPv6 neighbour discovery (RFC 4861): who says that it has which address, and which routers offer themselves. A message
// that came through a router, or in a tunnel, is none (hop limit 255, sections 6.1 and 7.1).
//
// Bindings: the source of a solicitation, the target of an advertisement that overrides what others said before, the router
// of a router advertisement. As with ARP, who names another's hardware address than its own is not believed. Hints, source
// "router-advertisement", of a router that offers a way out or a resolver; for each advertisement anew, offered-to last:
// managed ("yes" where addresses or other things come by DHCPv6), offered-network (prefixes, "2001:db8::/64,…"),
// offered-router (where it is a default router), offered-resolver (RFC 8106), offered-to ("all").
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <fmt/format.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

namespace linnet {
namespace {

namespace message {
constexpr std::uint8_t router_advertisement = 134, solicitation = 135, advertisement = 136;
}
namespace option {
constexpr std::uint8_t source_link = 1, target_link = 2, prefix = 3, resolvers = 25;
}
constexpr std::uint32_t override_flag = 0x20000000;
constexpr std::uint8_t managed_flags = 0xc0;  // M and O
constexpr std::array<std::uint16_t, 1> no_port{0};
constexpr std::size_t icmp_header = 8, longest_list = 255;

struct Options {
    std::optional<MacAddress> source, target;
    std::string prefixes, resolvers;
};

void append(std::string& list, std::string&& item) {
    if (list.size() + 1 + item.size() > longest_list) return;
    if (!list.empty()) list += ',';
    list += item;
}

/// Section 4.6.2: only prefixes that are on this link.
void read_prefix(ByteReader value, Options& out) {
    constexpr std::uint8_t on_link = 0x80;
    const std::uint8_t length = value.u8();
    const std::uint8_t flags = value.u8();
    value.skip(12);
    const IpAddress prefix{value.array<16>()};
    if (value.ok() && length <= 128 && (flags & on_link) != 0)
        append(out.prefixes, fmt::format("{}/{}", to_string(prefix), length));
}

/// RFC 8106, section 5.1: a lifetime of 0 takes them back.
void read_resolvers(ByteReader value, Options& out) {
    value.skip(2);
    if (value.u32() == 0) return;
    while (value.remaining() >= 16) append(out.resolvers, to_string(IpAddress{value.array<16>()}));
}

std::optional<MacAddress> read_link(ByteReader value) {
    const MacAddress mac{value.array<6>()};
    if (!value.ok() || !mac.known() || mac.is_group()) return std::nullopt;
    return mac;
}

/// False where one of them is malformed: then the whole message is to be discarded.
bool read_options(ByteReader reader, Options& out) {
    while (!reader.at_end()) {
        const std::uint8_t kind = reader.u8();
        const std::size_t length = reader.u8() * std::size_t{8};
        if (length == 0) return false;
        const ByteReader value{reader.bytes(length - 2)};
        if (!reader.ok()) return false;
        if (kind == option::source_link) out.source = read_link(value);
        if (kind == option::target_link) out.target = read_link(value);
        if (kind == option::prefix) read_prefix(value, out);
        if (kind == option::resolvers) read_resolvers(value, out);
    }
    return reader.ok();
}

bool is_link_local(const IpAddress& ip) { return ip.bytes[0] == 0xfe && (ip.bytes[1] & 0xc0) == 0x80; }

bool is_somebody(const IpAddress& ip) { return !ip.is_unspecified() && !ip.is_multicast(); }

void tell_owner(const Packet& packet, const std::optional<MacAddress>& mac, const IpAddress& ip, const Emit& emit) {
    if (!mac || !is_somebody(ip) || (packet.src_mac.known() && packet.src_mac != *mac)) return;
    emit(AddressBinding{.at = packet.at, .mac = *mac, .ip = ip, .source = "ndp"});
}

/// `fixed`: hop limit, flags and lifetime, the last four bytes of the ICMP header.
void tell_router(const Packet& packet, std::uint32_t fixed, const Options& options, const Emit& emit) {
    const bool is_default_router = (fixed & 0xffffU) != 0;
    if (!is_default_router && options.resolvers.empty()) return;
    const auto hint = [&](const char* key, std::string value) {
        if (!value.empty())
            emit(DeviceHint{.at = packet.at,
                            .mac = packet.src_mac,
                            .ip = packet.src,
                            .source = "router-advertisement",
                            .key = key,
                            .value = std::move(value)});
    };
    hint("managed", (fixed >> 16U & managed_flags) != 0 ? "yes" : "no");
    hint("offered-network", options.prefixes);
    if (is_default_router) hint("offered-router", to_string(packet.src));
    hint("offered-resolver", options.resolvers);
    hint("offered-to", "all");
}

bool wants(const Packet& packet) {
    return packet.proto == Proto::icmpv6 && packet.icmp.type >= message::router_advertisement &&
           packet.icmp.type <= message::advertisement && packet.ttl == 255 && packet.icmp.code == 0 && !packet.tunnelled &&
           packet.ip_packet.size() >= packet.payload.size() + icmp_header;
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader header{packet.ip_packet.last(packet.payload.size() + icmp_header)};
    header.skip(4);
    const std::uint32_t fixed = header.u32();
    ByteReader reader{packet.payload};
    Options options;
    if (packet.icmp.type == message::router_advertisement) {
        reader.skip(8);  // reachable time, retransmission timer
        if (!reader.ok() || !is_link_local(packet.src) || !read_options(reader, options)) return;
        tell_owner(packet, options.source, packet.src, emit);
        return tell_router(packet, fixed, options, emit);
    }
    const IpAddress target{reader.array<16>()};
    if (!reader.ok() || !is_somebody(target) || !read_options(reader, options)) return;
    if (packet.icmp.type == message::solicitation) return tell_owner(packet, options.source, packet.src, emit);
    if ((fixed & override_flag) == 0) return;  // a proxy, or one of several (section 7.2.4)
    // An answer to one neighbour may leave the option out (section 4.4).
    const std::optional<MacAddress> sender = packet.src_mac.known() ? std::optional{packet.src_mac} : std::nullopt;
    tell_owner(packet, options.target || packet.src != target ? options.target : sender, target, emit);
}

}  // namespace

const DatagramDissector ndp{"ndp", wants, inspect, no_port};

}  // namespace linnet
