// LLMNR (RFC 4795): who answers to a name has it. Hint: hostname.
#include "dns_name.hpp"
#include "sender_hints.hpp"
#include "sensor/dissectors.hpp"

#include <array>
#include <string>

namespace linnet {
namespace {

constexpr std::uint16_t port = 5355;

bool wants(const Packet& packet) { return packet.proto == Proto::udp && packet.src_port.number == port; }

/// Section 2.1.1: a response with an answer and without an error, to a question about the very name; T marks one that is not
/// certain yet. The name of an address asked for (in-addr.arpa) is not the name that the answer gives.
void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    constexpr std::uint16_t response = 0x8000, opcode_tentative_rcode = 0x790F, type_a = 1, type_aaaa = 28;
    ByteReader reader{packet.payload};
    reader.skip(2);
    const std::uint16_t flags = reader.u16(), questions = reader.u16(), answers = reader.u16();
    reader.skip(4);
    if (!reader.ok() || (flags & (response | opcode_tentative_rcode)) != response || questions != 1 || answers == 0) return;
    std::string name;
    read_dns_name(reader, packet.payload, [&](std::string_view label) {
        if (!name.empty()) name += '.';
        name += label;
    });
    const std::uint16_t type = reader.u16();
    if (reader.ok() && (type == type_a || type == type_aaaa)) SenderHints{packet, "llmnr", emit}.tell("hostname", name);
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector llmnr{"llmnr", wants, inspect, ports};

}  // namespace linnet
