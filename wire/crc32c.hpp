// CRC-32C (Castagnoli), as in RFC 3720: polynomial 0x1EDC6F41, reflected, all ones at both ends. Finds what happens to bytes
// by accident; against intent it is worth nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace linnet {

/// Of bytes in several pieces: give what the pieces before had.
std::uint32_t crc32c(std::span<const std::byte> bytes, std::uint32_t before = 0);

}  // namespace linnet
