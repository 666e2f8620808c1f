// The way of a packet from the opener, which may capture, to the parser, which may do nothing: a ring in shared memory with
// one writer and one reader. A packet leaves the ring when the reader asks for the next one, so that the packet at which a
// reader died is still there, and the next reader goes on behind it.
//
// The writer believes nothing that the reader may have written: a reader that was taken over can spoil its own packets, and
// that is all.
#pragma once

#include "packet_source.hpp"
#include "shared_memory.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace linnet {

class PacketRing {
 public:
    /// A power of two, at least four times the longest packet.
    explicit PacketRing(std::size_t capacity);

    // --- the writer's side ---

    /// False where there is no room now.
    bool push(const RawPacket& packet);
    /// Nothing more will come.
    void end();
    /// The packet that the reader has, or would get next.
    [[nodiscard]] std::optional<RawPacket> oldest() const;
    /// The reader is gone: the next one begins behind oldest().
    void skip();
    /// The reader wrote where it may not: its place in the ring cannot be one.
    [[nodiscard]] bool spoiled() const;

    // --- the reader's side ---

    /// Gives the last packet back and hands out the next; false where none came for `patience`. `packet` is valid until the
    /// next call.
    bool next(RawPacket& packet, std::chrono::milliseconds patience);
    [[nodiscard]] bool ended() const;

 private:
    struct Head {
        alignas(64) std::atomic<std::uint64_t> written{0};  ///< bytes, ever; the writer's
        std::atomic<std::uint32_t> ended{0};
        alignas(64) std::atomic<std::uint64_t> read{0};  ///< bytes, ever; the reader's
        std::atomic<std::uint32_t> sleeping{0};          ///< 1 = the reader waits and wants to be woken
    };
    struct Record {
        std::uint32_t size;  ///< of the bytes behind it; filler = the rest of the ring is empty, go on at its beginning
        std::uint32_t wire_length;
        std::int64_t at;
        std::int64_t link_type;
    };
    static constexpr std::uint32_t filler = 0xffff'ffff;

    struct Found {
        std::uint64_t begin = 0;  ///< of the record
        std::uint64_t end = 0;    ///< of what belongs to it
        RawPacket packet;
    };
    /// The first record between two places, or nothing where none fits there.
    [[nodiscard]] std::optional<Found> find(std::uint64_t from, std::uint64_t to) const;
    [[nodiscard]] std::byte* at(std::uint64_t place) const { return bytes_.data() + (place & (capacity_ - 1)); }

    std::size_t capacity_;
    Shared<Head> head_;
    SharedBytes bytes_;
    std::uint64_t written_ = 0;  ///< the writer's own number, which nobody else can change
    std::uint64_t held_ = 0;     ///< where what the reader holds ends; 0 = it holds nothing
};

}  // namespace linnet
