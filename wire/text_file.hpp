// The one way in which a file of words and numbers is read: configuration, signatures, keys, bundles. Whatever the name
// leads to, the answer comes at once: a device or a pipe is not opened, and no more is read than the limit. And the one way
// in which a private file is written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace linnet {

inline constexpr std::size_t max_text_file = 4 * 1024 * 1024;

/// The bytes of a regular file, links followed. Throws SettingsError (file:0: reason) where it is absent, not a regular
/// file, not readable, or larger than `most` bytes.
std::string read_regular_file(const std::filesystem::path& file, std::size_t most);

/// The same for UTF-8 text without NUL, which may begin with a byte order mark; SettingsError names the line.
std::string read_text_file(const std::filesystem::path& file, std::size_t most = max_text_file);

enum class IfThere : unsigned char { replace, keep };

/// Writes a file that this user alone may read, whole or not at all, so that it outlives a crash of the machine. False
/// where there is one already that is to be kept. Throws std::system_error.
bool write_private_file(const std::filesystem::path& file, std::string_view text, IfThere if_there);

}  // namespace linnet
