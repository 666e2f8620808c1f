// Packets as the decoder would hand them over, for tests of what stands behind it.
#pragma once

#include "sensor/packet.hpp"

#include <chrono>
#include <string_view>

namespace linnet::test {

inline IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }
inline MacAddress mac(std::string_view text) { return *MacAddress::parse(text); }
inline Timestamp at(double seconds) {
    return Timestamp{std::chrono::seconds{1'700'000'000}} + Duration{static_cast<std::int64_t>(seconds * 1e6)};
}
inline Bytes bytes(std::string_view text) { return std::as_bytes(std::span{text.data(), text.size()}); }

/// "192.168.1.20:40000" as two arguments would be longer to read.
struct Side {
    std::string_view ip;
    std::uint16_t port = 0;
};

inline Packet packet(double seconds, Proto proto, Side from, Side to) {
    Packet p;
    p.at = at(seconds);
    p.wire_length = 60;
    p.proto = proto;
    p.src = ip(from.ip);
    p.dst = ip(to.ip);
    p.src_port = {from.port};
    p.dst_port = {to.port};
    return p;
}

inline Packet tcp(double seconds, Side from, Side to, std::uint8_t flags, std::uint32_t seq = 0, std::uint32_t ack = 0,
                  std::string_view payload = {}) {
    Packet p = packet(seconds, Proto::tcp, from, to);
    p.tcp.flags = flags;
    p.tcp.seq = seq;
    p.tcp.ack = ack;
    p.payload = bytes(payload);
    p.wire_length = static_cast<std::uint32_t>(54 + payload.size());
    return p;
}

inline Packet udp(double seconds, Side from, Side to, std::string_view payload) {
    Packet p = packet(seconds, Proto::udp, from, to);
    p.payload = bytes(payload);
    p.wire_length = static_cast<std::uint32_t>(42 + payload.size());
    return p;
}

}  // namespace linnet::test
