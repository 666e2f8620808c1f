// DNS (RFC 1035): which name was asked for and what the answer was, over UDP and TCP. Port 53 only: what the neighbours ask
// each other by multicast is something else.
#include "dns_message.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <array>
#include <utility>

namespace linnet {
namespace {

constexpr std::uint16_t port = 53;

bool wants_packet(const Packet& packet) { return packet.proto == Proto::udp && packet.src_port.number == port; }

void inspect_packet(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    auto binding = read_dns_response(packet.payload);
    if (!binding) return;
    binding->at = packet.at;
    binding->client = {packet.dst, packet.dst_port, packet.dst_mac};
    binding->resolver = {packet.src, packet.src_port, packet.src_mac};
    emit(*std::move(binding));
}

bool wants(const Conversation& c) { return c.server.port.number == port; }

/// RFC 1035, section 4.2.2: two bytes of length before each message.
void inspect(const Conversation& c, Findings& findings) {
    ByteReader reader{c.server_head};
    while (!reader.at_end()) {
        const auto message = reader.bytes(reader.u16());
        if (!reader.ok()) return;
        auto binding = read_dns_response(message);
        if (!binding) continue;
        binding->resolver = c.server;
        findings.tell(*std::move(binding));
    }
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector dns{"dns", wants_packet, inspect_packet, ports};
const StreamDissector dns_over_tcp{"dns", wants, inspect};

}  // namespace linnet
