// Devices at home that are steered or read in clear by anybody who asks, each with its own little protocol. Told of the
// answer, since a knock alone is nothing.
//   CoAP           RFC 7252: a response with success (class 2)
//   TP-Link Kasa   port 9999: JSON, each byte XORed with the one before it, beginning with 171; over TCP behind its length
//   LIFX           lan.developer.lifx.com: a state or an acknowledgement
//   WiZ            port 38899: JSON with a result
//   BACnet/IP      ASHRAE 135, annex J and clause 20.1: an acknowledgement
//   Tuya           port 6668, version 3.1 of its protocol, whose states are plain JSON; later ones are encrypted
//   Yeelight       yeelight.com, WiFi light third-party control protocol: a result
//   Modbus/TCP     modbus.org, Messaging on TCP/IP implementation guide: an answer that is no exception
#include "datagram_text.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/line_reader.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

bool is_coap_success(std::string_view message) {
    ByteReader reader{message};
    const std::uint8_t first = reader.u8(), code = reader.u8();
    const unsigned version = first >> 6U, token = first & 0x0FU;
    reader.skip(2 + token);
    if (!reader.ok() || version != 1 || token > 8 || code < 0x41 || code > 0x45) return false;
    while (!reader.at_end()) {  // options, section 3.1
        const std::uint8_t option = reader.u8();
        if (option == 0xFF) return !reader.at_end();
        const auto extended = [&](unsigned nibble) -> std::size_t {
            if (nibble == 13) return 13U + reader.u8();
            if (nibble == 14) return 269U + reader.u16();
            if (nibble == 15) reader.fail();
            return nibble;
        };
        extended(option >> 4U);
        reader.skip(extended(option & 0x0FU));
    }
    return reader.ok();
}

/// The beginning is enough: a JSON object of plain characters.
bool is_kasa_object(std::string_view hidden) {
    constexpr std::size_t enough = 16;
    if (hidden.size() < enough) return false;
    std::uint8_t key = 171;
    for (std::size_t i = 0; i < enough; ++i) {
        const auto byte = static_cast<std::uint8_t>(hidden[i]);
        const char plain = static_cast<char>(byte ^ key);
        key = byte;
        if ((i == 0 && plain != '{') || (i == 1 && plain != '"') || plain < ' ' || plain > '~') return false;
    }
    return true;
}

bool is_kasa_stream(std::string_view message) {
    constexpr std::uint32_t longest = 65'536;
    ByteReader reader{message};
    const std::uint32_t length = reader.u32();
    return reader.ok() && length <= longest && is_kasa_object(message.substr(4));
}

bool is_lifx_state(std::string_view message) {
    constexpr std::array<unsigned, 4> types{22, 45, 107, 118};  // power, acknowledgement, light, its power
    const auto at = [&](std::size_t i) { return static_cast<unsigned>(static_cast<std::uint8_t>(message[i])); };
    if (message.size() < 36 || (at(0) | at(1) << 8U) != message.size()) return false;
    const unsigned protocol = at(2) | at(3) << 8U, type = at(32) | at(33) << 8U;
    return (protocol & 0xDFFFU) == 0x1400 && std::find(types.begin(), types.end(), type) != types.end();
}

bool is_wiz_result(std::string_view message) {
    return message.starts_with('{') && message.find("\"result\":") != std::string_view::npos &&
           (message.find("\"method\":\"setPilot\"") != std::string_view::npos ||
            message.find("\"method\":\"getPilot\"") != std::string_view::npos);
}

bool is_bacnet_acknowledgement(std::string_view message) {
    ByteReader reader{message};
    const std::uint8_t type = reader.u8(), function = reader.u8();
    const std::uint16_t length = reader.u16();
    if (type != 0x81 || function != 0x0A || length != message.size() || reader.u8() != 1) return false;
    const std::uint8_t control = reader.u8();
    const auto skip_address = [&] {
        reader.skip(2);
        reader.skip(reader.u8());
    };
    if ((control & 0x80) != 0) return false;  // a message of the network layer
    if ((control & 0x20) != 0) skip_address();
    if ((control & 0x08) != 0) skip_address();
    if ((control & 0x20) != 0) reader.skip(1);
    const unsigned kind = reader.u8() >> 4U;
    return reader.ok() && (kind == 2 || kind == 3);  // SimpleACK, ComplexACK
}

