// The one way in which a file of words and numbers is read: configuration, signatures, keys, bundles. Whatever the name
// leads to, the answer comes at once: a device or a pipe is not opened, and no more is read than the limit.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace linnet {

inline constexpr std::size_t max_text_file = 4 * 1024 * 1024;

/// The bytes of a regular file, links followed. Throws SettingsError (file:0: reason) where it is absent, not a regular
/// file, not readable, or larger than `most` bytes.
std::string read_regular_file(const std::filesystem::path& file, std::size_t most);

/// The same for UTF-8 text without NUL, which may begin with a byte order mark; SettingsError names the line.
std::string read_text_file(const std::filesystem::path& file, std::size_t most = max_text_file);

}  // namespace linnet
