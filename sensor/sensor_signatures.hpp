// All the data that dissectors compare traffic with, read from signatures/ at start and again when told to.
#pragma once

#include "content_patterns.hpp"
#include "default_credentials.hpp"

#include <filesystem>

namespace linnet {

struct SensorSignatures {
    DefaultCredentials defaults;  ///< credentials.toml
    ContentPatterns patterns;     ///< exploits.toml

    /// Throws SettingsError, which names file, line and reason.
    static SensorSignatures read(const std::filesystem::path& folder) {
        return {.defaults = DefaultCredentials::read(folder / "credentials.toml"),
                .patterns = ContentPatterns::read(folder / "exploits.toml")};
    }
};

}  // namespace linnet