bool is_tuya_state(std::string_view message) {
    ByteReader reader{message};
    const std::uint32_t prefix = reader.u32();
    reader.skip(4);
    const std::uint32_t command = reader.u32(), length = reader.u32(), result = reader.u32();
    return reader.ok() && prefix == 0x000055aa && (command == 8 || command == 10) && length < 0x10000 && result == 0 &&
           text_of(reader.rest()).starts_with("{\"");
}

bool is_yeelight_result(std::string_view message) {
    LineReader lines{message};
    while (const auto line = lines.next()) {
        if (line->text.starts_with("{\"id\":") && line->text.find("\"result\":") != std::string_view::npos) return true;
    }
    return false;
}

bool is_modbus_answer(std::string_view message) {
    ByteReader reader{message};
    reader.skip(2);
    const std::uint16_t protocol = reader.u16(), length = reader.u16();
    reader.skip(1);
    const std::uint8_t function = reader.u8();
    constexpr std::array<std::uint8_t, 10> functions{1, 2, 3, 4, 5, 6, 15, 16, 22, 23};
    return reader.ok() && protocol == 0 && length >= 3 && length <= 254 && reader.remaining() + 2 >= length &&
           std::find(functions.begin(), functions.end(), function) != functions.end();
}

struct LocalProtocol {
    std::uint16_t port;
    std::string_view name;
    bool (*answers)(std::string_view message);
};
constexpr std::array<LocalProtocol, 5> datagram_protocols{{{5683, "coap", is_coap_success},
                                                           {9999, "kasa", is_kasa_object},
                                                           {56700, "lifx", is_lifx_state},
                                                           {38899, "wiz", is_wiz_result},
                                                           {47808, "bacnet", is_bacnet_acknowledgement}}};
constexpr std::array<LocalProtocol, 4> stream_protocols{{{6668, "tuya", is_tuya_state},
                                                         {9999, "kasa", is_kasa_stream},
                                                         {55443, "yeelight", is_yeelight_result},
                                                         {502, "modbus", is_modbus_answer}}};

template <std::size_t Size>
const LocalProtocol* at_port(const std::array<LocalProtocol, Size>& protocols, Port port) {
    const auto* found =
        std::find_if(protocols.begin(), protocols.end(), [&](const auto& p) { return p.port == port.number; });
    return found == protocols.end() ? nullptr : found;
}

Observation observation_of(const LocalProtocol& protocol) {
    Observation seen;
    seen.kind = ObservationKind::open_control;
    seen.protocol = protocol.name;
    return seen;
}

bool wants_packet(const Packet& packet) {
    return packet.proto == Proto::udp && at_port(datagram_protocols, packet.src_port) != nullptr &&
           !packet.dst.is_multicast() && !packet.dst.is_broadcast();
}

void inspect_packet(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    const auto* protocol = at_port(datagram_protocols, packet.src_port);
    if (!protocol->answers(text_of(packet.payload))) return;
    auto seen = observation_of(*protocol);
    seen.at = packet.at;
    seen.client = {packet.dst, packet.dst_port, packet.dst_mac};
    seen.server = {packet.src, packet.src_port, packet.src_mac};
    emit(std::move(seen));
}

bool wants(const Conversation& c) { return at_port(stream_protocols, c.server.port) != nullptr; }

void inspect(const Conversation& c, Findings& findings) {
    const auto* protocol = at_port(stream_protocols, c.server.port);
    if (!c.client_head.empty() && protocol->answers(c.server_head)) findings.tell(observation_of(*protocol));
}

/// The ports of datagram_protocols.
constexpr auto ports = [] {
    std::array<std::uint16_t, datagram_protocols.size()> numbers{};
    std::transform(datagram_protocols.begin(), datagram_protocols.end(), numbers.begin(),
                   [](const auto& p) { return p.port; });
    return numbers;
}();

}  // namespace

const DatagramDissector local_control{"local-control", wants_packet, inspect_packet, ports};
const StreamDissector local_control_stream{"local-control", wants, inspect};

}  // namespace linnet
