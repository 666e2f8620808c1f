// Xiaomi's miIO (github.com/OpenMiHome/mihome-binary-protocol): the answer to a hello on port 54321. Hint: type, the upper
// half of the device's number, four hexadecimal digits; old devices give one to each kind of thing. The token behind it,
// which opens a device that nobody has set up yet, is not read.
#include "hexadecimal.hpp"
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::uint16_t port = 54321;

bool wants(const Packet& packet) { return packet.proto == Proto::udp && packet.src_port.number == port; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    constexpr std::uint32_t magic_and_length = 0x21310020, of_a_question = 0xFFFFFFFF;
    ByteReader reader{packet.payload};
    const bool is_hello = reader.remaining() == 32 && reader.u32() == magic_and_length && reader.u32() != of_a_question;
    const auto type = reader.text(2);
    if (reader.ok() && is_hello) SenderHints{packet, "xiaomi", emit}.tell("type", hexadecimal(type));
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector xiaomi{"xiaomi", wants, inspect, ports};

}  // namespace linnet
