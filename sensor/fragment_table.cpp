#include "fragment_table.hpp"

#include "decode.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr std::size_t largest_datagram = 65'535;

}  // namespace

Reassembled FragmentTable::add(const Fragment& fragment) {
    ++counters_.fragments;
    expire(fragment.at);
    const auto place = find_or_start(fragment);
    Datagram& datagram = *place;
    const std::size_t end = fragment.offset + fragment.data.size();
    const auto after = std::lower_bound(datagram.pieces.begin(), datagram.pieces.end(), fragment.offset,
                                        [](const Piece& piece, std::size_t offset) { return piece.offset < offset; });
    if (after != datagram.pieces.end() && after->offset == fragment.offset && after->length == fragment.data.size() &&
        std::equal(fragment.data.begin(), fragment.data.end(), datagram.stored.begin() + after->stored_at))
        return {};

    const bool overlaps =
        (after != datagram.pieces.end() && after->offset < end) ||
        (after != datagram.pieces.begin() && std::prev(after)->offset + std::prev(after)->length > fragment.offset);
    const bool beyond_the_end = datagram.end != 0 && (end > datagram.end || !fragment.more);
    const bool behind_the_end = !fragment.more && !datagram.pieces.empty() && datagram.pieces.back().offset >= end;
    const std::size_t cost = fragment.data.size() + sizeof(Piece) + (fragment.offset == 0 ? fragment.header.size() : 0);
    if (datagram.condemned || fragment.cut || overlaps || beyond_the_end || behind_the_end ||
        end + fragment.header.size() > largest_datagram || !make_room(cost, place)) {
        ++counters_.fragments_dropped;
        condemn(datagram);
        return {};
    }

    datagram.pieces.insert(
        after, Piece{static_cast<std::uint32_t>(fragment.offset), static_cast<std::uint32_t>(fragment.data.size()),
                     static_cast<std::uint32_t>(datagram.stored.size())});
    datagram.stored.insert(datagram.stored.end(), fragment.data.begin(), fragment.data.end());
    if (fragment.offset == 0) datagram.header.assign(fragment.header.begin(), fragment.header.end());
    if (!fragment.more) datagram.end = end;
    datagram.received += fragment.data.size();
    datagram.wire_length += fragment.wire_length;
    bytes_ += cost;
    // Nothing overlaps, so as many bytes as the datagram is long means that all are there.
    return datagram.end != 0 && datagram.received == datagram.end ? complete(place) : Reassembled{};
}

void FragmentTable::expire(Timestamp now) {
    // A capture may jump back in time; what is from the future then is as stale as what is too old.
    while (!datagrams_.empty() && std::chrono::abs(now - datagrams_.front().first_seen) > limits_.fragment_timeout)
        remove(datagrams_.begin());
}

FragmentTable::Place FragmentTable::find_or_start(const Fragment& fragment) {
    const auto place = std::find_if(datagrams_.begin(), datagrams_.end(),
                                    [&](const Datagram& datagram) { return datagram.key == fragment.key; });
    if (place != datagrams_.end()) return place;
    if (datagrams_.size() >= std::max<std::size_t>(limits_.max_fragmented, 1)) remove(datagrams_.begin());
    Datagram& datagram = datagrams_.emplace_back();
    datagram.key = fragment.key;
    datagram.first_seen = fragment.at;
    return std::prev(datagrams_.end());
}

std::size_t FragmentTable::cost_of(const Datagram& datagram) {
    return datagram.stored.size() + datagram.pieces.size() * sizeof(Piece) + datagram.header.size();
}

void FragmentTable::condemn(Datagram& datagram) {
    counters_.fragments_dropped += datagram.pieces.size();
    bytes_ -= cost_of(datagram);
    datagram.condemned = true;
    datagram.pieces = {};
    datagram.stored = {};
    datagram.header = {};
}

void FragmentTable::remove(Place place) {
    condemn(*place);
    datagrams_.erase(place);
}

bool FragmentTable::make_room(std::size_t bytes, Place keep) {
    while (bytes_ + bytes > limits_.max_fragment_bytes && datagrams_.begin() != keep) remove(datagrams_.begin());
    return bytes_ + bytes <= limits_.max_fragment_bytes;
}

Reassembled FragmentTable::complete(Place place) {
    const std::size_t header = place->header.size();
    whole_.resize(header + place->received);
    std::copy(place->header.begin(), place->header.end(), whole_.begin());
    for (const Piece& piece : place->pieces)
        std::copy_n(place->stored.begin() + piece.stored_at, piece.length,
                    whole_.begin() + static_cast<std::ptrdiff_t>(header + piece.offset));
    const std::uint32_t wire_length = place->wire_length;
    bytes_ -= cost_of(*place);
    datagrams_.erase(place);
    return {.bytes = whole_, .wire_length = wire_length};
}

}  // namespace linnet
