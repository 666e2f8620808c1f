#include "flow_key.hpp"

#include <bit>
#include <cstring>

namespace linnet {
namespace {

std::uint64_t word(const IpAddress& ip, std::size_t at) {
    std::uint64_t value = 0;
    std::memcpy(&value, ip.bytes.data() + at, sizeof value);
    return value;
}

/// One round of a multiply-and-fold hash: both halves of the 128-bit product.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

FlowKey FlowKey::of(const Packet& packet) {
    return of(packet.src, packet.src_port, packet.dst, packet.dst_port, packet.proto);
}

FlowKey FlowKey::of(const IpAddress& a, Port a_port, const IpAddress& b, Port b_port, Proto proto) {
    const int order = std::memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size());
    if (order < 0 || (order == 0 && a_port <= b_port)) return {a, b, a_port.number, b_port.number, proto};
    return {b, a, b_port.number, a_port.number, proto};
}

KeyIndex::KeyIndex(std::size_t max_keys, std::uint64_t seed)
    : slots_(std::bit_ceil(2 * max_keys + 2), none), mask_{slots_.size() - 1}, seed_{seed | 1} {}

std::size_t KeyIndex::home(const FlowKey& key) const {
    const std::uint64_t ports = static_cast<std::uint64_t>(key.low_port) << 32 |
                                static_cast<std::uint64_t>(key.high_port) << 8 | static_cast<std::uint64_t>(key.proto);
    std::uint64_t hash = fold(word(key.low, 8) ^ seed_, 0x9e3779b97f4a7c15ULL ^ word(key.high, 8));
    hash = fold(hash ^ word(key.low, 0), 0xd6e8feb86659fd93ULL ^ word(key.high, 0));
    return static_cast<std::size_t>(fold(hash ^ ports, seed_ ^ 0xa0761d6478bd642fULL)) & mask_;
}

}  // namespace linnet
