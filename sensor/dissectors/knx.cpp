// KNXnet/IP (EN ISO 22510; KNX Specification 3.8.2): what a gateway answers to a search or to the wish for its description.
// Hints: name and mac. Its serial number is not told.
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

namespace linnet {
namespace {

constexpr std::uint16_t port = 3671, search_response = 0x0202, description_response = 0x0204,
                        extended_search_response = 0x020C;
constexpr std::uint8_t device_information = 1;

/// ISO 8859-1, filled up with zeros, as UTF-8.
std::string from_latin1(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, text.find('\0'))) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xC0U | byte >> 6U);
            out += static_cast<char>(0x80U | (byte & 0x3FU));
        }
    }
    return out;
}

/// 3.8.2, section 7.5.4.2.
void tell_device(ByteReader block, SenderHints& hints) {
    block.skip(2 + 2 + 2 + 6 + 4);  // medium and state, its address, project, serial number, multicast address
    const MacAddress mac{block.array<6>()};
    const auto name = block.text(30);
    if (!block.ok()) return;
    hints.tell("name", from_latin1(name));
    if (mac.known()) hints.tell("mac", to_string(mac));
}

bool wants(const Packet& packet) {
    return packet.proto == Proto::udp && (packet.src_port.number == port || packet.dst_port.number == port);
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    const bool is_knx = reader.u16() == 0x0610;
    const std::uint16_t service = reader.u16(), size = reader.u16();
    if (!reader.ok() || !is_knx || size != packet.payload.size()) return;
    if (service == search_response || service == extended_search_response)
        reader.skip(8);  // where it is reached
    else if (service != description_response)
        return;
    SenderHints hints{packet, "knx", emit};
    while (!reader.at_end()) {
        const std::uint8_t length = reader.u8(), type = reader.u8();
        if (length < 2) return;
        const ByteReader block{reader.bytes(length - 2U)};
        if (reader.ok() && type == device_information) tell_device(block, hints);
    }
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector knx{"knx", wants, inspect, ports};

}  // namespace linnet
