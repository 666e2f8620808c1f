#include "installation_key.hpp"

#include "wire/settings.hpp"
#include "wire/text_file.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>

#include <array>
#include <system_error>

namespace linnet {
namespace {

constexpr std::size_t key_bytes = 32;

std::string new_key() {
    std::array<unsigned char, key_bytes> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        throw SettingsError{"There is no randomness to make a key of."};
    std::string text;
    for (const auto byte : bytes) text += fmt::format("{:02x}", byte);
    return text;
}

}  // namespace

std::string read_or_make_key(const std::filesystem::path& file) {
    if (std::error_code ignored; !std::filesystem::exists(file, ignored)) {
        try {
            static_cast<void>(write_private_file(file, new_key() + "\n", IfThere::keep));
        } catch (const std::system_error& error) {
            throw SettingsError{fmt::format("{}:0: cannot be written: {}", file.string(), error.what())};
        }
    }
    auto text = read_regular_file(file, 4 * key_bytes);
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (text.size() != 2 * key_bytes) throw SettingsError{file.string() + ":0: is no key; remove it, and a new one is made"};
    return text;
}

}  // namespace linnet
