// Any datagram, for every datagram dissector, and as a question to a resolver: the first byte chooses the ports, the rest is
// the payload.
#include "sensor/dissector.hpp"
#include "sensor/dissectors/dns_message.hpp"
#include "sensor/sensor_signatures.hpp"
#include "wire/data_directory.hpp"

#include <array>
#include <cstdint>
#include <cstdlib>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto defaults = SensorSignatures::read(signatures_directory());
    if (size < 1) return 0;
    Packet packet;
    packet.proto = Proto::udp;
    struct Ports {
        Port from, to;
    };
    static constexpr std::array<Ports, 31> ports{{{{68}, {67}},
                                                  {{40000}, {161}},
                                                  {{40000}, {161}},
                                                  {{53}, {40000}},
                                                  {{5351}, {40000}},
                                                  {},
                                                  {{40000}, {69}},
                                                  {{5683}, {40000}},
                                                  {{9999}, {40000}},
                                                  {{56700}, {40000}},
                                                  {{38899}, {40000}},
                                                  {{47808}, {47808}},
                                                  {{40000}, {9034}},
                                                  {{40000}, {1900}},
                                                  {{5353}, {5353}},
                                                  {{1900}, {40000}},
                                                  {{546}, {547}},
                                                  {{5355}, {40000}},
                                                  {{137}, {137}},
                                                  {{138}, {138}},
                                                  {{3702}, {3702}},
                                                  {{20002}, {40000}},
                                                  {{4001}, {4002}},
                                                  {{40000}, {6666}},
                                                  {{40000}, {6667}},
                                                  {{54321}, {40000}},
                                                  {{3671}, {3671}},
                                                  {{10001}, {10001}},
                                                  {{5678}, {5678}},
                                                  {{40000}, {1982}},
                                                  {}}};
    const std::size_t choice = data[0] % ports.size();
    packet.src_port = ports[choice].from;
    packet.dst_port = ports[choice].to;
    packet.icmp.is_unreachable = choice == 2;
    if (choice == 5) packet.kind = PacketKind::lldp;
    if (choice == 30) packet.kind = PacketKind::cdp;
    packet.src_mac.bytes[5] = 1;
    packet.icmp.about_proto = Proto::udp;
    packet.icmp.about_dst_port = {162};
    packet.payload = packet.ip_packet = std::as_bytes(std::span{data + 1, size - 1});
    packet.src = IpAddress::v4(0xC0A8011E);
    read_datagram(packet, defaults, [](Event&& event) {
        const auto* hint = std::get_if<DeviceHint>(&event);
        if (hint != nullptr && (hint->value.empty() || hint->value.size() > 255)) std::abort();
    });
    // Questions to port 53, of which the sensor keeps the name until it is answered.
    const auto name = read_dns_question(packet.payload);
    if (name && (name->empty() || name->size() > 255)) std::abort();
    return 0;
}
