#include "probe_table.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// Mirai's scanner.c writes the destination address into the sequence number of its SYNs.
bool has_hallmark(const Packet& packet) { return packet.dst.is_v4() && packet.tcp.seq == packet.dst.as_v4(); }

/// No flow event will tell of these answers.
bool answer_is_reported(ProbeKind kind) { return kind == ProbeKind::icmp_echo || kind == ProbeKind::arp; }

FlowKey key_of(const Packet& packet, ProbeKind kind) {
    if (kind == ProbeKind::arp) return FlowKey::of(packet.arp.sender_ip, {}, packet.arp.target_ip, {}, Proto::none);
    return FlowKey::of(packet);
}

}  // namespace

ProbeTable::ProbeTable(const ProbeLimits& limits, std::uint64_t seed, Emit emit)
    : limits_{limits}, emit_{std::move(emit)}, index_{limits.max_pending, seed} {
    slots_.reserve(limits_.max_pending);
}

void ProbeTable::attempt(const Packet& packet, ProbeKind kind, Timestamp now) {
    const auto keys = [this](std::uint32_t slot) -> const FlowKey& { return slots_[slot].attempt.key; };
    const FlowKey key = key_of(packet, kind);
    if (const auto known = index_.find(key, keys); known != none) {
        ++slots_[known].attempt.packets;
        slots_[known].attempt.bytes += packet.wire_length;
        return;
    }
    ++attempts_;
    if (free_.empty() && slots_.size() == limits_.max_pending) report(take(oldest_), ProbeOutcome::unanswered, now);
    std::uint32_t slot = 0;
    if (free_.empty()) {
        slot = static_cast<std::uint32_t>(slots_.size());
        slots_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    auto& entry = slots_[slot];
    const bool arp = kind == ProbeKind::arp;
    entry.attempt = {.key = key,
                     .kind = kind,
                     .source = {arp ? packet.arp.sender_ip : packet.src, packet.src_port, packet.src_mac},
                     .target = {arp ? packet.arp.target_ip : packet.dst, packet.dst_port, packet.dst_mac},
                     .at = packet.at,
                     .sequence = packet.tcp.seq,
                     .bytes = packet.wire_length,
                     .tunnelled = packet.tunnelled};
    entry.due = now + limits_.answer_timeout;
    entry.previous = newest_;
    entry.next = none;
    (newest_ == none ? oldest_ : slots_[newest_].next) = slot;
    newest_ = slot;
    index_.put(key, slot);

    if (kind == ProbeKind::tcp_syn && has_hallmark(packet)) {
        report(entry.attempt, ProbeOutcome::unanswered, now);
        entry.attempt.reported = true;
    }
}

const PendingAttempt* ProbeTable::find(const FlowKey& key) const {
    const auto slot = index_.find(key, [this](std::uint32_t s) -> const FlowKey& { return slots_[s].attempt.key; });
    return slot == none ? nullptr : &slots_[slot].attempt;
}

std::optional<PendingAttempt> ProbeTable::answered(const FlowKey& key, Timestamp now) {
    const auto slot = index_.find(key, [this](std::uint32_t s) -> const FlowKey& { return slots_[s].attempt.key; });
    if (slot == none) return std::nullopt;
    auto attempt = take(slot);
    if (answer_is_reported(attempt.kind)) report(attempt, ProbeOutcome::answered, now);
    return attempt;
}

bool ProbeTable::refused(const FlowKey& key, Timestamp now) {
    const auto slot = index_.find(key, [this](std::uint32_t s) -> const FlowKey& { return slots_[s].attempt.key; });
    if (slot == none) return false;
    report(take(slot), ProbeOutcome::refused, now);
    return true;
}

PendingAttempt ProbeTable::take(std::uint32_t slot) {
    auto& entry = slots_[slot];
    index_.remove(entry.attempt.key, [this](std::uint32_t s) -> const FlowKey& { return slots_[s].attempt.key; });
    (entry.previous == none ? oldest_ : slots_[entry.previous].next) = entry.next;
    (entry.next == none ? newest_ : slots_[entry.next].previous) = entry.previous;
    free_.push_back(slot);
    return entry.attempt;
}

void ProbeTable::report(const PendingAttempt& attempt, ProbeOutcome outcome, Timestamp now) {
    if (attempt.reported) return;
    const auto number = batch_of(attempt, now);
    auto& probe = batches_[number].probe;
    if (probe.attempts.empty()) probe.first_seen = attempt.at;
    probe.first_seen = std::min(probe.first_seen, attempt.at);
    probe.last_seen = std::max(probe.last_seen, attempt.at);
    const bool hallmark =
        attempt.kind == ProbeKind::tcp_syn && attempt.target.ip.is_v4() && attempt.sequence == attempt.target.ip.as_v4();
    probe.attempts.push_back({attempt.target.ip, attempt.target.port, outcome, hallmark});
    if (probe.attempts.size() == Probe::max_attempts) emit_batch(number);
}

std::size_t ProbeTable::batch_of(const PendingAttempt& attempt, Timestamp now) {
    const auto same = std::find_if(batches_.begin(), batches_.end(), [&](const Batch& batch) {
        return batch.probe.source == attempt.source.ip && batch.probe.kind == attempt.kind &&
               batch.probe.tunnelled == attempt.tunnelled;
    });
    if (same != batches_.end()) return static_cast<std::size_t>(same - batches_.begin());
    if (batches_.size() == limits_.max_batches) emit_batch(0);
    batches_.push_back({now,
                        {.mac = attempt.source.mac,
                         .source = attempt.source.ip,
                         .kind = attempt.kind,
                         .tunnelled = attempt.tunnelled,
                         .last_seen = attempt.at,
                         .attempts = {}}});
    return batches_.size() - 1;
}

void ProbeTable::emit_batch(std::size_t number) {
    Probe probe = std::move(batches_[number].probe);
    batches_.erase(batches_.begin() + static_cast<std::ptrdiff_t>(number));
    emit_(std::move(probe));
}

void ProbeTable::advance(Timestamp now) {
    while (oldest_ != none && slots_[oldest_].due <= now) report(take(oldest_), ProbeOutcome::unanswered, now);
    while (!batches_.empty() && batches_.front().opened + limits_.batch_age <= now) emit_batch(0);
}

void ProbeTable::flush(Timestamp now) {
    while (oldest_ != none) report(take(oldest_), ProbeOutcome::unanswered, now);
    while (!batches_.empty()) emit_batch(0);
}

}  // namespace linnet
