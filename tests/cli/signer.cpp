#include "signer.hpp"

#include <sodium.h>

#include <stdexcept>

namespace linnet {
namespace {

std::string bytes_of(const unsigned char* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

const unsigned char* raw(const std::string& bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

std::string base64(const std::string& bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), sodium_base64_VARIANT_ORIGINAL);
    text.pop_back();  // the NUL
    return text;
}

}  // namespace

Signer::Signer() {
    if (sodium_init() < 0) throw std::runtime_error{"libsodium cannot start"};
    randombytes_buf(id_.data(), id_.size());
    crypto_sign_keypair(key_.data(), secret_.data());
}

std::string Signer::key_file() const {
    return "untrusted comment: minisign public key\n" +
           base64("Ed" + bytes_of(id_.data(), id_.size()) + bytes_of(key_.data(), key_.size())) + "\n";
}

std::string Signer::signature_file(std::string_view bytes, std::string_view comment, Kind kind) const {
    const auto sign = [this](const std::string& message) {
        std::array<unsigned char, crypto_sign_BYTES> signature{};
        crypto_sign_detached(signature.data(), nullptr, raw(message), message.size(), secret_.data());
        return bytes_of(signature.data(), signature.size());
    };
    std::array<unsigned char, 64> hash{};
    crypto_generichash(hash.data(), hash.size(), raw(std::string{bytes}), bytes.size(), nullptr, 0);
    const bool hashed = kind == Kind::hashed;
    const auto signature = sign(hashed ? bytes_of(hash.data(), hash.size()) : std::string{bytes});
    return "untrusted comment: whatever\n" + base64((hashed ? "ED" : "Ed") + bytes_of(id_.data(), id_.size()) + signature) +
           "\ntrusted comment: " + std::string{comment} + "\n" + base64(sign(signature + std::string{comment})) + "\n";
}

}  // namespace linnet
