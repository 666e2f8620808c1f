#include "flow_table.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// Which side is the client, where the beginning was not seen: the one with the higher port, since servers sit low.
bool sender_is_client(const Packet& packet) { return packet.src_port >= packet.dst_port; }

bool is_unicast(const Packet& packet) {
    return !packet.dst_mac.is_group() && !packet.dst.is_multicast() && !packet.dst.is_broadcast();
}

/// A bare FIN with ACK is the end of a connection from before the capture, not somebody's first knock.
bool is_knock(const TcpHeader& tcp) { return !(tcp.has(tcp_flag::fin) && tcp.has(tcp_flag::ack)); }

}  // namespace

Endpoint FlowRecord::client() const {
    return client_is_low ? Endpoint{key.low, {key.low_port}, client_mac} : Endpoint{key.high, {key.high_port}, client_mac};
}

Endpoint FlowRecord::server() const {
    return client_is_low ? Endpoint{key.high, {key.high_port}, server_mac} : Endpoint{key.low, {key.low_port}, server_mac};
}

Direction FlowRecord::direction_of(const Packet& packet) const {
    return key.is_low(packet.src, packet.src_port) == client_is_low ? Direction::to_server : Direction::to_client;
}

FlowTable::FlowTable(const FlowLimits& limits, std::uint64_t seed, OnEnd on_end)
    : limits_{limits}, on_end_{std::move(on_end)}, index_{limits.max_flows, seed}, next_id_{limits.first_id} {}

FlowRecord* FlowTable::find(const FlowKey& key) {
    const auto slot = index_.find(key, [this](std::uint32_t s) -> const FlowKey& { return flows_[s].key; });
    return slot == KeyIndex::none ? nullptr : &flows_[slot];
}

FlowRecord* FlowTable::update(const Packet& packet, ProbeTable& probes, Timestamp now) {
    const bool has_ports = packet.proto == Proto::tcp || packet.proto == Proto::udp;
    if (packet.truncated && has_ports && packet.src_port == Port{} && packet.dst_port == Port{}) return nullptr;
    const FlowKey key = FlowKey::of(packet);
    FlowRecord* flow = find(key);
    const bool opening = packet.proto == Proto::tcp && packet.tcp.has(tcp_flag::syn) && !packet.tcp.has(tcp_flag::ack);
    if (flow != nullptr && opening && (flow->closed || packet.tcp.seq != flow->client_sequence)) {
        end(flow->slot, FlowEndReason::closed);  // the same ports are used again
        flow = nullptr;
    }
    if (flow == nullptr)
        flow = packet.proto == Proto::tcp ? admit_tcp(packet, key, probes, now) : admit_other(packet, key, probes, now);
    if (flow != nullptr) count(*flow, packet, now);
    return flow;
}

FlowRecord* FlowTable::admit_tcp(const Packet& packet, const FlowKey& key, ProbeTable& probes, Timestamp now) {
    const auto& tcp = packet.tcp;
    if (tcp.has(tcp_flag::syn) && !tcp.has(tcp_flag::ack)) {
        attempt(packet, ProbeKind::tcp_syn, probes, now);
        return nullptr;
    }
    const PendingAttempt* pending = probes.find(key);
    const bool from_the_other_side =
        pending != nullptr && (pending->source.ip != packet.src || pending->source.port != packet.src_port);
    if (tcp.has(tcp_flag::rst)) {
        if (from_the_other_side) probes.refused(key, now);
        return nullptr;
    }
    if (tcp.has(tcp_flag::syn) && (!from_the_other_side || pending->kind != ProbeKind::tcp_syn))
        return nullptr;  // a SYN-ACK that nobody asked for: backscatter
    if (packet.payload.empty() && !from_the_other_side) {
        if (is_knock(tcp)) attempt(packet, ProbeKind::tcp_other, probes, now);
        return nullptr;
    }
    if (!from_the_other_side && !admits(packet, now)) return nullptr;
    const auto asked = probes.answered(key, now);
    const bool half_open = tcp.has(tcp_flag::syn);
    auto& flow = create(packet, key, from_the_other_side && !half_open ? lasting : one_sided, now);
    flow.half_open = half_open;
    flow.crowded = !from_the_other_side && crowded_;
    if (asked) credit(flow, *asked);
    flow.server_sequence = tcp.seq;
    flow.midstream = !tcp.has(tcp_flag::syn);
    return &flow;
}

