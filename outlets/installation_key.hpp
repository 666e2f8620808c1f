// A secret of this installation alone, from which names are made that tell nothing.
#pragma once

#include <filesystem>
#include <string>

namespace linnet {

/// 64 hexadecimal digits, made where the file is not there. Throws SettingsError where it cannot be read or written.
std::string read_or_make_key(const std::filesystem::path& file);

}  // namespace linnet
