#include "spool.hpp"

#include "wire/frame.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace linnet {
namespace {

constexpr std::size_t kib = 1024;
constexpr std::size_t segments_of_a_spool = 16;
constexpr std::size_t smallest_segment = 64 * kib, largest_segment = 4096 * kib;
constexpr std::size_t largest_record = SpoolRecord::head_size + max_frames_write;

constexpr const char* was_full = "the sensor's spool was full";
constexpr const char* no_room = "the disk of the sensor's spool was full";
constexpr const char* was_damaged = "a part of the sensor's spool was damaged";
constexpr const char* was_forgotten = "the analyzer lost what it had";

}  // namespace

std::size_t SpoolLimits::segment_bytes() const {
    return std::clamp(bytes / segments_of_a_spool, smallest_segment, largest_segment);
}

/// One more than are full may be begun, and one is free while the oldest goes.
std::size_t SpoolLimits::slots() const { return bytes / segment_bytes() + 3; }

Spool::Spool(std::span<const int> slots, const SpoolLimits& limits, std::uint64_t epoch, Say say)
    : limits_{limits}, say_{std::move(say)}, segment_bytes_{limits.segment_bytes()}, epoch_{epoch} {
    take_slots(slots);
    end_newest();
    find_serving();
}

void Spool::take_slots(std::span<const int> slots) {
    for (const int slot : slots) {
        const SpoolSegment one{slot};
        if (const auto number = one.number()) {
            pieces_.push_back({*number, slot, one.size(), false});
            bytes_ += pieces_.back().size;
        } else {
            one.clear();
            free_.push_back(slot);
        }
    }
    std::sort(pieces_.begin(), pieces_.end(), [](const Piece& a, const Piece& b) { return a.number < b.number; });
}

/// Cuts off what the last write of a process that was killed left unfinished.
void Spool::end_newest() {
    if (pieces_.empty()) return;
    const auto newest = pieces_.size() - 1;
    auto end = SpoolSegment::header_size;
    while (const auto record = segment(newest).head(end, pieces_[newest].size)) end += record->whole_size();
    resize(newest, end);
}

void Spool::resize(std::size_t piece, std::size_t size) {
    auto& one = pieces_[piece];
    if (one.size == size) return;
    bytes_ = bytes_ - one.size + size;
    one.size = size;
    SpoolSegment{one.slot}.cut(size);
    for (auto* place : {&done_, &sent_})
        if (place->piece == piece) place->offset = std::min(place->offset, size);
}

/// The record there, or at the beginning of the next segment that has one; a segment ends where it is damaged.
std::optional<SpoolRecord> Spool::at(Place& place) {
    while (place.piece < pieces_.size()) {
        const auto end = pieces_[place.piece].size;
        if (const auto record = segment(place.piece).head(place.offset, end)) return record;
        if (place.offset < end) {
            is_damaged_ = true;
            say_once(said_damaged_, "a part of the spool is damaged and was left out");
            resize(place.piece, place.offset);
        }
        if (place.piece + 1 == pieces_.size()) break;
        place = {place.piece + 1};
    }
    return std::nullopt;
}

// --- writing ---

void Spool::append(std::span<const std::byte> frames, std::uint64_t count, Timestamp now) {
    const SpoolRecord record{.epoch = epoch_, .first = last_ + 1, .count = count, .from = now, .to = now};
    last_ += count;
    if (serving_ == epoch_ && last_ <= committed_) return;
    if (store(record, frames)) {
        unsent_ += frames.size();
        return;
    }
    if (!unwritten_since_) unwritten_since_ = now;
    say_once(said_no_room_, "the spool cannot be written, not even without its oldest events: what is lost is counted");
}

bool Spool::full() const { return bytes_ + largest_record > limits_.bytes; }

bool Spool::store(const SpoolRecord& record, std::span<const std::byte> frames) {
    const auto size = SpoolRecord::head_size + frames.size();
    while (bytes_ + size > limits_.bytes) {
        if (!drop_oldest()) return false;
        say_once(said_full_, "the spool is full: the oldest events go, and are counted");
    }
    for (;;) {
        const bool is_open = !pieces_.empty() && pieces_.back().size < segment_bytes_;
        if (is_open && segment(pieces_.size() - 1).append(pieces_.back().size, record, frames)) break;
        if (!is_open && open_segment()) continue;
        segment_bytes_ = std::clamp(bytes_ / segments_of_a_spool, smallest_segment, segment_bytes_);  // the disk is full
        if (!drop_oldest()) return false;
        say_once(said_full_, "there is no more room for the spool: the oldest events go, and are counted");
    }
    said_no_room_ = false;
    pieces_.back().size += size;
    pieces_.back().only_gone = false;
    bytes_ += size;
    return true;
}

bool Spool::open_segment() {
    if (free_.empty()) return false;
    const auto number = pieces_.empty() ? 1 : pieces_.back().number + 1;
    if (!SpoolSegment{free_.back()}.begin(number)) return false;
    if (!pieces_.empty()) segment(pieces_.size() - 1).settle();
    pieces_.push_back({number, free_.back(), SpoolSegment::header_size, true});
    free_.pop_back();
    bytes_ += SpoolSegment::header_size;
    return true;
}

