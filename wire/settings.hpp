// A section of linnet.toml, read strictly: a wrong type, a number out of range or a key that nobody asked for is an
// error that names file, line and reason.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace linnet {

/// what() is "file:line: reason". Programs print it and leave with exit_code::configuration.
struct SettingsError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Settings {
 public:
    /// Reads `[section]` of the file; an absent section is empty. Throws SettingsError.
    Settings(const std::filesystem::path& file, const std::string& section);
    /// No file: every value is its default.
    Settings();
    ~Settings();
    Settings(Settings&&) noexcept;
    Settings& operator=(Settings&&) noexcept;

    std::string text(const std::string& key, std::string fallback);
    std::int64_t integer(const std::string& key, std::int64_t fallback, std::int64_t least, std::int64_t most);
    bool flag(const std::string& key, bool fallback);
    std::vector<std::string> list(const std::string& key, std::vector<std::string> fallback);

    /// The sections inside this one, such as [outlets.phone] in [outlets], by name: to be read and finished on their own.
    std::vector<std::pair<std::string, Settings>> sections();
    /// The same; a single text is a list of one.
    std::vector<std::string> text_or_list(const std::string& key, std::vector<std::string> fallback);

    /// Throws SettingsError at the given key's line: for values that have the right type and the wrong meaning.
    [[noreturn]] void refuse(const std::string& key, const std::string& reason) const;

    /// Call last: throws SettingsError where the section has a key that was never asked for.
    void finish() const;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace linnet
