// MikroTik's neighbour discovery (MNDP) on port 5678: what a router announces (help.mikrotik.com, Neighbor discovery; fields
// as Wireshark's packet-mndp knows them). Hints: name (identity), version, product (platform) and model (board). Its
// software id is a number of the licence and not told.
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::uint16_t port = 5678;

std::string_view key_of(std::uint16_t type) {
    switch (type) {
        case 5: return "name";
        case 7: return "version";
        case 8: return "product";
        case 12: return "model";
        default: return {};
    }
}

bool wants(const Packet& packet) { return packet.proto == Proto::udp && packet.dst_port.number == port; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    ByteReader reader{packet.payload};
    reader.skip(4);  // kind and number of the message
    SenderHints hints{packet, "mikrotik", emit};
    while (!reader.at_end()) {
        const std::uint16_t type = reader.u16();
        const auto value = reader.text(reader.u16());
        if (!reader.ok()) return;
        if (const auto key = key_of(type); !key.empty()) hints.tell(key, value);
    }
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector mikrotik{"mikrotik", wants, inspect, ports};

}  // namespace linnet
