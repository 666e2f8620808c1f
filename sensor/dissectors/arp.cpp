// ARP (RFC 826): who says that it has which address. Probes (RFC 5227: sender address 0.0.0.0) say nothing yet.
#include "sensor/dissectors.hpp"

#include <array>

namespace linnet {
namespace {

bool wants(const Packet& packet) { return packet.kind == PacketKind::arp; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    const ArpMessage& arp = packet.arp;
    if (arp.operation != 1 && arp.operation != 2) return;
    if (!arp.sender_mac.known() || arp.sender_mac.is_group()) return;
    if (packet.src_mac.known() && packet.src_mac != arp.sender_mac) return;  // a proxy, or a lie
    if (arp.sender_ip.is_unspecified() || arp.sender_ip.is_multicast() || arp.sender_ip.is_broadcast()) return;
    emit(AddressBinding{.at = packet.at, .mac = arp.sender_mac, .ip = arp.sender_ip, .source = "arp"});
}

constexpr std::array<std::uint16_t, 1> no_port{0};

}  // namespace

const DatagramDissector arp{"arp", wants, inspect, no_port};

}  // namespace linnet
