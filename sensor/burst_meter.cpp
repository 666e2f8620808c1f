#include "burst_meter.hpp"

#include "address_hash.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace linnet {
namespace {

bool is_request(Bytes payload) {
    const std::string_view text{reinterpret_cast<const char*>(payload.data()), std::min<std::size_t>(payload.size(), 5)};
    return text.starts_with("GET ") || text.starts_with("POST ") || text.starts_with("HEAD ");
}

}  // namespace

BurstMeter::BurstMeter(const BurstLimits& limits, Emit emit)
    : limits_{limits}, emit_{std::move(emit)}, places_(limits.places) {
    taken_.reserve(limits.places);
}

std::size_t BurstMeter::home_of(const IpAddress& source, const IpAddress& target, BurstKind kind) const {
    const auto hash = mixed(fixed_hash(source) * 3 + fixed_hash(target) + static_cast<std::uint64_t>(kind));
    return static_cast<std::size_t>(hash) & (limits_.places - 2);  // an even place and the odd one behind it
}

BurstMeter::Place* BurstMeter::find(const IpAddress& source, const IpAddress& target, BurstKind kind) {
    const std::size_t home = home_of(source, target, kind);
    for (std::size_t at = home; at < home + 2; ++at) {
        Place& place = places_[at];
        if (place.taken && place.kind == kind && place.target == target && place.source == source) return &place;
    }
    return nullptr;
}

BurstMeter::Place* BurstMeter::find_or_take(const IpAddress& source, const IpAddress& target, BurstKind kind) {
    if (Place* known = find(source, target, kind)) return known;
    const std::size_t home = home_of(source, target, kind);
    Place& first = places_[home];
    Place& second = places_[home + 1];
    Place& weaker = !first.taken || (second.taken && first.packets <= second.packets) ? first : second;
    if (weaker.taken && weaker.packets > 0) {
        --weaker.packets;
        return nullptr;
    }
    if (weaker.taken)
        --of_kind_[static_cast<std::size_t>(weaker.kind)];
    else
        taken_.push_back(static_cast<std::uint32_t>(&weaker - places_.data()));
    ++of_kind_[static_cast<std::size_t>(kind)];
    weaker = {.source = source, .target = target, .mac = {}, .kind = kind, .taken = true, .port = {}};
    return &weaker;
}

void BurstMeter::add(const Packet& packet, const IpAddress& source, const IpAddress& target, BurstKind kind) {
    Place* place = find_or_take(source, target, kind);
    if (place == nullptr) return;
    if (place->packets == 0) {
        place->mac = kind == BurstKind::gre ? packet.gre.src_mac : packet.src_mac;
        place->port = kind == BurstKind::gre ? Port{} : packet.dst_port;
    } else if (kind != BurstKind::gre && place->port != packet.dst_port) {
        place->several_ports = true;
    }
    ++place->packets;
    place->bytes += packet.wire_length;
}

void BurstMeter::answer(const IpAddress& from, const IpAddress& to, BurstKind kind) {
    if (of_kind_[static_cast<std::size_t>(kind)] == 0) return;
    if (Place* place = find(to, from, kind)) ++place->answers;
}

void BurstMeter::count(const Packet& packet, Belongs belongs, Timestamp now) {
    advance(now);
    if (packet.gre.src.known()) {
        add(packet, packet.gre.src, packet.gre.dst, BurstKind::gre);
        return answer(packet.gre.src, packet.gre.dst, BurstKind::gre);
    }
    if (packet.dst.is_multicast() || packet.dst.is_broadcast() || packet.dst_mac.is_group()) return;
    const auto& tcp = packet.tcp;
    constexpr std::uint16_t dns = 53;
    switch (packet.proto) {
        case Proto::tcp:
            if (tcp.has(tcp_flag::syn)) {
                if (!tcp.has(tcp_flag::ack)) return add(packet, packet.src, packet.dst, BurstKind::syn);
                return answer(packet.src, packet.dst, BurstKind::syn);
            }
            if (is_request(packet.payload)) add(packet, packet.src, packet.dst, BurstKind::http);
            if (tcp.has(tcp_flag::rst)) return;
            // Without data it may be the acknowledgement of a download whose other direction goes past the sensor.
            if (belongs == Belongs::stray && !packet.payload.empty()) add(packet, packet.src, packet.dst, BurstKind::ack);
            return answer(packet.src, packet.dst, BurstKind::ack);
        case Proto::udp:
            if (packet.src_port.number == dns) return answer(packet.src, packet.dst, BurstKind::dns);
            if (packet.dst_port.number == dns) return add(packet, packet.src, packet.dst, BurstKind::dns);
            add(packet, packet.src, packet.dst, BurstKind::udp);
            return answer(packet.src, packet.dst, BurstKind::udp);
        case Proto::icmp:
        case Proto::icmpv6:
            if (packet.icmp.is_unreachable) return;
            if (!packet.icmp.is_echo_reply) add(packet, packet.src, packet.dst, BurstKind::icmp);
            return answer(packet.src, packet.dst, BurstKind::icmp);
        default: return;
    }
}

void BurstMeter::finish_second(Timestamp now) {
    std::vector<const Place*> full;
    for (const auto at : taken_) {
        const Place& place = places_[at];
        const bool unanswered =
            place.kind == BurstKind::http || std::uint64_t{place.answers} * limits_.packets_for_an_answer < place.packets;
        if (place.packets >= limits_.floors[static_cast<std::size_t>(place.kind)] && unanswered) full.push_back(&place);
    }
    std::sort(full.begin(), full.end(), [](const Place* a, const Place* b) {
        return std::tie(a->source, a->target, a->kind) < std::tie(b->source, b->target, b->kind);
    });
    for (const Place* place : full)
        emit_(Burst{.at = second_,
                    .mac = place->mac,
                    .source = place->source,
                    .target = place->target,
                    .port = place->several_ports ? Port{} : place->port,
                    .kind = place->kind,
                    .packets = place->packets,
                    .bytes = place->bytes,
                    .answers = place->answers});
    for (const auto at : taken_) places_[at].taken = false;
    taken_.clear();
    of_kind_ = {};
    second_ = std::chrono::floor<std::chrono::seconds>(now);
}

}  // namespace linnet
