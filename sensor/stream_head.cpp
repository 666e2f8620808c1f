#include "stream_head.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace linnet {

StreamHead::~StreamHead() {
    if (!data_) return;
    explicit_bzero(data_.get(), size_);
    memory_.used -= size_;
}

bool StreamHead::reserve(std::uint32_t size) {
    if (size <= size_) return true;
    const auto wanted = std::min(limit_, std::max<std::uint32_t>(256, std::bit_ceil(size)));
    if (memory_.used + wanted - size_ > memory_.limit) return false;
    auto larger = std::make_unique<char[]>(wanted);
    if (data_) {
        std::memcpy(larger.get(), data_.get(), size_);
        explicit_bzero(data_.get(), size_);
    }
    data_ = std::move(larger);
    memory_.used += wanted - size_;
    size_ = static_cast<std::uint16_t>(wanted);
    return true;
}

void StreamHead::insert(std::uint32_t sequence, Bytes segment) {
    if (segment.empty()) return;
    if (!has_base_) begin_at(sequence);
    // RFC 9293, section 3.4: sequence numbers wrap, so that only their signed distance says which is earlier.
    auto distance = static_cast<std::int32_t>(sequence - base_);
    if (distance < 0) {
        const auto before = static_cast<std::uint32_t>(-static_cast<std::int64_t>(distance));
        if (before >= segment.size()) return;
        segment = segment.subspan(before);
        distance = 0;
    }
    const auto offset = static_cast<std::uint32_t>(distance);
    reach_ = std::max(reach_, offset + static_cast<std::uint32_t>(segment.size()));
    if (offset >= limit_ || full()) return;
    segment = segment.first(std::min<std::size_t>(segment.size(), limit_ - offset));
    const auto end = offset + static_cast<std::uint32_t>(segment.size());
    if (end <= filled_) return;
    if (offset > filled_ && island_count_ == islands_.size()) return;  // too many holes: wait for a retransmission
    if (!reserve(end)) return;
    place(offset, segment);
    if (offset > filled_) {
        add_island(offset, end);
    } else {
        filled_ = static_cast<std::uint16_t>(end);
    }
    join_islands();
}

/// Copies those bytes of the segment that are not there yet.
void StreamHead::place(std::uint32_t offset, Bytes segment) {
    const auto end = offset + static_cast<std::uint32_t>(segment.size());
    std::uint32_t at = std::max<std::uint32_t>(offset, filled_);
    const auto copy_until = [&](std::uint32_t stop) {
        if (stop > at) std::memcpy(data_.get() + at, segment.data() + (at - offset), stop - at);
    };
    for (std::size_t i = 0; i < island_count_ && at < end; ++i) {
        copy_until(std::min<std::uint32_t>(islands_[i].begin, end));
        at = std::max<std::uint32_t>(at, islands_[i].end);
    }
    copy_until(end);
}

void StreamHead::add_island(std::uint32_t begin, std::uint32_t end) {
    auto* const last = islands_.begin() + island_count_;
    auto* const where = std::find_if(islands_.begin(), last, [&](const Island& island) { return island.begin > begin; });
    std::move_backward(where, last, last + 1);
    *where = {static_cast<std::uint16_t>(begin), static_cast<std::uint16_t>(end)};
    ++island_count_;
}

/// Islands that touch the contiguous part become part of it; islands that touch each other become one.
void StreamHead::join_islands() {
    std::uint8_t kept = 0;
    for (std::uint8_t i = 0; i < island_count_; ++i) {
        const Island island = islands_[i];
        if (island.begin <= filled_) {
            filled_ = std::max(filled_, island.end);
        } else if (kept > 0 && island.begin <= islands_[kept - 1U].end) {
            islands_[kept - 1U].end = std::max(islands_[kept - 1U].end, island.end);
        } else {
            islands_[kept++] = island;
        }
    }
    island_count_ = kept;
}

void StreamHead::give_up_before(std::uint32_t acknowledged) {
    // An acknowledgement may be seen before the segment that it is for; only bytes behind the hole prove the loss.
    if (island_count_ == 0) return;
    const auto reach = static_cast<std::int32_t>(acknowledged - base_);
    if (reach < 0 || static_cast<std::uint32_t>(reach) < islands_[0].begin) return;
    std::memset(data_.get() + filled_, 0, islands_[0].begin - filled_);
    filled_ = islands_[0].begin;
    join_islands();
}

void StreamHead::drop_before(std::uint32_t offset) {
    const std::uint32_t kept = offset < filled_ ? filled_ - offset : 0;
    if (kept > 0) std::memmove(data_.get(), data_.get() + offset, kept);
    if (data_) explicit_bzero(data_.get() + kept, size_ - kept);
    filled_ = static_cast<std::uint16_t>(kept);
    island_count_ = 0;  // what waited behind a hole comes again, or is lost
    reach_ = reach_ > offset ? reach_ - offset : 0;
    base_ += offset;
}

}  // namespace linnet
