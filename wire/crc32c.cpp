#include "crc32c.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace linnet {
namespace {

constexpr std::uint32_t polynomial = 0x82f63b78;  // reflected
constexpr std::size_t stride = 8;

/// Row n is what a byte does to the sum when n bytes follow it.
constexpr auto table = [] {
    std::array<std::array<std::uint32_t, 256>, stride> rows{};
    for (std::uint32_t value = 0; value < 256; ++value) {
        auto sum = value;
        for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ (sum % 2 == 1 ? polynomial : 0);
        rows[0][value] = sum;
    }
    for (std::size_t row = 1; row < stride; ++row)
        for (std::size_t value = 0; value < 256; ++value)
            rows[row][value] = rows[row - 1][value] >> 8 ^ rows[0][rows[row - 1][value] & 0xff];
    return rows;
}();

}  // namespace

std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before) {
    auto sum = ~before;
    for (; bytes.size() >= stride; bytes = bytes.subspan(stride)) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data(), stride);
        if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
        word ^= sum;
        sum = table[7][word & 0xff] ^ table[6][word >> 8 & 0xff] ^ table[5][word >> 16 & 0xff] ^
              table[4][word >> 24 & 0xff] ^ table[3][word >> 32 & 0xff] ^ table[2][word >> 40 & 0xff] ^
              table[1][word >> 48 & 0xff] ^ table[0][word >> 56];
    }
    for (const auto byte : bytes) sum = sum >> 8 ^ table[0][(sum ^ std::to_integer<std::uint32_t>(byte)) & 0xff];
    return ~sum;
}

}  // namespace linnet
