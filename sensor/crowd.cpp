#include "crowd.hpp"

#include "address_hash.hpp"

namespace linnet {
namespace {

std::size_t counter_of(std::uint64_t sender, const IpAddress& target) {
    return static_cast<std::size_t>(mixed(sender * 3 + fixed_hash(target)));
}

std::uint64_t identity(const MacAddress& mac, const IpAddress& ip) { return mac.known() ? fixed_hash(mac) : fixed_hash(ip); }

}  // namespace

void Crowd::begin_second(Timestamp now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    if (second == second_) return;
    second_ = second;
    counts_.fill(0);
}

std::uint32_t Crowd::count(const Packet& packet, Timestamp now) {
    begin_second(now);
    const bool in_gre = packet.gre.src.known();
    const auto sender = in_gre ? identity(packet.gre.src_mac, packet.gre.src) : identity(packet.src_mac, packet.src);
    return ++counts_[counter_of(sender, in_gre ? packet.gre.dst : packet.dst) % counters];
}

std::uint32_t Crowd::the_other_way(const Packet& packet, Timestamp now) {
    begin_second(now);
    return counts_[counter_of(identity(packet.dst_mac, packet.dst), packet.src) % counters];
}

}  // namespace linnet
