#include "packet_ring.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bit>
#include <cstring>
#include <ctime>
#include <stdexcept>
#include <utility>

namespace linnet {
namespace {

void wait_on(std::atomic<std::uint32_t>& word, std::uint32_t value, std::chrono::milliseconds patience) {
    const timespec time{patience.count() / 1000, patience.count() % 1000 * 1'000'000};
    ::syscall(SYS_futex, &word, FUTEX_WAIT, value, &time, nullptr, 0);
}

void wake(std::atomic<std::uint32_t>& word) { ::syscall(SYS_futex, &word, FUTEX_WAKE, 1, nullptr, nullptr, 0); }

constexpr std::uint64_t rounded(std::uint64_t size) { return (size + 7) & ~std::uint64_t{7}; }

}  // namespace

PacketRing::PacketRing(std::size_t capacity) : capacity_{capacity}, bytes_{capacity} {
    if (!std::has_single_bit(capacity)) throw std::logic_error{"a ring's size is a power of two"};
}

bool PacketRing::push(const RawPacket& packet) {
    const std::uint64_t needed = sizeof(Record) + rounded(packet.bytes.size());
    const std::uint64_t to_end = capacity_ - (written_ & (capacity_ - 1));
    const std::uint64_t skipped = needed > to_end ? to_end : 0;
    const std::uint64_t used = written_ - head_->read.load(std::memory_order_acquire);
    if (used > capacity_ || capacity_ - used < skipped + needed) return false;
    if (skipped >= sizeof(Record)) {
        const Record rest{filler, 0, 0, 0};
        std::memcpy(at(written_), &rest, sizeof rest);
    }
    written_ += skipped;
    const Record record{static_cast<std::uint32_t>(packet.bytes.size()), packet.wire_length,
                        packet.at.time_since_epoch().count(), packet.link_type};
    std::memcpy(at(written_), &record, sizeof record);
    if (!packet.bytes.empty()) std::memcpy(at(written_) + sizeof record, packet.bytes.data(), packet.bytes.size());
    written_ += needed;
    head_->written.store(written_, std::memory_order_seq_cst);
    if (head_->sleeping.load(std::memory_order_seq_cst) != 0) {
        head_->sleeping.store(0, std::memory_order_relaxed);
        wake(head_->sleeping);
    }
    return true;
}

void PacketRing::end() {
    head_->ended.store(1, std::memory_order_seq_cst);
    head_->sleeping.store(0, std::memory_order_seq_cst);
    wake(head_->sleeping);
}

bool PacketRing::ended() const { return head_->ended.load(std::memory_order_acquire) != 0; }

std::optional<PacketRing::Found> PacketRing::find(std::uint64_t from, std::uint64_t to) const {
    if (from == to || to - from > capacity_ || from % 8 != 0) return std::nullopt;
    Record record{filler, 0, 0, 0};
    std::uint64_t to_end = capacity_ - (from & (capacity_ - 1));
    if (to_end >= sizeof record) std::memcpy(&record, at(from), sizeof record);
    if (record.size == filler) {
        from += to_end;
        if (from >= to || to - from > capacity_) return std::nullopt;
        to_end = capacity_;
        std::memcpy(&record, at(from), sizeof record);
    }
    const std::uint64_t end = from + sizeof record + rounded(record.size);
    if (record.size > to_end - sizeof record || end - from > to - from) return std::nullopt;
    return Found{from,
                 end,
                 {.at = Timestamp{Duration{record.at}},
                  .link_type = static_cast<int>(record.link_type),
                  .wire_length = record.wire_length,
                  .bytes = {at(from) + sizeof record, record.size}}};
}

std::optional<RawPacket> PacketRing::oldest() const {
    const auto found = find(head_->read.load(std::memory_order_acquire), written_);
    return found ? std::optional{found->packet} : std::nullopt;
}

void PacketRing::skip() {
    const auto found = find(head_->read.load(std::memory_order_acquire), written_);
    head_->read.store(found ? found->end : written_, std::memory_order_release);
    head_->sleeping.store(0, std::memory_order_relaxed);
}

bool PacketRing::spoiled() const { return written_ - head_->read.load(std::memory_order_acquire) > capacity_; }

bool PacketRing::next(RawPacket& packet, std::chrono::milliseconds patience) {
    if (held_ != 0) head_->read.store(std::exchange(held_, 0), std::memory_order_release);
    const std::uint64_t from = head_->read.load(std::memory_order_relaxed);
    if (head_->written.load(std::memory_order_acquire) == from) {
        head_->sleeping.store(1, std::memory_order_seq_cst);
        if (head_->written.load(std::memory_order_seq_cst) == from && !ended()) wait_on(head_->sleeping, 1, patience);
        head_->sleeping.store(0, std::memory_order_relaxed);
    }
    const auto found = find(from, head_->written.load(std::memory_order_acquire));
    if (!found) return false;
    packet = found->packet;
    held_ = found->end;
    return true;
}

}  // namespace linnet
