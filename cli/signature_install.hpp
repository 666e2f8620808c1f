// Puts a set of signatures where programs look for it: into a new folder beside `place`, to which the link `place` is then
// switched. Whenever it is interrupted, `place` is the old set or the new one, whole; what was begun is cleared away the
// next time. The set before the newest stays beside it, for who is reading it just now.
#pragma once

#include "signature_bundle.hpp"
#include "wire/signature_set.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <vector>

namespace linnet {

/// what() is a sentence for people.
struct InstallError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The set that `place` leads to, nothing where it does not exist. Throws InstallError where something else is there, and
/// SettingsError where its set.toml cannot be read.
std::optional<SignatureSet> installed_set(const std::filesystem::path& place);

/// `check` sees the new folder before the switch, and throws to keep the old set. Throws what it throws, InstallError and
/// std::filesystem::filesystem_error; then nothing has changed. One installation at a time.
void install_set(const std::filesystem::path& place, const SignatureSet& set, const std::vector<BundledFile>& files,
                 const std::function<void(const std::filesystem::path& folder)>& check);

}  // namespace linnet
