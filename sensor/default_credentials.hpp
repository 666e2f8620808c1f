// The default passwords that devices are sold with, from signatures/credentials.toml. Matching happens here in the
// sensor; only the number of the matching entry leaves it.
#pragma once

#include "wire/event.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace linnet {

class DefaultCredentials {
 public:
    /// No entries: nothing ever matches.
    DefaultCredentials();
    ~DefaultCredentials();
    DefaultCredentials(DefaultCredentials&&) noexcept;
    DefaultCredentials& operator=(DefaultCredentials&&) noexcept;

    /// Throws SettingsError (file:line: reason).
    static DefaultCredentials read(const std::filesystem::path& file);
    /// The same for a text that read_text_file() has read; `file` is for messages.
    static DefaultCredentials parse(std::string_view text, const std::filesystem::path& file);

    /// The entry's number, 0 where none matches. The comparison is of the whole user and the whole secret.
    [[nodiscard]] std::uint16_t match(Service service, std::string_view user, std::string_view secret) const;
    [[nodiscard]] std::size_t size() const;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace linnet
