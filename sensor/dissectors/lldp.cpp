// LLDP (IEEE 802.1AB-2016, section 8): what a device says about itself. Hints: name and description (of the system), of
// LLDP-MED (ANSI/TIA-1057, section 10.2.6) manufacturer, model and version (software's, firmware's), and mud-url (RFC 8520,
// section 12). Serial and asset numbers are not told.
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <array>

namespace linnet {
namespace {

constexpr unsigned end_of_message = 0, system_name = 5, system_description = 6, organisation_specific = 127;

/// By organisation and its subtype: IANA's 00-00-5E and TIA's 00-12-BB.
std::string_view key_of(std::uint32_t organisation_and_subtype) {
    switch (organisation_and_subtype) {
        case 0x00005e01: return "mud-url";
        case 0x0012bb06:
        case 0x0012bb07: return "version";
        case 0x0012bb09: return "manufacturer";
        case 0x0012bb0a: return "model";
        default: return {};
    }
}

bool wants(const Packet& packet) { return packet.kind == PacketKind::lldp; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    SenderHints hints{packet, "lldp", emit};
    while (!reader.at_end()) {
        const std::uint16_t type_and_length = reader.u16();
        const unsigned type = type_and_length >> 9U;
        ByteReader value{reader.bytes(type_and_length & 0x1FFU)};
        if (!reader.ok() || type == end_of_message) return;
        std::string_view key = type == system_name ? "name" : type == system_description ? "description" : "";
        if (type == organisation_specific) key = key_of(value.u32());
        if (!key.empty()) hints.tell(key, value.text(value.remaining()));
    }
}

constexpr std::array<std::uint16_t, 1> no_port{0};

}  // namespace

const DatagramDissector lldp{"lldp", wants, inspect, no_port};

}  // namespace linnet
