// CoAP (RFC 7252): the resources that a device lists as its own (link format, RFC 6690), in answers and where it registers
// itself (RFC 9176; LwM2M). Hints: resource ("/sensors/temp") and, of a registration, name (ep). What a client asks for is
// not told: paths have keys in them at times. Shelly's CoIoT (shelly-api-docs.shelly.cloud, gen1) is CoAP with an option of
// its own: source shelly, model ("SHSW-25").
#include "datagram_text.hpp"
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <array>
#include <string>

namespace linnet {
namespace {

constexpr std::uint16_t port = 5683;
namespace option {
constexpr unsigned uri_path = 11, content_format = 12, uri_query = 15, shelly_device = 3332;
}
constexpr unsigned link_format = 40;
namespace code {
constexpr std::uint8_t post = 0x02, shelly_status = 0x1E, content = 0x45;
}

struct Message {
    std::uint8_t code = 0;
    unsigned format = 0;
    std::string_view first_path, endpoint, shelly_device, payload;
    bool whole = false;
};

unsigned number_in(std::string_view bytes) {
    unsigned number = 0;
    for (const char c : bytes.substr(0, 2)) number = number << 8U | static_cast<unsigned char>(c);
    return number;
}

void read_option(unsigned number, std::string_view value, Message& message) {
    if (number == option::content_format) message.format = number_in(value);
    if (number == option::uri_path && message.first_path.empty()) message.first_path = value;
    if (number == option::uri_query && value.starts_with("ep=")) message.endpoint = value.substr(3);
    if (number == option::shelly_device) message.shelly_device = value;
}

/// Section 3.
Message read_message(Bytes payload) {
    Message message;
    ByteReader reader{payload};
    const std::uint8_t first = reader.u8();
    message.code = reader.u8();
    const unsigned token = first & 0x0FU;
    reader.skip(2 + token);
    if (first >> 6U != 1 || token > 8) return message;
    const auto extended = [&](unsigned nibble) -> unsigned {
        if (nibble == 13) return 13U + reader.u8();
        if (nibble == 14) return 269U + reader.u16();
        if (nibble == 15) reader.fail();
        return nibble;
    };
    unsigned number = 0;
    while (!reader.at_end()) {
        const std::uint8_t head = reader.u8();
        if (head == 0xFF) {
            message.payload = reader.text(reader.remaining());
            break;
        }
        number += extended(head >> 4U);
        const auto value = reader.text(extended(head & 0x0FU));
        if (!reader.ok()) return message;
        read_option(number, value, message);
    }
    message.whole = reader.ok();
    return message;
}

/// "</a>;rt=x,</b>": each target between its brackets. Brackets in quoted attributes are taken for some, which does no harm.
void tell_links(std::string_view links, SenderHints& hints) {
    while (true) {
        const auto open = links.find('<');
        if (open == std::string_view::npos) return;
        links.remove_prefix(open + 1);
        const auto close = links.find('>');
        if (close == std::string_view::npos) return;
        if (links.starts_with('/')) hints.tell("resource", links.substr(0, close));
        links.remove_prefix(close + 1);
    }
}

bool wants(const Packet& packet) {
    return packet.proto == Proto::udp && (packet.src_port.number == port || packet.dst_port.number == port);
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    const auto message = read_message(packet.payload);
    if (!message.whole) return;
    SenderHints hints{packet, "coap", emit};
    const bool is_list = message.format == link_format;
    if (message.code == code::content && is_list && packet.src_port.number == port) tell_links(message.payload, hints);
    if (message.code == code::post && message.first_path == "rd") {
        hints.tell("name", message.endpoint);
        if (is_list) tell_links(message.payload, hints);
    }
    const auto& shelly = message.shelly_device;
    if (message.code == code::shelly_status || message.code == code::content)
        SenderHints{packet, "shelly", emit}.tell("model", shelly.substr(0, shelly.find('#')));
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector coap{"coap", wants, inspect, ports};

}  // namespace linnet
