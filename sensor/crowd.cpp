#include "crowd.hpp"

#include "address_hash.hpp"

namespace linnet {
namespace {

std::size_t counter_of(std::uint64_t sender, const IpAddress& target) {
    return static_cast<std::size_t>(mixed(sender * 3 + fixed_hash(target)));
}

std::uint64_t identity(const MacAddress& mac, const IpAddress& ip) { return mac.known() ? fixed_hash(mac) : fixed_hash(ip); }

std::uint32_t second_of(Timestamp at) {
    return static_cast<std::uint32_t>(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

}  // namespace

std::uint32_t Crowd::count(const Packet& packet, Timestamp now) {
    const bool in_gre = packet.gre.src.known();
    const auto sender = in_gre ? identity(packet.gre.src_mac, packet.gre.src) : identity(packet.src_mac, packet.src);
    auto& counter = counters_[counter_of(sender, in_gre ? packet.gre.dst : packet.dst) % counters];
    const auto second = second_of(now);
    if (counter.second != second) counter = {second, 0};
    return ++counter.count;
}

std::uint32_t Crowd::the_other_way(const Packet& packet, Timestamp now) const {
    const auto& counter = counters_[counter_of(identity(packet.dst_mac, packet.dst), packet.src) % counters];
    return counter.second == second_of(now) ? counter.count : 0;
}

}  // namespace linnet
