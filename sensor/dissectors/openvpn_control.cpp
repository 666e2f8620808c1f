#include "openvpn_control.hpp"

#include "sensor/byte_reader.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr std::uint8_t reset_client_v2 = 7, reset_client_v3 = 10, control = 4, max_acks = 8;

}  // namespace

bool starts_like_openvpn(std::string_view client_head) {
    constexpr std::uint16_t shortest = 14, longest = 200;
    ByteReader in{client_head};
    const std::uint16_t length = in.u16();
    const std::uint8_t operation = in.u8() >> 3;
    return in.ok() && length >= shortest && length <= longest &&
           (operation == reset_client_v2 || operation == reset_client_v3);
}

std::string openvpn_control(std::string_view head) {
    std::string joined;
    ByteReader in{head};
    while (!in.at_end()) {
        const std::size_t length = in.u16();
        ByteReader packet{in.text(std::min(length, in.remaining()))};
        const std::uint8_t operation = packet.u8() >> 3;
        packet.skip(8);  // session
        const std::uint8_t acks = packet.u8();
        packet.skip(acks * 4U + (acks > 0 ? 8U : 0U));  // and the other side's session
        packet.skip(4);                                 // number of this packet
        if (packet.ok() && operation == control && acks <= max_acks) joined += packet.text(packet.remaining());
    }
    return joined;
}

}  // namespace linnet