FlowRecord* FlowTable::admit_other(const Packet& packet, const FlowKey& key, ProbeTable& probes, Timestamp now) {
    if (packet.proto == Proto::icmp || packet.proto == Proto::icmpv6) {
        if (packet.icmp.is_echo_request) {
            attempt(packet, ProbeKind::icmp_echo, probes, now);
        } else if (packet.icmp.is_echo_reply) {
            if (const auto asked = probes.answered(key, now)) {
                auto& flow = create(packet, key, brief, now);
                credit(flow, *asked);
                return &flow;
            }
        }
        return nullptr;
    }
    if (!admits(packet, now)) return nullptr;
    if (packet.proto == Proto::udp && is_unicast(packet)) probes.attempt(packet, ProbeKind::udp, now);
    auto& flow = create(packet, key, one_sided, now);
    flow.crowded = crowded_;
    return &flow;
}

/// Not where it is one too many. Answers to what was not let in are not let in either.
bool FlowTable::admits(const Packet& packet, Timestamp now) {
    const auto count = crowd_.count(packet, now);
    crowded_ = count > limits_.crowd;
    const bool good = count <= limits_.most_new && crowd_.the_other_way(packet, now) <= limits_.most_new;
    if (!good) ++evicted_;
    return good;
}

void FlowTable::attempt(const Packet& packet, ProbeKind kind, ProbeTable& probes, Timestamp now) {
    if (admits(packet, now)) probes.attempt(packet, kind, now);
}

