// A token, key or password of an outlet: in memory only, never printed, wiped when it goes. It comes from a file that others
// cannot read, or from a credential of systemd (systemd.exec(5), "Credentials"); it has no place in linnet.toml.
#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace linnet {

/// Throws SettingsError where others than its owner may read the file.
void require_private(const std::filesystem::path& file);

class Secret {
 public:
    static constexpr std::size_t max_bytes = 4096;

    Secret() = default;
    explicit Secret(std::string text) : text_{std::move(text)} {}
    ~Secret();
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;

    [[nodiscard]] bool empty() const { return text_.empty(); }
    /// Where it is about to be used, and nowhere else.
    [[nodiscard]] const std::string& reveal() const { return text_; }

    /// The first line of the file. Throws SettingsError where that is no regular file, empty, has control characters, or may
    /// be read by others than its owner.
    static Secret from_file(const std::filesystem::path& file);
    /// The first line of $CREDENTIALS_DIRECTORY/name. Throws SettingsError.
    static Secret from_credential(const std::string& name);

 private:
    std::string text_;
};

}  // namespace linnet
