// One segment of the spool (spool.hpp): a file, or memory that looks like one, with records one behind the other.
//
//   header  "LNTSPOOL", version u32, number u64, CRC-32C of these u32               24 bytes, little endian as all that
//   follows record  CRC-32C of the rest of the head u32, CRC-32C of the frames u32, size of the frames u32,
//           epoch u64, first sequence number u64, count u64, from i64, to i64 (us)   52 bytes, then the frames
//
// A record of size 0 says that these events are gone. Whoever reads trusts nothing: a head is one whose checksum is right
// and whose values are within their limits; frames are as many as the head says, and whole.
#pragma once

#include "wire/types.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace linnet {

struct SpoolRecord {
    std::uint64_t epoch = 0;
    std::uint64_t first = 0;
    std::uint64_t count = 0;
    Timestamp from, to;       ///< when they were written down
    std::uint32_t size = 0;   ///< of the frames; 0 = gone
    std::uint32_t check = 0;  ///< of the frames

    static constexpr std::size_t head_size = 52;
    [[nodiscard]] std::uint64_t last() const { return first + count - 1; }
    [[nodiscard]] bool is_gone() const { return size == 0; }
    [[nodiscard]] std::size_t whole_size() const { return head_size + size; }
};

/// Does not own its descriptor.
class SpoolSegment {
 public:
    static constexpr std::size_t header_size = 24;

    explicit SpoolSegment(int fd) : fd_{fd} {}

    /// Nothing where it is empty, or does not begin as a segment does.
    [[nodiscard]] std::optional<std::uint64_t> number() const;
    [[nodiscard]] std::size_t size() const;

    /// Empties it and gives it a number. False where there is no room.
    [[nodiscard]] bool begin(std::uint64_t number) const;
    /// Writes a record at `offset`, which is its end. False where there is no room: then nothing has changed.
    [[nodiscard]] bool append(std::size_t offset, SpoolRecord record, std::span<const std::byte> frames) const;
    /// Replaces all records by these heads. Its size afterwards; nothing where there is no room.
    [[nodiscard]] std::optional<std::size_t> replace(std::span<const SpoolRecord> gone) const;

    /// Nothing where there is none whose record ends before `end`.
    [[nodiscard]] std::optional<SpoolRecord> head(std::size_t offset, std::size_t end) const;
    /// Frames of the record at `offset`; nothing where they are damaged.
    [[nodiscard]] std::optional<std::vector<std::byte>> frames(std::size_t offset, const SpoolRecord& record) const;

    void cut(std::size_t size) const;
    void clear() const { cut(0); }
    /// Waits until the disk has it.
    void settle() const;

 private:
    int fd_;
};

}  // namespace linnet
