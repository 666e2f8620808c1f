// The spool: events that the analyzer has not yet committed, numbered, on disk or in memory, bounded.
//
// It is a ring of append-only segments (spool_segment.hpp) in slots that somebody else opened (spool_slots.hpp), so that
// they outlive the process that writes. What is appended gets the numbers 1, 2, 3, … of this run's epoch. Records of runs
// before, which were not acknowledged, are delivered first, oldest segment first, under their own epoch: that needs no
// clock.
//
// When there is no more room the oldest segment goes; a record of a few bytes remembers what was in it. That record, a gap
// in the numbers (damage, a full disk) and an analyzer that forgot what it had are all told in the same way: link::Skip.
// What is acknowledged leaves the spool; when that is everything, nothing is left of it, and `linnet forget` on the
// analyzer's side has nothing to hunt here. Only a list of the segments is kept in the process's memory.
#pragma once

#include "spool_segment.hpp"
#include "wire/link.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace linnet {

struct SpoolLimits {
    std::size_t bytes = 8 * 1024 * 1024;  ///< at least 1 MiB
    std::size_t batch_bytes = 256 * 1024;

    /// A segment is closed when it is that large.
    [[nodiscard]] std::size_t segment_bytes() const;
    /// Slots that a spool of this size needs.
    [[nodiscard]] std::size_t slots() const;
};

class Spool {
 public:
    using Say = std::function<void(const std::string&)>;
    static constexpr std::size_t max_gone = 1'000;  ///< epochs of which it is remembered that something was lost

    /// Takes what the slots hold. They stay open, and nobody else writes to them.
    Spool(std::span<const int> slots, const SpoolLimits& limits, std::uint64_t epoch, Say say = {});

    /// Whole frames, as many as `count`, seen at about `now`. Whoever must not lose the oldest for it asks full() before.
    void append(std::span<const std::byte> frames, std::uint64_t count, Timestamp now);
    [[nodiscard]] bool full() const;
    /// The newest record is these frames.
    [[nodiscard]] bool ends_with(std::span<const std::byte> frames) const;

    /// Whose events are to be delivered now.
    [[nodiscard]] std::uint64_t epoch() const { return serving_; }
    /// The analyzer has all of epoch() up to this number, and what next() gives goes on behind it. May be less than before.
    void start_behind(std::uint64_t committed);
    /// The next message about epoch(), Data or Skip; nothing where all has been handed out. `now`: for what has no time.
    std::optional<link::Message> next(Timestamp now);
    /// What next() has not handed out is at least a whole batch.
    [[nodiscard]] bool has_batch() const { return unsent_ >= limits_.batch_bytes; }

    /// Forgets the events of epoch() up to and with number `committed`. epoch() may be another one then.
    void acknowledge(std::uint64_t committed);
    [[nodiscard]] std::uint64_t committed() const { return committed_; }  ///< of epoch(); may be above last()

    [[nodiscard]] bool empty() const { return serving_ == epoch_ && committed_ >= last_; }
    [[nodiscard]] std::uint64_t last() const { return last_; }  ///< number of the newest event of this run
    /// Events of this run that are not acknowledged.
    [[nodiscard]] std::uint64_t waiting() const;

 private:
    struct Piece {
        std::uint64_t number;
        int slot;
        std::size_t size;
        bool only_gone;  ///< nothing in it but what was in segments that went
    };
    struct Place {
        std::size_t piece = 0, offset = SpoolSegment::header_size;
        auto operator<=>(const Place&) const = default;
    };

    void take_slots(std::span<const int> slots);
    void end_newest();
    [[nodiscard]] SpoolSegment segment(std::size_t piece) const { return SpoolSegment{pieces_[piece].slot}; }
    std::optional<SpoolRecord> at(Place& place);
    void resize(std::size_t piece, std::size_t size);

    bool store(const SpoolRecord& record, std::span<const std::byte> frames);
    bool open_segment();
    bool drop_oldest();
    void collect_gone(std::size_t piece, std::size_t offset, std::vector<SpoolRecord>& to) const;
    void remove_front();
    void find_serving();

    link::Skip skip_to(std::uint64_t last, Timestamp from, Timestamp to, const char* reason);
    link::Skip gap_to(std::uint64_t last, Timestamp until);
    void say_once(bool& said, const char* sentence);

    SpoolLimits limits_;
    Say say_;
    std::size_t segment_bytes_;  ///< smaller while there is less room than the limits allow
    std::deque<Piece> pieces_;   ///< oldest first
    std::vector<int> free_;
    std::size_t bytes_ = 0;
    std::uint64_t epoch_;
    std::uint64_t last_ = 0;

    Place done_;  ///< what is before it is acknowledged
    Place sent_;  ///< what is before it has been handed out
    std::uint64_t serving_ = 0;
    std::uint64_t committed_ = 0;
    std::uint64_t next_ = 1;                    ///< number of the event that the analyzer expects next
    std::size_t unsent_ = 0;                    ///< bytes appended since next() had nothing more
    std::optional<Timestamp> unwritten_since_;  ///< events have a number and are nowhere
    bool is_damaged_ = false;                   ///< something was cut off; both until all is acknowledged
    bool said_full_ = false, said_no_room_ = false, said_damaged_ = false;
};

}  // namespace linnet
