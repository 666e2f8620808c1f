// The first 4 KiB of one direction of a TCP stream, put in order.
//
// Bytes are placed by sequence number relative to the stream's beginning. What came first stays: an overlapping
// retransmission cannot rewrite it. What came too early waits in the same buffer, behind a hole. A hole whose bytes the
// receiver has acknowledged will never be seen here: it is filled with zeros, so that offsets stay true (see
// give_up_before). Passwords pass through this buffer: it is wiped when it grows and when it goes.
#pragma once

#include "packet.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace linnet {

/// Memory of all stream heads together.
struct StreamMemory {
    std::size_t limit = 4 * 1024 * 1024;
    std::size_t used = 0;
};

class StreamHead {
 public:
    static constexpr std::uint32_t capacity_limit = 4096;
    static constexpr std::uint32_t longest = 16 * 1024;

    explicit StreamHead(StreamMemory& memory) : memory_{memory} {}
    ~StreamHead();
    StreamHead(const StreamHead&) = delete;
    StreamHead& operator=(const StreamHead&) = delete;

    /// From now on it may grow to so many bytes, at most `longest`; never less than before.
    void raise_limit(std::uint32_t size) { limit_ = std::clamp(size, limit_, longest); }

    /// The sequence number of the first byte. Without it, the first segment that arrives is the beginning.
    void begin_at(std::uint32_t sequence) {
        base_ = sequence;
        has_base_ = true;
    }

    void insert(std::uint32_t sequence, Bytes segment);

    /// The receiver has everything before `acknowledged`: holes before it are lost to us.
    void give_up_before(std::uint32_t acknowledged);

    /// The stream begins anew at `offset` from its beginning, which may not have been seen yet. What came before is wiped.
    void drop_before(std::uint32_t offset);

    /// The contiguous beginning.
    [[nodiscard]] std::string_view contiguous() const { return {data_.get(), filled_}; }
    /// How far the stream has come: its contiguous beginning, or, where that is full, what went past it.
    [[nodiscard]] std::uint32_t reach() const { return full() ? reach_ : filled_; }
    [[nodiscard]] bool full() const { return filled_ == limit_; }
    [[nodiscard]] std::uint32_t limit() const { return limit_; }

 private:
    /// Bytes that wait behind a hole: [begin, end) from the beginning of the stream.
    struct Island {
        std::uint16_t begin = 0, end = 0;
    };

    bool reserve(std::uint32_t size);
    void place(std::uint32_t offset, Bytes segment);
    void add_island(std::uint32_t begin, std::uint32_t end);
    void join_islands();

    StreamMemory& memory_;
    std::unique_ptr<char[]> data_;
    std::uint32_t limit_ = capacity_limit;
    std::uint32_t base_ = 0;
    std::uint32_t reach_ = 0;   ///< behind the last byte that was offered
    std::uint16_t size_ = 0;    ///< allocated
    std::uint16_t filled_ = 0;  ///< contiguous
    bool has_base_ = false;
    std::uint8_t island_count_ = 0;
    std::array<Island, 4> islands_{};  ///< by begin, apart from each other
};

}  // namespace linnet
