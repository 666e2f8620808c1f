// Attacks that come in one UDP packet: exploits.toml, where = "datagram". Only packets to a port of the list are looked at.
#include "sensor/dissectors.hpp"
#include "sensor/sensor_signatures.hpp"

#include <algorithm>

namespace linnet {
namespace {

bool wants(const Packet& packet) { return packet.proto == Proto::udp && !packet.payload.empty(); }

void inspect(const Packet& packet, const SensorSignatures& signatures, const Emit& emit) {
    const auto& patterns = signatures.patterns;
    if (!patterns.expects_datagram(packet.dst_port)) return;
    const std::string_view text{reinterpret_cast<const char*>(packet.payload.data()),
                                std::min(packet.payload.size(), Conversation::head_size)};
    const auto* pattern = patterns.match_datagram(packet.dst_port, text);
    if (pattern == nullptr) return;
    Observation found;
    found.at = packet.at;
    found.client = {packet.src, packet.src_port, packet.src_mac};
    found.server = {packet.dst, packet.dst_port, packet.dst_mac};
    found.kind = observation_kind(pattern->kind);
    found.entry = pattern->number;
    found.protocol = "udp";
    found.subject = pattern->label;
    emit(std::move(found));
}

}  // namespace

const DatagramDissector datagram_content{"datagram-content", wants, inspect};

}  // namespace linnet
