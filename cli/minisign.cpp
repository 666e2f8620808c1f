#include "minisign.hpp"

#include <sodium.h>

#include <algorithm>
#include <vector>

namespace linnet {
namespace {

constexpr std::string_view untrusted = "untrusted comment: ", trusted = "trusted comment: ";
constexpr std::size_t algorithm_size = 2, id_size = 8;

void start_sodium() {
    if (sodium_init() < 0) throw MinisignError{"The cryptography library cannot be used here."};
}

/// The next line, without its end; a file from Windows ends its lines with CR LF.
std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

/// Exactly `size` bytes out of a line of base64 (RFC 4648, with padding), or MinisignError.
std::vector<unsigned char> decode(std::string_view line, std::size_t size, const char* complaint) {
    std::vector<unsigned char> bytes(size);
    std::size_t length = 0;
    const char* end = nullptr;
    const bool right = sodium_base642bin(bytes.data(), bytes.size(), line.data(), line.size(), nullptr, &length, &end,
                                         sodium_base64_VARIANT_ORIGINAL) == 0 &&
                       length == size && end == line.data() + line.size();
    if (!right) throw MinisignError{complaint};
    return bytes;
}

std::string_view algorithm_of(const std::vector<unsigned char>& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), algorithm_size};
}

bool verified(const unsigned char* signature, const std::vector<unsigned char>& message, const MinisignKey& key) {
    return crypto_sign_verify_detached(signature, message.data(), message.size(), key.key.data()) == 0;
}

std::vector<unsigned char> hash_of(std::string_view bytes) {
    std::vector<unsigned char> hash(crypto_generichash_BYTES_MAX);  // BLAKE2b-512 without a key
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), nullptr,
                       0);
    return hash;
}

}  // namespace

MinisignKey parse_minisign_key(std::string_view text) {
    constexpr const char* complaint = "The key is not a public key of minisign.";
    start_sodium();
    if (!take_line(text).starts_with(untrusted)) throw MinisignError{complaint};
    MinisignKey key;
    const auto bytes = decode(take_line(text), algorithm_size + id_size + key.key.size(), complaint);
    if (algorithm_of(bytes) != "Ed") throw MinisignError{complaint};
    std::copy_n(bytes.begin() + algorithm_size, id_size, key.id.begin());
    std::copy_n(bytes.begin() + algorithm_size + id_size, key.key.size(), key.key.begin());
    return key;
}

std::string verify_minisign(std::string_view bytes, std::string_view text, const MinisignKey& key) {
    constexpr const char* complaint = "The signature is not one of minisign.";
    start_sodium();
    if (!take_line(text).starts_with(untrusted)) throw MinisignError{complaint};
    const auto signature = decode(take_line(text), algorithm_size + id_size + crypto_sign_BYTES, complaint);
    auto comment = take_line(text);
    if (!comment.starts_with(trusted)) throw MinisignError{complaint};
    comment.remove_prefix(trusted.size());
    const auto global = decode(take_line(text), crypto_sign_BYTES, complaint);

    if (algorithm_of(signature) == "Ed")
        throw MinisignError{
            "The signature is of the older kind, without a hash: sign again with minisign -S (0.10 or newer)."};
    if (algorithm_of(signature) != "ED") throw MinisignError{complaint};
    if (!std::equal(key.id.begin(), key.id.end(), signature.begin() + algorithm_size))
        throw MinisignError{"The signature was made with another key."};
    const unsigned char* const over_bytes = signature.data() + algorithm_size + id_size;
    if (!verified(over_bytes, hash_of(bytes), key)) throw MinisignError{"The signature does not belong to these bytes."};
    std::vector<unsigned char> with_comment(over_bytes, over_bytes + crypto_sign_BYTES);
    with_comment.insert(with_comment.end(), comment.begin(), comment.end());
    if (!verified(global.data(), with_comment, key)) throw MinisignError{"The trusted comment is not the maker's."};
    return std::string{comment};
}

}  // namespace linnet
