// QUIC's Initial packets by hand for tests (RFC 9000, section 17.2.2; RFC 9001, section 5): frames, and sealing as a sender
// does.
#pragma once

#include "sensor/crypto.hpp"
#include "tls_bytes.hpp"

#include <nettle/gcm.h>
#include <nettle/version.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace linnet::test {

/// Two bytes, which is enough for what tests write (section 16).
inline std::string quic_number(std::size_t value) { return be(0x4000 | value, 2); }
inline std::string crypto_frame(std::size_t offset, std::string_view data) {
    return "\x06" + quic_number(offset) + quic_number(data.size()) + std::string{data};
}

struct QuicVersion {
    std::uint32_t number = 1;
    std::string salt;   ///< 20 bytes
    std::string label;  ///< "quic" or "quicv2"
    unsigned initial_type = 0;
};

/// `frames`, filled up with PADDING to `size` bytes of packet, sealed with the keys of the connection that began with `id`.
inline std::string sealed_initial(const QuicVersion& version, std::string_view id, std::string_view sender,
                                  std::string_view destination, std::string_view token, std::uint32_t number,
                                  std::string frames, std::size_t size) {
    constexpr std::size_t tag = 16, number_size = 4;
    std::string header = static_cast<char>(0xc0 | version.initial_type << 4 | (number_size - 1)) + be(version.number, 4) +
                         sized(1, destination) + sized(1, "") + sized(1, token);  // 63 bytes at most
    const auto before = header.size() + 2 + number_size + tag;
    if (before + frames.size() < size) frames.resize(size - before);
    header += quic_number(number_size + frames.size() + tag) + be(number, number_size);

    const auto octets = [](std::string_view text) {
        return std::span{reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    };
    const auto initial = extract_secret(octets(version.salt), std::as_bytes(std::span{id}));
    Digest secret{};
    AesKey key{}, header_key{};
    GcmNonce nonce{};
    expand_label(initial, sender, secret);
    expand_label(secret, version.label + " key", key);
    expand_label(secret, version.label + " iv", nonce);
    expand_label(secret, version.label + " hp", header_key);
    for (std::size_t i = 0; i < number_size; ++i) nonce[8 + i] ^= static_cast<std::uint8_t>(number >> (24 - 8 * i));

    gcm_aes128_ctx gcm;
    gcm_aes128_set_key(&gcm, key.data());
    gcm_aes128_set_iv(&gcm, nonce.size(), nonce.data());
    gcm_aes128_update(&gcm, header.size(), octets(header).data());
    std::string sealed(frames.size() + tag, '\0');
    auto* out = reinterpret_cast<std::uint8_t*>(sealed.data());
    gcm_aes128_encrypt(&gcm, frames.size(), out, octets(frames).data());
#if NETTLE_VERSION_MAJOR >= 4
    gcm_aes128_digest(&gcm, out + frames.size());
#else
    gcm_aes128_digest(&gcm, tag, out + frames.size());
#endif
    AesBlock sample{};
    std::copy_n(octets(sealed).begin(), sample.size(), sample.begin());
    const auto mask = encrypt_block(header_key, sample);
    header[0] = static_cast<char>(header[0] ^ (mask[0] & 0x0f));
    for (std::size_t i = 0; i < number_size; ++i) {
        auto& byte = header[header.size() - number_size + i];
        byte = static_cast<char>(byte ^ mask[1 + i]);
    }
    return header + sealed;
}

}  // namespace linnet::test
