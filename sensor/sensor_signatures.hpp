// All the data that dissectors compare traffic with, read from signatures/ at start and again when told to.
#pragma once

#include "default_credentials.hpp"
#include "device_apis.hpp"

#include <filesystem>

namespace linnet {

struct SensorSignatures {
    DefaultCredentials defaults;  ///< credentials.toml
    DeviceApis device_apis;       ///< device_apis.toml

    /// Throws SettingsError, which names file, line and reason.
    static SensorSignatures read(const std::filesystem::path& folder) {
        return {.defaults = DefaultCredentials::read(folder / "credentials.toml"),
                .device_apis = DeviceApis::read(folder / "device_apis.toml")};
    }
};

}  // namespace linnet
