// A file of signatures that a fuzz target made up: read, or refused with a SettingsError, and nothing else.
#pragma once

#include "wire/settings.hpp"

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace linnet {

/// Calls `read(path)` for a file of these bytes, which is gone afterwards.
template <class Read>
void read_as_file(const std::uint8_t* data, std::size_t size, const Read& read) {
    static const auto path =
        std::filesystem::temp_directory_path() / ("linnet-fuzz-" + std::to_string(::getpid()) + ".toml");
    std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    try {
        read(path);
    } catch (const SettingsError&) {
    }
    std::filesystem::remove(path);
}

}  // namespace linnet
