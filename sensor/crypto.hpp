// What JA4 and QUIC need of cryptography, from nettle: the only file that knows the library.
//
// Nettle and not libgcrypt, which nDPI loads on Debian, or libsodium, which has no AES-128: plain functions on the caller's
// memory, without a global state, set-up, allocation or system call, which suits a process that parses strangers' bytes;
// 0.3 MB; in Debian and in OpenWrt's own tree. Its calls change with version 4 (digests have no length any more).
//
// Nothing here keeps a secret: the keys of QUIC's first packets follow from what those packets show to everybody.
#pragma once

#include "packet.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace linnet {

using Digest = std::array<std::uint8_t, 32>;
using AesKey = std::array<std::uint8_t, 16>;
using AesBlock = std::array<std::uint8_t, 16>;
using GcmNonce = std::array<std::uint8_t, 12>;

/// FIPS 180-4.
Digest sha256(std::string_view text);

/// HKDF with SHA-256 (RFC 5869), and HKDF-Expand-Label with an empty context (RFC 8446, section 7.1); `out` takes as many
/// bytes as it is long, 32 at most; labels have 32 characters at most.
Digest extract_secret(std::span<const std::uint8_t> salt, Bytes secret);
void expand_label(const Digest& secret, std::string_view label, std::span<std::uint8_t> out);

/// One block with AES-128 (FIPS 197).
AesBlock encrypt_block(const AesKey& key, const AesBlock& block);

/// AES-128-GCM (NIST SP 800-38D). `sealed` ends with the 16 bytes of the tag; `out` takes the 16 bytes fewer. False, and
/// `out` is worth nothing, where it was not sealed with this key.
bool open_sealed(const AesKey& key, const GcmNonce& nonce, std::span<const std::uint8_t> associated, Bytes sealed,
                 std::span<std::uint8_t> out);

}  // namespace linnet
