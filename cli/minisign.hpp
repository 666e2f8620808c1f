// Signatures in the format of minisign 0.11: Ed25519 over the BLAKE2b-512 hash of the file ("ED"), and once more over that
// signature and the trusted comment. Verifying only; no private key ever comes near Linnet.
#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace linnet {

/// what() is a sentence for people.
struct MinisignError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct MinisignKey {
    std::array<unsigned char, 8> id{};
    std::array<unsigned char, 32> key{};
};

inline constexpr std::size_t max_minisign_text = 8 * 1024;  ///< of a key or signature file

/// A public key file: a line of untrusted comment, a line of base64. Throws MinisignError.
MinisignKey parse_minisign_key(std::string_view text);

/// Checks both signatures of a .minisig file (`text`) over `bytes`. Returns the trusted comment. Throws MinisignError; the
/// older kind of signature ("Ed", without a hash) is refused.
std::string verify_minisign(std::string_view bytes, std::string_view text, const MinisignKey& key);

}  // namespace linnet
