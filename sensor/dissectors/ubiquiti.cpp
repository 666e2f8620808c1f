// Ubiquiti's discovery on port 10001 (versions 1 and 2; svn.nmap.org, ubiquiti-discovery): what a device answers or
// announces. Hints: model, product (its short name), name and version. Network names and the like are not read.
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::uint16_t port = 10001;

std::string_view key_of(std::uint8_t type) {
    switch (type) {
        case 0x03:
        case 0x16: return "version";
        case 0x0B: return "name";
        case 0x0C:
        case 0x15: return "product";
        case 0x14: return "model";
        default: return {};
    }
}

bool wants(const Packet& packet) {
    return packet.proto == Proto::udp && (packet.src_port.number == port || packet.dst_port.number == port);
}

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    const std::uint8_t version = reader.u8();
    reader.skip(1);  // command
    const std::uint16_t size = reader.u16();
    if (!reader.ok() || (version != 1 && version != 2) || size == 0 || size != reader.remaining()) return;
    SenderHints hints{packet, "ubiquiti", emit};
    while (!reader.at_end()) {
        const std::uint8_t type = reader.u8();
        const auto value = reader.text(reader.u16());
        if (!reader.ok()) return;
        if (const auto key = key_of(type); !key.empty()) hints.tell(key, value);
    }
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector ubiquiti{"ubiquiti", wants, inspect, ports};

}  // namespace linnet
