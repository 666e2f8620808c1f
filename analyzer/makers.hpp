// Who made a network interface, by the first half of its MAC: the IEEE registry, as Debian's package ieee-data has it.
// Kept as sorted numbers and one string of names: about 1 MB for 45,000 blocks.
#pragma once

#include "wire/types.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

class Makers {
 public:
    /// Reads oui.csv (24-bit blocks), mam.csv (28) and oui36.csv and iab.csv (36), those that exist; others are skipped.
    static Makers read(const std::filesystem::path& folder);

    /// Adds the lines of one such file: Registry,Assignment,Organization Name,… (RFC 4180). Call finish() after the last.
    void add_csv(std::string_view text);
    void finish();

    /// The registered name: the most specific block wins. Empty where none is known or the address is a random one.
    [[nodiscard]] std::string_view of(const MacAddress& mac) const;

 private:
    struct Block {
        std::uint64_t prefix = 0;
        std::uint32_t name = 0;  ///< offset into names_, where a length byte comes first
    };
    static constexpr std::array<int, 3> bits{36, 28, 24};

    std::array<std::vector<Block>, bits.size()> blocks_;
    std::string names_;
};

/// What people call the maker: "Raspberry Pi Trading Ltd" is "Raspberry Pi".
std::string short_name(std::string_view maker);

}  // namespace linnet
