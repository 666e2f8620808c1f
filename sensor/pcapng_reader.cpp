#include "pcapng_reader.hpp"

#include "pcap_handle.hpp"

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

constexpr std::uint32_t section_block = 0x0a0d0d0a, interface_block = 1, obsolete_packet_block = 2, simple_packet_block = 3,
                        enhanced_packet_block = 6;
constexpr std::uint32_t order_magic = 0x1a2b3c4d;
constexpr std::size_t frame_bytes = 12;  // block type, length, and length again at its end
constexpr std::uint16_t option_end = 0, option_resolution = 9, option_offset = 14;
constexpr std::uint8_t largest_decimal = 19, largest_binary = 63;

/// Files number link types as libpcap does, but for this one: https://www.tcpdump.org/linktypes.html
constexpr int linktype_raw = 101;

std::uint64_t power_of_10(unsigned exponent) {
    std::uint64_t value = 1;
    while (exponent-- > 0) value *= 10;
    return value;
}

}  // namespace

struct PcapngReader::Fields {
    ByteReader in;
    bool little_endian = false;

    std::uint16_t u16() { return little_endian ? __builtin_bswap16(in.u16()) : in.u16(); }
    std::uint32_t u32() { return little_endian ? __builtin_bswap32(in.u32()) : in.u32(); }
    std::uint64_t u64() { return little_endian ? __builtin_bswap64(in.u64()) : in.u64(); }
    std::uint64_t ticks() {  // the high half comes first in either order
        const std::uint64_t high = u32();
        return high << 32 | u32();
    }
};

PcapngReader::PcapngReader(std::FILE* stream) : stream_{stream} { first_ = read(first_packet_); }

SourceRead PcapngReader::next(RawPacket& packet) {
    if (!first_) return read(packet);
    packet = first_packet_;
    return *std::exchange(first_, std::nullopt);
}

SourceRead PcapngReader::read(RawPacket& packet) {
    while (true) {
        switch (read_block(packet)) {
            case Block::packet: return SourceRead::packet;
            case Block::other: break;
            case Block::end: return SourceRead::end;
            case Block::bad: return SourceRead::truncated;
        }
    }
}

std::vector<int> PcapngReader::link_types() const {
    std::vector<int> types;
    for (const Interface& interface : interfaces_) types.push_back(interface.link_type);
    return types;
}

PcapngReader::Block PcapngReader::bad(const char* reason) {
    reason_ = reason;
    return Block::bad;
}

/// Appends to block_, in steps: a length that is not true shall not cost memory.
bool PcapngReader::read_bytes(std::size_t count) {
    constexpr std::size_t step = 64 * 1024;
    while (count > 0) {
        const std::size_t now = std::min(count, step);
        const std::size_t have = block_.size();
        block_.resize(have + now);
        const std::size_t got = std::fread(block_.data() + have, 1, now, stream_);
        block_.resize(have + got);
        if (got < now) return false;
        count -= now;
    }
    return true;
}

std::uint32_t PcapngReader::number_at(std::size_t place) const {
    return Fields{ByteReader{Bytes{block_}.subspan(place)}, little_endian_}.u32();
}

PcapngReader::Block PcapngReader::read_block(RawPacket& packet) {
    constexpr const char* ends_early = "it ends in the middle of a block";
    block_.clear();
    if (!read_bytes(8)) return block_.empty() && std::ferror(stream_) == 0 ? Block::end : bad(ends_early);
    const std::uint32_t type = number_at(0);
    if (type == section_block) {  // a palindrome; the byte order is in the block
        if (!read_bytes(4)) return bad(ends_early);
        little_endian_ = false;
        if (number_at(8) != order_magic) little_endian_ = true;
        if (number_at(8) != order_magic) return bad("a section has no byte order");
    } else if (!in_section_) {
        return bad("it does not begin with a section");
    }
    const std::uint32_t length = number_at(4);
    if (length < frame_bytes + 4 * (type == section_block) || length % 4 != 0 || length > max_block)
        return bad("a block has an impossible length");
    if (!read_bytes(length - block_.size())) return bad(ends_early);
    if (number_at(length - 4) != length) return bad("the two lengths of a block differ");

    Fields fields{ByteReader{Bytes{block_}.subspan(8, length - frame_bytes)}, little_endian_};
    switch (type) {
        case section_block: return section(fields) ? Block::other : bad("a section has an unknown version");
        case interface_block: return interface(fields) ? Block::other : bad("the description of an interface is not valid");
        case enhanced_packet_block: return enhanced_packet(fields, packet);
        case obsolete_packet_block: return obsolete_packet(fields, packet);
        case simple_packet_block: return simple_packet(fields, packet);
        default: return Block::other;
    }
}

