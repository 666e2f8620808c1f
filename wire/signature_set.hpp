// set.toml: which set of signatures a folder holds, and until when it is meant to be used.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

struct SignatureSet {
    static constexpr const char* file_name = "set.toml";
    static constexpr std::uint64_t max_version = 999'999'999'999;

    std::uint64_t version = 0;                     ///< 1 to max_version; the higher one is the newer set
    std::optional<std::chrono::sys_days> expires;  ///< the last day of its use, UTC; bundles always have one

    /// Throws SettingsError, which names file, line and reason.
    static SignatureSet read(const std::filesystem::path& file);
    static SignatureSet parse(std::string_view text, const std::string& file);

    [[nodiscard]] bool expired(std::chrono::sys_days today) const { return expires && *expires < today; }
    [[nodiscard]] std::string expiry_text() const;  ///< "2027-06-30", "" where there is none
};

}  // namespace linnet
