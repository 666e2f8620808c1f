#include "data_directory.hpp"

#include "settings.hpp"
#include "signature_set.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace linnet {
namespace {

/// 0 where there is none.
std::uint64_t version_in(const std::filesystem::path& folder) {
    try {
        return SignatureSet::read(folder / SignatureSet::file_name).version;
    } catch (const SettingsError&) {
        return 0;
    }
}

std::filesystem::path newer(const std::filesystem::path& shipped) {
    const auto installed = installed_signatures();
    return version_in(installed) > version_in(shipped) ? installed : shipped;
}

}  // namespace

std::filesystem::path signatures_directory() {
    namespace fs = std::filesystem;
    if (const char* told = std::getenv("LINNET_SIGNATURES")) return told;
    std::error_code ignored;
    std::vector<fs::path> places;
    if (const auto self = fs::read_symlink("/proc/self/exe", ignored); !ignored)
        places.push_back(self.parent_path().parent_path() / "share/linnet/signatures");
    places.emplace_back(LINNET_DATADIR "/signatures");
    for (const auto& place : places)
        if (fs::is_directory(place, ignored)) return newer(place);
    if (fs::path source{LINNET_SOURCE_DATADIR "/signatures"}; fs::is_directory(source, ignored)) return source;
    throw std::runtime_error(
        "The signatures folder is missing: set LINNET_SIGNATURES to where credentials.toml and alerts.toml are.");
}

std::filesystem::path installed_signatures() { return "/var/lib/linnet-signatures"; }

std::filesystem::path signature_key_file() { return "/etc/linnet/signatures.pub"; }

}  // namespace linnet