FlowRecord& FlowTable::create(const Packet& packet, const FlowKey& key, Queue queue, Timestamp now) {
    if (queue == one_sided && queues_[one_sided].size >= std::max<std::size_t>(1, limits_.max_flows / 8)) {
        ++evicted_;
        end(queues_[one_sided].oldest, FlowEndReason::evicted);
    }
    if (active_ == limits_.max_flows) make_room();
    std::uint32_t slot = 0;
    if (free_.empty()) {
        slot = static_cast<std::uint32_t>(flows_.size());
        flows_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    ++active_;
    auto& flow = flows_[slot];
    flow.slot = slot;
    flow.key = key;
    flow.id = next_id_++;
    flow.tunnelled = packet.tunnelled;
    flow.first_seen = flow.last_seen = packet.at;
    flow.touched = flow.last_event = now;
    const bool by_sender = packet.proto != Proto::tcp || sender_is_client(packet);
    flow.client_is_low = key.is_low(packet.src, packet.src_port) == by_sender;
    flow.client_mac = by_sender ? packet.src_mac : packet.dst_mac;
    flow.server_mac = by_sender ? packet.dst_mac : packet.src_mac;
    index_.put(key, slot);
    link(slot, queue);
    return flow;
}

/// The packets that asked were seen before the flow existed; they are part of it.
void FlowTable::credit(FlowRecord& flow, const PendingAttempt& attempt) {
    flow.client_is_low = flow.key.is_low(attempt.source.ip, attempt.source.port);
    flow.client_mac = attempt.source.mac;
    flow.server_mac = attempt.target.mac;
    flow.client_sequence = attempt.sequence;
    flow.first_seen = std::min(flow.first_seen, attempt.at);
    flow.packets[0] += attempt.packets;
    flow.bytes[0] += attempt.bytes;
}

void FlowTable::follow(FlowRecord& flow, const Packet& packet) {
    constexpr std::uint32_t reach = 1 << 20;  // what was lost on the way to us may lie between
    const bool one_side = flow.packets[0] == 0 || flow.packets[1] == 0;
    const bool first = flow.packets[0] + flow.packets[1] == 1;
    flow.in_order = !one_side || first || packet.tcp.seq - flow.continues_at < reach;
    flow.continues_at = packet.tcp.seq + static_cast<std::uint32_t>(packet.payload.size());
}

void FlowTable::count(FlowRecord& flow, const Packet& packet, Timestamp now) {
    const auto direction = static_cast<std::size_t>(flow.direction_of(packet));
    auto queue = static_cast<Queue>(flow.queue);
    ++flow.packets[direction];
    if (packet.proto == Proto::tcp) follow(flow, packet);
    flow.bytes[direction] += packet.wire_length;
    flow.payload[direction] += packet.payload.size();
    flow.first_seen = std::min(flow.first_seen, packet.at);
    flow.last_seen = std::max(flow.last_seen, packet.at);
    flow.touched = now;
    // The first is kept: a capture from both sides of a router shows each packet twice, the second time as the router's.
    auto& sender_mac = direction == static_cast<std::size_t>(Direction::to_server) ? flow.client_mac : flow.server_mac;
    if (!sender_mac.known()) sender_mac = packet.src_mac;
    if (direction == static_cast<std::size_t>(Direction::to_server)) flow.half_open = false;
    if (queue == one_sided && !flow.half_open && flow.packets[0] > 0 && flow.packets[1] > 0)
        queue = packet.proto == Proto::tcp ? lasting : brief;
    unlink(flow.slot);
    link(flow.slot, queue);
}

void FlowTable::close(FlowRecord& flow) {
    flow.closed = true;
    unlink(flow.slot);
    link(flow.slot, closing);
}

void FlowTable::advance(Timestamp now) {
    const std::array<Duration, queue_count> idle{limits_.closing_idle, limits_.one_sided_idle, limits_.short_idle,
                                                 limits_.long_idle};
    for (std::size_t q = 0; q < queue_count; ++q) {
        while (queues_[q].oldest != KeyIndex::none && flows_[queues_[q].oldest].touched + idle[q] <= now)
            end(queues_[q].oldest, flows_[queues_[q].oldest].closed ? FlowEndReason::closed : FlowEndReason::idle);
    }
}

void FlowTable::flush(FlowEndReason reason) {
    for (auto& queue : queues_) {
        while (queue.oldest != KeyIndex::none)
            end(queue.oldest, flows_[queue.oldest].closed ? FlowEndReason::closed : reason);
    }
}

void FlowTable::make_room() {
    for (auto& queue : queues_) {
        if (queue.oldest == KeyIndex::none) continue;
        ++evicted_;
        end(queue.oldest, FlowEndReason::evicted);
        return;
    }
}

void FlowTable::end(std::uint32_t slot, FlowEndReason reason) {
    auto& flow = flows_[slot];
    on_end_(flow, reason);
    unlink(slot);
    index_.remove(flow.key, [this](std::uint32_t s) -> const FlowKey& { return flows_[s].key; });
    flow = FlowRecord{};
    free_.push_back(slot);
    --active_;
}

void FlowTable::link(std::uint32_t slot, Queue queue) {
    auto& flow = flows_[slot];
    auto& ends = queues_[queue];
    flow.queue = queue;
    flow.previous = ends.newest;
    flow.next = KeyIndex::none;
    (ends.newest == KeyIndex::none ? ends.oldest : flows_[ends.newest].next) = slot;
    ends.newest = slot;
    ++ends.size;
}

void FlowTable::unlink(std::uint32_t slot) {
    auto& flow = flows_[slot];
    auto& ends = queues_[flow.queue];
    (flow.previous == KeyIndex::none ? ends.oldest : flows_[flow.previous].next) = flow.next;
    (flow.next == KeyIndex::none ? ends.newest : flows_[flow.next].previous) = flow.previous;
    --ends.size;
}

}  // namespace linnet
