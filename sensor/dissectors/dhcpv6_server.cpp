// DHCPv6 (RFC 8415): what servers offer. Hints, source "dhcpv6-server", of each Advertise and Reply that gives something,
// offered-to last: offered-network (the first address's /64), offered-resolver (option 23, RFC 3646), offered-to (the
// hardware address that it was sent to).
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace linnet {
namespace {

constexpr std::uint16_t server_port = 547, client_port = 546;
constexpr std::array<std::uint16_t, 1> ports{server_port};
constexpr std::uint8_t advertise = 2, reply = 7;
constexpr std::size_t longest_list = 255;

namespace option {
constexpr std::uint16_t addresses = 3, address = 5, resolvers = 23;
}

/// Calls `each` with number and content of every option; what runs over the end is left out.
template <class Each>
void for_each_option(ByteReader reader, const Each& each) {
    while (!reader.at_end()) {
        const std::uint16_t code = reader.u16(), length = reader.u16();
        const ByteReader value{reader.bytes(length)};
        if (!reader.ok()) return;
        each(code, value);
    }
}

std::string network_of(ByteReader value) {
    IpAddress ip{value.array<16>()};
    if (!value.ok() || !ip.known()) return {};
    std::fill(ip.bytes.begin() + 8, ip.bytes.end(), std::uint8_t{0});
    return to_string(ip) + "/64";
}

std::string list_of(ByteReader value) {
    std::string list;
    while (value.remaining() >= 16) {
        const std::string ip = to_string(IpAddress{value.array<16>()});
        if (list.size() + 1 + ip.size() > longest_list) break;
        if (!list.empty()) list += ',';
        list += ip;
    }
    return list;
}

bool wants(const Packet& packet) {
    return packet.proto == Proto::udp && packet.src_port.number == server_port && packet.dst_port.number == client_port;
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    const std::uint8_t type = reader.u8();
    reader.skip(3);  // transaction
    if (!reader.ok() || (type != advertise && type != reply)) return;
    std::string network, resolvers;
    for_each_option(reader, [&](std::uint16_t code, ByteReader value) {
        if (code == option::resolvers) resolvers = list_of(value);
        if (code != option::addresses) return;
        value.skip(12);  // number, times
        for_each_option(value, [&](std::uint16_t inner, ByteReader address) {
            if (inner == option::address && network.empty()) network = network_of(address);
        });
    });
    if (network.empty() && resolvers.empty()) return;
    const auto hint = [&](const char* key, std::string value) {
        if (!value.empty())
            emit(DeviceHint{.at = packet.at,
                            .mac = packet.src_mac,
                            .ip = packet.src,
                            .source = "dhcpv6-server",
                            .key = key,
                            .value = std::move(value)});
    };
    hint("offered-network", network);
    hint("offered-resolver", resolvers);
    hint("offered-to", packet.dst_mac.known() ? to_string(packet.dst_mac) : to_string(packet.dst));
}

}  // namespace

const DatagramDissector dhcpv6_server{"dhcpv6-server", wants, inspect, ports};

}  // namespace linnet