/// The oldest segment with events becomes one that only says which they were, and takes the one before it into itself.
/// False where nothing is left to go.
bool Spool::drop_oldest() {
    if (pieces_.empty()) return false;
    const std::size_t target = pieces_.front().only_gone ? 1 : 0;
    if (target == pieces_.size()) return false;
    std::vector<SpoolRecord> gone;
    collect_gone(0, done_.piece == 0 ? done_.offset : SpoolSegment::header_size, gone);
    if (target == 1) collect_gone(1, done_.piece == 1 ? done_.offset : SpoolSegment::header_size, gone);
    if (gone.size() > max_gone) gone.erase(gone.begin(), gone.end() - max_gone);
    const auto size = segment(target).replace(gone);
    if (!size) return false;
    bytes_ = bytes_ - pieces_[target].size + *size;
    pieces_[target].size = *size;
    pieces_[target].only_gone = true;
    for (auto* place : {&done_, &sent_})
        if (place->piece <= target) *place = {target};
    if (target == 1) remove_front();
    find_serving();
    return true;
}

/// Adds what is in that segment from there on. One epoch is one entry: the analyzer counts what it does not have.
void Spool::collect_gone(std::size_t piece, std::size_t offset, std::vector<SpoolRecord>& to) const {
    while (const auto record = segment(piece).head(offset, pieces_[piece].size)) {
        offset += record->whole_size();
        if (to.empty() || to.back().epoch != record->epoch) {
            to.push_back(*record);
            to.back().size = to.back().check = 0;
            continue;
        }
        auto& before = to.back();
        const auto first = std::min(before.first, record->first), last = std::max(before.last(), record->last());
        before.first = first;
        before.count = last - first + 1;
        before.from = std::min(before.from, record->from);
        before.to = std::max(before.to, record->to);
    }
}

void Spool::remove_front() {
    segment(0).clear();
    free_.push_back(pieces_.front().slot);
    bytes_ -= pieces_.front().size;
    pieces_.pop_front();
    for (auto* place : {&done_, &sent_}) {
        if (place->piece == 0)
            *place = {};
        else
            --place->piece;
    }
}

// --- handing out ---

void Spool::find_serving() {
    const auto oldest = at(done_);
    const auto epoch = oldest ? oldest->epoch : epoch_;
    if (epoch == std::exchange(serving_, epoch)) return;
    committed_ = 0;
    next_ = 1;
}

void Spool::start_behind(std::uint64_t committed) {
    const auto epoch = serving_;
    committed = std::min(committed, link::max_sequence);
    committed_ = committed;
    acknowledge(committed);
    if (epoch != serving_) return;
    sent_ = done_;
    next_ = committed + 1;
}

std::optional<link::Message> Spool::next(Timestamp now) {
    link::Data data{.epoch = serving_, .first = next_, .frames = {}};
    while (const auto record = at(sent_)) {
        if (record->epoch != serving_) break;
        const auto offset = sent_.offset;
        if (record->last() < next_) {
            sent_.offset += record->whole_size();
            continue;
        }
        if (!data.frames.empty() && (record->first != next_ || data.frames.size() + record->size > limits_.batch_bytes))
            break;
        if (record->first > next_) return gap_to(record->first - 1, record->from);
        const auto frames = record->is_gone() ? std::nullopt : segment(sent_.piece).frames(offset, *record);
        if (!frames && !data.frames.empty()) break;
        sent_.offset += record->whole_size();
        if (!frames) return skip_to(record->last(), record->from, record->to, record->is_gone() ? was_full : was_damaged);
        const auto known = whole_frames(*frames, next_ - record->first).bytes;
        data.frames.insert(data.frames.end(), frames->begin() + static_cast<std::ptrdiff_t>(known), frames->end());
        next_ = record->last() + 1;
    }
    if (!data.frames.empty()) return data;
    unsent_ = 0;
    if (serving_ == epoch_ && next_ <= last_ && !at(sent_)) return gap_to(last_, now);
    return std::nullopt;
}

link::Skip Spool::skip_to(std::uint64_t last, Timestamp from, Timestamp to, const char* reason) {
    next_ = last + 1;
    return {.epoch = serving_, .last = last, .from = std::min(from, to), .to = to, .reason = reason};
}

/// Numbers without a record.
link::Skip Spool::gap_to(std::uint64_t last, Timestamp until) {
    const auto* reason = unwritten_since_ ? no_room : is_damaged_ ? was_damaged : was_forgotten;
    return skip_to(last, unwritten_since_.value_or(until), until, reason);
}

void Spool::acknowledge(std::uint64_t committed) {
    committed_ = std::max(committed_, std::min(committed, link::max_sequence));
    while (const auto record = at(done_)) {
        if (record->epoch != serving_ || record->last() > committed_) break;
        done_.offset += record->whole_size();
    }
    const bool nothing_left = !at(done_);
    while (done_.piece > 0) remove_front();
    if (nothing_left && !pieces_.empty()) {
        resize(0, SpoolSegment::header_size);
        done_ = sent_ = {};
        said_full_ = is_damaged_ = false;
        unwritten_since_.reset();
        segment_bytes_ = limits_.segment_bytes();
    }
    sent_ = std::max(sent_, done_);
    find_serving();
}

// --- the rest ---

bool Spool::ends_with(std::span<const std::byte> frames) const {
    if (pieces_.empty()) return false;
    const auto newest = pieces_.size() - 1;
    const auto size = SpoolRecord::head_size + frames.size();
    if (pieces_[newest].size < SpoolSegment::header_size + size) return false;
    const auto offset = pieces_[newest].size - size;
    const auto record = segment(newest).head(offset, pieces_[newest].size);
    if (!record || record->size != frames.size()) return false;
    const auto kept = segment(newest).frames(offset, *record);
    return kept && std::memcmp(kept->data(), frames.data(), frames.size()) == 0;
}

std::uint64_t Spool::waiting() const {
    const auto done = serving_ == epoch_ ? committed_ : 0;
    return last_ - std::min(done, last_);
}

void Spool::say_once(bool& said, const char* sentence) {
    if (!std::exchange(said, true) && say_) say_(sentence);
}

}  // namespace linnet
