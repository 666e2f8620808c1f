// LIFX lamps (lan.developer.lifx.com): what one answers. Hints: product ("1:27", numbers of maker and product), name (its
// label), version (of its firmware, "3.70") and service, where it says no more than that it is there.
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <fmt/format.h>

#include <array>

namespace linnet {
namespace {

constexpr std::uint16_t port = 56700;
namespace message {
constexpr std::uint16_t service = 3, firmware = 15, label = 25, version = 33, light = 107;
}

std::string_view up_to_zero(std::string_view text) { return text.substr(0, text.find('\0')); }

bool wants(const Packet& packet) { return packet.proto == Proto::udp && packet.src_port.number == port; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    const std::uint16_t size = reader.u16_le(), protocol = reader.u16_le();
    reader.skip(28);  // source, target, number, time
    const std::uint16_t type = reader.u16_le();
    reader.skip(2);
    if (!reader.ok() || size != packet.payload.size() || (protocol & 0x1FFFU) != 0x1400) return;
    SenderHints hints{packet, "lifx", emit};
    const auto tell = [&](std::string_view key, const auto& value) {
        if (reader.ok()) hints.tell(key, value);
    };
    switch (type) {
        case message::service: return tell("service", std::to_string(reader.u8()));
        case message::label: return tell("name", up_to_zero(reader.text(32)));
        case message::light: reader.skip(12); return tell("name", up_to_zero(reader.text(32)));
        case message::version: {
            const std::uint32_t maker = reader.u32_le(), product = reader.u32_le();
            return tell("product", fmt::format("{}:{}", maker, product));
        }
        case message::firmware: {
            reader.skip(16);
            const std::uint16_t minor = reader.u16_le(), major = reader.u16_le();
            return tell("version", fmt::format("{}.{}", major, minor));
        }
        default: return;
    }
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector lifx{"lifx", wants, inspect, ports};

}  // namespace linnet
