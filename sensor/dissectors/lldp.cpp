// LLDP (IEEE 802.1AB-2016, section 8): the MUD URL that a device says about itself (RFC 8520, section 12). Hint: mud-url.
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

namespace linnet {
namespace {

constexpr unsigned end_of_message = 0, organisation_specific = 127;
constexpr std::uint32_t iana_mud_url = 0x00005e01;  // the organisation 00-00-5E, its subtype 1

bool wants(const Packet& packet) { return packet.kind == PacketKind::lldp && packet.src_mac.known(); }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    while (!reader.at_end()) {
        const std::uint16_t type_and_length = reader.u16();
        const unsigned type = type_and_length >> 9U;
        ByteReader value{reader.bytes(type_and_length & 0x1FFU)};
        if (!reader.ok() || type == end_of_message) return;
        if (type != organisation_specific || value.u32() != iana_mud_url || value.at_end()) continue;
        emit(DeviceHint{.at = packet.at,
                        .mac = packet.src_mac,
                        .ip = {},
                        .source = "lldp",
                        .key = "mud-url",
                        .value = plain_text(value.text(value.remaining()))});
    }
}

}  // namespace

const DatagramDissector lldp{"lldp", wants, inspect};

}  // namespace linnet
