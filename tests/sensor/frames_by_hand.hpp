// Ethernet frames, byte by byte, for tests that begin before the decoder.
#pragma once

#include "packets_by_hand.hpp"

#include <string>

namespace linnet::test {

inline std::string u16(unsigned value) { return {static_cast<char>(value >> 8), static_cast<char>(value)}; }
inline std::string u32(std::uint32_t value) { return u16(value >> 16) + u16(value & 0xffff); }
inline std::string address(std::string_view text) { return u32(ip(text).as_v4()); }

inline constexpr std::string_view laptop_mac{"\x02\x00\x00\x00\x00\x20", 6}, router_mac{"\x02\x00\x00\x00\x00\x01", 6};

/// RFC 791 behind Ethernet; checksums are not verified by the decoder, because network cards fill them in later.
inline std::string ipv4_frame(std::uint8_t proto, std::string_view from, std::string_view to, const std::string& transport) {
    const bool from_laptop = from.starts_with("192.168.1.20");
    std::string frame{from_laptop ? router_mac : laptop_mac};
    frame += from_laptop ? laptop_mac : router_mac;
    frame += u16(0x0800) + u16(0x4500) + u16(static_cast<unsigned>(20 + transport.size())) + u16(1) + u16(0);
    frame += u16(64U << 8 | proto) + u16(0) + address(from) + address(to) + transport;
    return frame;
}

/// RFC 9293, section 3.1, without options.
inline std::string tcp_frame(Side from, Side to, std::uint8_t flags, std::uint32_t seq, std::uint32_t ack,
                             std::string_view payload = {}) {
    return ipv4_frame(6, from.ip, to.ip,
                      u16(from.port) + u16(to.port) + u32(seq) + u32(ack) + u16(0x5000U | flags) + u16(64'240) + u32(0) +
                          std::string{payload});
}

/// RFC 768.
inline std::string udp_frame(Side from, Side to, std::string_view payload) {
    return ipv4_frame(
        17, from.ip, to.ip,
        u16(from.port) + u16(to.port) + u16(static_cast<unsigned>(8 + payload.size())) + u16(0) + std::string{payload});
}

/// RFC 826: a request when `operation` is 1, a reply when it is 2.
inline std::string arp_frame(unsigned operation, std::string_view sender_mac, std::string_view sender,
                             std::string_view target) {
    std::string frame(6, '\xff');
    frame += sender_mac;
    frame += u16(0x0806) + u16(1) + u16(0x0800) + u16(0x0604) + u16(operation);
    frame += std::string{sender_mac} + address(sender) + std::string(6, '\0') + address(target);
    return frame;
}

}  // namespace linnet::test
