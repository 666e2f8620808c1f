// Tuya's broadcasts ("gwId" and the like; github.com/jasonacox/tinytuya, the protocol's description): port 6666 in plain
// JSON, port 6667 encrypted with a key that is the same for all and published. Hints: product (the product's key at Tuya)
// and version (of the protocol); of an encrypted one, version "3.3" or later is all that is told without looking inside:
// "encrypted".
#include "datagram_text.hpp"
#include "json_texts.hpp"
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::uint16_t plain_port = 6666, encrypted_port = 6667;
constexpr std::uint32_t prefix = 0x000055AA, later_prefix = 0x00006699;

/// What the frame carries: behind prefix, number, command, length and, mostly, a result; before checksum and suffix.
std::string_view carried(ByteReader reader) {
    reader.skip(8);
    const std::uint32_t length = reader.u32();
    if (!reader.ok() || length < 8 || length > reader.remaining()) return {};
    auto text = reader.text(length - 8);
    if (text.starts_with(std::string_view{"\0\0\0\0", 4})) text.remove_prefix(4);
    return text;
}

void tell_state(std::string_view document, SenderHints& hints) {
    JsonTexts texts{document};
    while (const auto member = texts.next()) {
        if (member->name == "productKey") hints.tell("product", json_text(member->value));
        if (member->name == "version") hints.tell("version", json_text(member->value));
    }
}

bool wants(const Packet& packet) {
    const auto port = packet.dst_port.number;
    return packet.proto == Proto::udp && (port == plain_port || port == encrypted_port);
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    const std::uint32_t begins = reader.u32();
    SenderHints hints{packet, "tuya", emit};
    if (begins == later_prefix && packet.dst_port.number == encrypted_port) return hints.tell("version", "encrypted");
    if (begins != prefix) return;
    const auto document = carried(reader);
    if (document.starts_with('{')) return tell_state(document, hints);
    if (packet.dst_port.number == encrypted_port && !document.empty() && document.size() % 16 == 0)
        hints.tell("version", "encrypted");
}

constexpr std::array ports{plain_port, encrypted_port};

}  // namespace

const DatagramDissector tuya{"tuya", wants, inspect, ports};

}  // namespace linnet
