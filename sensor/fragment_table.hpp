// Puts IP datagrams together from their fragments (RFC 791 section 3.2, RFC 8200 section 4.5). Nothing is ever guessed:
// fragments that overlap condemn their datagram (RFC 5722), an exact repetition is ignored, and what is not complete
// within the timeout, or is the oldest when a limit is reached, is dropped and counted.
#pragma once

#include "packet.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <vector>

namespace linnet {

struct DecoderCounters;
struct DecoderLimits;

struct FragmentKey {
    IpAddress src, dst;
    std::uint32_t id = 0;
    std::uint8_t protocol = 0;  ///< 0 for IPv6, whose fragments are told apart by the addresses and id alone
    bool operator==(const FragmentKey&) const = default;
};

struct Fragment {
    FragmentKey key;
    Bytes header;            ///< what comes before the data; that of the first fragment is kept
    Bytes data;              ///< not empty; a multiple of 8 where `more`
    std::size_t offset = 0;  ///< of the data in the datagram, in bytes
    bool more = false;       ///< this is not the last one
    bool cut = false;        ///< the capture holds only a part of it
    Timestamp at;
    std::uint32_t wire_length = 0;
};

/// A whole datagram, in the table's own memory until the next add().
struct Reassembled {
    std::span<std::byte> bytes;     ///< header and data; empty where the datagram is not complete yet
    std::uint32_t wire_length = 0;  ///< of all fragments together
};

class FragmentTable {
 public:
    FragmentTable(const DecoderLimits& limits, DecoderCounters& counters) : limits_{limits}, counters_{counters} {}
    Reassembled add(const Fragment& fragment);

 private:
    struct Piece {
        std::uint32_t offset, length, stored_at;
    };
    struct Datagram {
        FragmentKey key;
        Timestamp first_seen;
        std::vector<Piece> pieces;      // by offset, never overlapping
        std::vector<std::byte> stored;  // their bytes in the order of arrival
        std::vector<std::byte> header;
        std::uint32_t wire_length = 0;
        std::size_t received = 0;
        std::size_t end = 0;     // of the data; 0 = the last fragment has not come
        bool condemned = false;  // holds nothing any more, and what still comes is dropped
    };
    using Place = std::list<Datagram>::iterator;

    void expire(Timestamp now);
    Place find_or_start(const Fragment& fragment);
    static std::size_t cost_of(const Datagram& datagram);
    void condemn(Datagram& datagram);
    void remove(Place place);
    bool make_room(std::size_t bytes, Place keep);
    Reassembled complete(Place place);

    const DecoderLimits& limits_;
    DecoderCounters& counters_;
    std::list<Datagram> datagrams_;  // oldest first
    std::size_t bytes_ = 0;          // in all of them
    std::vector<std::byte> whole_;
};

}  // namespace linnet
