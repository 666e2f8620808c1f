#include "wire/crc32c.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace linnet;

namespace {

std::vector<std::byte> counting(int first, int step) {
    std::vector<std::byte> bytes;
    for (int i = 0; i < 32; ++i) bytes.push_back(static_cast<std::byte>(first + step * i));
    return bytes;
}

}  // namespace

TEST_CASE("crc32c: the examples of RFC 3720 B.4, which writes the sum's bytes in the order of the wire") {
    CHECK(crc32c(std::vector<std::byte>(32, std::byte{0})) == 0x8a9136aa);
    CHECK(crc32c(std::vector<std::byte>(32, std::byte{0xff})) == 0x62a8ab43);
    CHECK(crc32c(counting(0, 1)) == 0x46dd794e);
    CHECK(crc32c(counting(31, -1)) == 0x113fdb5c);
    CHECK(crc32c({}) == 0);
}

TEST_CASE("crc32c of pieces is that of the whole, wherever it is cut") {
    const auto whole = counting(0, 7);
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        const std::span bytes{whole};
        CHECK(crc32c(bytes.subspan(cut), crc32c(bytes.first(cut))) == crc32c(whole));
    }
}
