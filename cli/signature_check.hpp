// Reads a folder of signatures as sensor and analyzer do, each file by the reader that they have for it.
#pragma once

#include "wire/signature_set.hpp"

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace linnet {

struct SignatureCheck {
    std::vector<std::string> faults;  ///< "file:line: reason", the first of each file; none = the set is good
    std::optional<SignatureSet> set;  ///< where set.toml could be read
};

SignatureCheck check_signatures(const std::filesystem::path& folder);

/// The names of all files that somebody reads.
std::set<std::string> signature_file_names();

}  // namespace linnet
