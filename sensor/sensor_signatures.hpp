// All the data that dissectors compare traffic with, read from signatures/ at start and again when told to.
//
// To add a file: a member, and a line in sensor_signatures.cpp.
#pragma once

#include "content_patterns.hpp"
#include "default_credentials.hpp"
#include "device_apis.hpp"
#include "wire/signature_files.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace linnet {

/// What is in the files of SensorSignatures, in the order of the table.
struct SignatureTexts {
    std::filesystem::path folder;  ///< where they were, for messages
    std::vector<std::string> texts;
};

struct SensorSignatures {
    DefaultCredentials defaults;  ///< credentials.toml
    ContentPatterns patterns;     ///< exploits.toml
    DeviceApis device_apis;       ///< device_apis.toml

    /// The table of files and their readers.
    static std::span<const SignatureFile<SensorSignatures>> files();

    /// Reads them all. Throws SettingsError, which names file, line and reason.
    static SensorSignatures read(const std::filesystem::path& folder);

    /// The same in two steps, for a parser that may open no file: whoever may, reads the texts. Both throw SettingsError.
    static SignatureTexts read_texts(const std::filesystem::path& folder);
    static SensorSignatures parse(const SignatureTexts& texts);
};

}  // namespace linnet
