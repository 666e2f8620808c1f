#include "late_ends.hpp"

#include <chrono>
#include <string>

namespace linnet {
namespace {

bool are_neighbours(const IpAddress& a, const IpAddress& b) {
    constexpr std::uint8_t network = 96 + 24;  // bits, mapped
    return a.is_v4() && a.is_private() && IpPrefix{b, network}.contains(a);
}

}  // namespace

std::optional<DeviceHint> LateEnds::served(const Packet& packet, Timestamp now) {
    const auto& tcp = packet.tcp;
    if (packet.proto != Proto::tcp || !tcp.has(tcp_flag::fin) || !tcp.has(tcp_flag::ack) || !packet.payload.empty())
        return std::nullopt;
    if (tcp.has(tcp_flag::syn) || tcp.has(tcp_flag::rst) || packet.tunnelled || !packet.src_mac.known()) return std::nullopt;
    const bool from_server = packet.src_port.number != 0 && packet.src_port.number < first_short_lived &&
                             packet.dst_port.number >= first_short_lived;
    if (!from_server || !are_neighbours(packet.src, packet.dst)) return std::nullopt;
    if (now - second_ >= std::chrono::seconds{1} || now < second_) {
        second_ = now;
        told_ = 0;
    }
    if (told_ == most_per_second) return std::nullopt;
    ++told_;
    return DeviceHint{now, packet.src_mac, {}, "tcp", "served", std::to_string(packet.src_port.number)};
}

}  // namespace linnet
