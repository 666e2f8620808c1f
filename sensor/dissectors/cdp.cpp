// CDP (Cisco, "Configuring Cisco Discovery Protocol"; fields as in Cisco's LAN protocols reference): what switches, access
// points and telephones announce. Hints: name (its device id), model (platform) and version (the first line of the
// software's).
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::uint16_t device_id = 1, software_version = 5, platform = 6;

bool wants(const Packet& packet) { return packet.kind == PacketKind::cdp; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    const std::uint8_t version = reader.u8();
    reader.skip(3);  // time to live, checksum
    if (!reader.ok() || version < 1 || version > 2) return;
    SenderHints hints{packet, "cdp", emit};
    while (!reader.at_end()) {
        const std::uint16_t type = reader.u16(), length = reader.u16();
        if (length < 4) return;
        const auto value = reader.text(length - 4U);
        if (!reader.ok()) return;
        if (type == device_id) hints.tell("name", value);
        if (type == platform) hints.tell("model", value);
        if (type == software_version) hints.tell("version", value.substr(0, value.find_first_of("\r\n")));
    }
}

constexpr std::array<std::uint16_t, 1> no_port{0};

}  // namespace

const DatagramDissector cdp{"cdp", wants, inspect, no_port};

}  // namespace linnet
