#include "crypto.hpp"

#include <nettle/aes.h>
#include <nettle/gcm.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#include <nettle/sha2.h>
#include <nettle/version.h>

#include <algorithm>

namespace linnet {
namespace {

const std::uint8_t* octets(Bytes bytes) { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }
const std::uint8_t* octets(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }

#if NETTLE_VERSION_MAJOR >= 4
void finish(sha256_ctx& hash, Digest& out) { sha256_digest(&hash, out.data()); }
void finish(hmac_sha256_ctx& hash, Digest& out) { hmac_sha256_digest(&hash, out.data()); }
void finish(gcm_aes128_ctx& gcm, AesBlock& out) { gcm_aes128_digest(&gcm, out.data()); }
#else
void finish(sha256_ctx& hash, Digest& out) { sha256_digest(&hash, out.size(), out.data()); }
void finish(hmac_sha256_ctx& hash, Digest& out) { hmac_sha256_digest(&hash, out.size(), out.data()); }
void finish(gcm_aes128_ctx& gcm, AesBlock& out) { gcm_aes128_digest(&gcm, out.size(), out.data()); }
#endif

Digest hmac_sha256(std::span<const std::uint8_t> key, const std::uint8_t* text, std::size_t size) {
    hmac_sha256_ctx hash{};
    hmac_sha256_set_key(&hash, key.size(), key.data());
    hmac_sha256_update(&hash, size, text);
    Digest digest{};
    finish(hash, digest);
    return digest;
}

}  // namespace

Digest sha256(std::string_view text) {
    sha256_ctx hash{};
    sha256_init(&hash);
    sha256_update(&hash, text.size(), octets(text));
    Digest digest{};
    finish(hash, digest);
    return digest;
}

Digest extract_secret(std::span<const std::uint8_t> salt, Bytes secret) {
    return hmac_sha256(salt, octets(secret), secret.size());
}

void expand_label(const Digest& secret, std::string_view label, std::span<std::uint8_t> out) {
    // The lengths of the output (2 bytes), of the label and of the context, and the number of the only block
    constexpr std::string_view prefix = "tls13 ";
    std::array<std::uint8_t, 64> info{0, static_cast<std::uint8_t>(out.size()),
                                      static_cast<std::uint8_t>(prefix.size() + label.size())};
    auto* at = std::copy(prefix.begin(), prefix.end(), info.begin() + 3);
    at = std::copy(label.begin(), label.end(), at);
    *at++ = 0;
    *at++ = 1;
    const auto block = hmac_sha256(secret, info.data(), static_cast<std::size_t>(at - info.begin()));
    std::copy_n(block.begin(), out.size(), out.begin());
}

AesBlock encrypt_block(const AesKey& key, const AesBlock& block) {
    aes128_ctx aes{};
    aes128_set_encrypt_key(&aes, key.data());
    AesBlock sealed{};
    aes128_encrypt(&aes, block.size(), sealed.data(), block.data());
    return sealed;
}

bool open_sealed(const AesKey& key, const GcmNonce& nonce, std::span<const std::uint8_t> associated, Bytes sealed,
                 std::span<std::uint8_t> out) {
    AesBlock tag{};
    if (sealed.size() < tag.size() || out.size() != sealed.size() - tag.size()) return false;
    gcm_aes128_ctx gcm{};
    gcm_aes128_set_key(&gcm, key.data());
    gcm_aes128_set_iv(&gcm, nonce.size(), nonce.data());
    gcm_aes128_update(&gcm, associated.size(), associated.data());
    gcm_aes128_decrypt(&gcm, out.size(), out.data(), octets(sealed));
    finish(gcm, tag);
    return memeql_sec(tag.data(), sealed.data() + out.size(), tag.size()) != 0;
}

}  // namespace linnet