bool PcapngReader::section(Fields& fields) {
    fields.in.skip(4);
    const std::uint16_t major = fields.u16();
    const std::uint16_t minor = fields.u16();
    interfaces_.clear();
    in_section_ = fields.in.ok() && major == 1 && (minor == 0 || minor == 2);
    return in_section_;
}

bool PcapngReader::interface(Fields& fields) {
    Interface interface;
    const int link_type = fields.u16();
    interface.link_type = link_type == linktype_raw ? DLT_RAW : link_type;
    fields.in.skip(2);
    interface.snap_length = fields.u32();
    if (!fields.in.ok() || interfaces_.size() >= max_interfaces) return false;
    while (!fields.in.at_end()) {
        const std::uint16_t option = fields.u16();
        const std::uint16_t length = fields.u16();
        Fields value{ByteReader{fields.in.bytes(length)}, little_endian_};
        if (option == option_end || !fields.in.ok()) break;
        fields.in.skip(std::min<std::size_t>((4 - length % 4) % 4, fields.in.remaining()));
        if (option == option_resolution) {
            const std::uint8_t resolution = value.in.u8();
            interface.binary = (resolution & 0x80) != 0;
            interface.exponent = resolution & 0x7f;
        } else if (option == option_offset) {
            interface.offset_s = static_cast<std::int64_t>(value.u64());
        }
    }
    if (!fields.in.ok() || interface.exponent > (interface.binary ? largest_binary : largest_decimal)) return false;
    interfaces_.push_back(interface);
    return true;
}

PcapngReader::Block PcapngReader::enhanced_packet(Fields& fields, RawPacket& packet) {
    const std::uint32_t interface = fields.u32();
    const std::uint64_t ticks = fields.ticks();
    return finish_packet(fields, interface, ticks, packet);
}

PcapngReader::Block PcapngReader::obsolete_packet(Fields& fields, RawPacket& packet) {
    const std::uint16_t interface = fields.u16();
    fields.in.skip(2);
    const std::uint64_t ticks = fields.ticks();
    return finish_packet(fields, interface, ticks, packet);
}

PcapngReader::Block PcapngReader::finish_packet(Fields& fields, std::size_t interface, std::uint64_t ticks,
                                                RawPacket& packet) {
    const std::uint32_t captured = fields.u32();
    const std::uint32_t wire_length = fields.u32();
    const Bytes bytes = fields.in.bytes(captured);
    if (!fields.in.ok()) return bad("a packet is longer than its block");
    if (interface >= interfaces_.size()) return bad("a packet is of an interface that is not described");
    last_ = time_of(interfaces_[interface], ticks);
    packet = {.at = last_,
              .link_type = interfaces_[interface].link_type,
              .wire_length = std::max(wire_length, captured),
              .bytes = bytes};
    return Block::packet;
}

/// Has no time of its own, and always is of the first interface.
PcapngReader::Block PcapngReader::simple_packet(Fields& fields, RawPacket& packet) {
    const std::uint32_t wire_length = fields.u32();
    if (!fields.in.ok() || interfaces_.empty()) return bad("a packet is of an interface that is not described");
    const Interface& interface = interfaces_.front();
    std::size_t captured = std::min<std::size_t>(wire_length, fields.in.remaining());
    if (interface.snap_length != 0) captured = std::min<std::size_t>(captured, interface.snap_length);
    packet = {.at = last_, .link_type = interface.link_type, .wire_length = wire_length, .bytes = fields.in.bytes(captured)};
    return Block::packet;
}

Timestamp PcapngReader::time_of(const Interface& interface, std::uint64_t ticks) {
    constexpr std::uint64_t million = 1'000'000;
    constexpr std::int64_t far = 1'000'000'000'000;
    std::uint64_t seconds = 0, microseconds = 0;
    if (interface.binary) {
        constexpr unsigned safe_bits = 44;  // 2^44 * 10^6 still fits
        const unsigned bits = interface.exponent;
        const unsigned kept = std::min(bits, safe_bits);
        const std::uint64_t fraction = ticks & ((std::uint64_t{1} << bits) - 1);
        seconds = ticks >> bits;
        microseconds = ((fraction >> (bits - kept)) * million) >> kept;
    } else {
        const std::uint64_t ticks_per_second = power_of_10(interface.exponent);
        const std::uint64_t fraction = ticks % ticks_per_second;
        seconds = ticks / ticks_per_second;
        microseconds = interface.exponent <= 6 ? fraction * power_of_10(6U - interface.exponent)
                                               : fraction / power_of_10(interface.exponent - 6U);
    }
    return to_timestamp(
        static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, far)) + std::clamp(interface.offset_s, -far, far),
        static_cast<std::int64_t>(microseconds));
}

}  // namespace linnet
