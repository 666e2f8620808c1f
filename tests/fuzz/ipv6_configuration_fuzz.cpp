// Any ICMPv6 message for neighbour discovery, any answer of a DHCPv6 server: the first byte chooses, the rest is the
// message.
#include "sensor/dissectors.hpp"
#include "sensor/sensor_signatures.hpp"

#include <cstdint>
#include <cstdlib>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const SensorSignatures defaults;
    constexpr std::size_t icmp_header = 8;
    if (size < 1 + icmp_header) return 0;
    const unsigned choice = data[0] % 4;
    Packet packet;
    packet.src_mac.bytes[5] = 1;
    packet.src.bytes[0] = 0xfe;
    packet.src.bytes[1] = 0x80;
    packet.ttl = 255;
    packet.payload = packet.ip_packet = std::as_bytes(std::span{data + 1, size - 1});
    packet.proto = choice < 3 ? Proto::icmpv6 : Proto::udp;
    packet.src_port = {547};
    packet.dst_port = {546};
    if (choice < 3) {
        packet.icmp.type = static_cast<std::uint8_t>(134 + choice);
        packet.payload = packet.ip_packet.subspan(icmp_header);
    }
    for (const auto* dissector : {&ndp, &dhcpv6_server}) {
        if (!dissector->wants(packet)) continue;
        dissector->inspect(packet, defaults, [](Event&& event) {
            const auto* hint = std::get_if<DeviceHint>(&event);
            if (hint != nullptr && (hint->value.empty() || hint->value.size() > 255)) std::abort();
        });
    }
    return 0;
}
