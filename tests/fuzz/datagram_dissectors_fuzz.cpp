// Any datagram, for every datagram dissector: the first byte chooses the ports, the rest is the payload.
#include "sensor/dissector.hpp"
#include "sensor/sensor_signatures.hpp"

#include <cstdint>
#include <cstdlib>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const SensorSignatures defaults;
    if (size < 1) return 0;
    Packet packet;
    packet.proto = Proto::udp;
    packet.src_port = {static_cast<std::uint16_t>(data[0] % 3 == 0 ? 68 : 40000)};
    packet.dst_port = {static_cast<std::uint16_t>(data[0] % 3 == 0 ? 67 : 161)};
    packet.icmp.is_unreachable = data[0] % 3 == 2;
    packet.icmp.about_proto = Proto::udp;
    packet.icmp.about_dst_port = {162};
    packet.payload = packet.ip_packet = std::as_bytes(std::span{data + 1, size - 1});
    for (const auto& dissector : datagram_dissectors()) {
        if (!dissector.wants(packet)) continue;
        dissector.inspect(packet, defaults, [](Event&& event) {
            const auto* hint = std::get_if<DeviceHint>(&event);
            if (hint != nullptr && (hint->value.empty() || hint->value.size() > 255)) std::abort();
        });
    }
    return 0;
}
