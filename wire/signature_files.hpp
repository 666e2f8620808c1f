// The signature folder: who reads which of its files. Sensor and analyzer have a table each (SensorSignatures::files,
// Signatures::files); a file more is a line more there.
#pragma once

#include "settings.hpp"

#include <filesystem>
#include <span>

namespace linnet {

/// A file, and what puts its contents into a Set. `read` throws SettingsError, which names file, line and reason.
template <class Set>
struct SignatureFile {
    const char* name;
    void (*read)(const std::filesystem::path& file, Set& into);
};

/// Where the folder is now. All files of one reading come from there, also where the link is switched to another set.
inline std::filesystem::path resolved_folder(const std::filesystem::path& folder) {
    std::error_code error;
    if (!std::filesystem::is_symlink(folder, error)) return folder;
    const auto target = std::filesystem::canonical(folder, error);
    return error ? folder : target;
}

template <class Set>
void read_signature_files(const std::filesystem::path& folder, std::span<const SignatureFile<Set>> files, Set& into) {
    const auto place = resolved_folder(folder);
    for (const auto& file : files) file.read(place / file.name, into);
}

}  // namespace linnet
