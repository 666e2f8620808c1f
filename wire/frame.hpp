// The Outbox's byte stream: events one after the other, each behind its length (32 bit, little endian).
#pragma once

#include "event.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace linnet {

inline constexpr std::size_t max_event_size = 16 * 1024;
/// The most that is written at once: whole frames. Where the stream keeps writes apart (SOCK_SEQPACKET), whoever reads with
/// room for so much gets whole frames only, even of a writer that was killed.
inline constexpr std::size_t max_frames_write = 80 * 1024 + 4;

/// Encodes events as FlatBuffers (events.fbs). Keeps its buffer between calls: one encoder per thread.
class EventEncoder {
 public:
    EventEncoder();
    ~EventEncoder();
    EventEncoder(const EventEncoder&) = delete;
    EventEncoder& operator=(const EventEncoder&) = delete;

    /// Appends one frame (length and event) to `out`.
    void append_frame(const Event& event, std::vector<std::byte>& out);

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Appends one frame around an event that is encoded already.
void append_frame(std::span<const std::byte> event, std::vector<std::byte>& out);

/// How many whole frames `bytes` begins with, and how long they are. A length above max_event_size ends them.
struct WholeFrames {
    std::uint64_t count = 0;
    std::size_t bytes = 0;
    bool broken = false;  ///< such a length
};
/// Up to `most` of them.
WholeFrames whole_frames(std::span<const std::byte> bytes, std::uint64_t most = ~std::uint64_t{0});

/// Verifies, then reads. Nothing where the bytes are not one valid event: wrong, too large, too deep, enum out of range.
std::optional<Event> decode_event(std::span<const std::byte> bytes);

/// Takes whole frames from a stream that arrives in pieces of any size.
class FrameReader {
 public:
    void feed(std::span<const std::byte> bytes);
    /// The next whole frame without its length, valid until the next feed(); nothing when more bytes are needed.
    std::optional<std::span<const std::byte>> next();
    /// A length above max_event_size was read: the stream cannot be trusted any further.
    [[nodiscard]] bool broken() const { return broken_; }
    /// Bytes of a frame that has begun and not ended.
    [[nodiscard]] std::size_t pending() const { return buffer_.size() - read_; }

 private:
    std::vector<std::byte> buffer_;
    std::size_t read_ = 0;
    bool broken_ = false;
};

}  // namespace linnet
