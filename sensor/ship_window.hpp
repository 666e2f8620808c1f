// The shipper's memory: events that the analyzer has not yet committed, numbered and in batches.
//
// Every event added gets the next number: 1, 2, 3, … Events are kept in the batches in which they are sent; the newest
// batch stays open until close_batch(), or until it is large enough. rewind() says "send everything again".
#pragma once

#include "wire/link.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>

namespace linnet {

struct ShipWindowLimits {
    std::size_t bytes = 4 * 1024 * 1024;
    std::size_t events = 65'536;
    std::size_t batch_bytes = 256 * 1024;
};

class ShipWindow {
 public:
    explicit ShipWindow(const ShipWindowLimits& limits = {}) : limits_{limits} {}

    /// `event` is one frame's content, as FrameReader hands it out. An event whose number is already committed is only
    /// counted.
    void add(std::span<const std::byte> event);
    void close_batch() { open_ = false; }

    /// The oldest batch that is closed and was not sent since the last rewind(); null where there is none.
    [[nodiscard]] const link::Data* to_send() const;
    void mark_sent() { ++sent_; }
    void rewind();

    /// Forgets the events up to and with number `committed`.
    void acknowledge(std::uint64_t committed);

    /// A new epoch: what is kept gets the numbers 1, 2, 3, … again.
    void renumber(std::uint64_t epoch);
    void set_epoch(std::uint64_t epoch) { epoch_ = epoch; }

    [[nodiscard]] bool full() const { return bytes_ >= limits_.bytes || events_ >= limits_.events; }
    [[nodiscard]] bool empty() const { return events_ == 0; }
    [[nodiscard]] bool has_open_batch() const { return open_; }
    [[nodiscard]] std::size_t events() const { return events_; }
    [[nodiscard]] std::uint64_t last() const { return last_; }            ///< number of the newest event added
    [[nodiscard]] std::uint64_t committed() const { return committed_; }  ///< may be above last()

 private:
    struct Batch {
        link::Data data;
        std::size_t count = 0;
    };
    void drop_front(Batch& batch);

    ShipWindowLimits limits_;
    std::deque<Batch> batches_;
    bool open_ = false;     ///< the newest batch may still grow
    std::size_t sent_ = 0;  ///< batches sent, from the oldest on
    std::size_t bytes_ = 0;
    std::size_t events_ = 0;
    std::uint64_t epoch_ = 0;
    std::uint64_t last_ = 0;
    std::uint64_t committed_ = 0;
};

}  // namespace linnet
