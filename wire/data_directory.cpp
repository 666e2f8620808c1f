#include "data_directory.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

namespace linnet {

std::filesystem::path signatures_directory() {
    namespace fs = std::filesystem;
    if (const char* told = std::getenv("LINNET_SIGNATURES")) return told;
    std::error_code ignored;
    std::vector<fs::path> places;
    if (const auto self = fs::read_symlink("/proc/self/exe", ignored); !ignored)
        places.push_back(self.parent_path().parent_path() / "share/linnet/signatures");
    places.emplace_back(LINNET_DATADIR "/signatures");
    places.emplace_back(LINNET_SOURCE_DATADIR "/signatures");
    for (const auto& place : places)
        if (fs::is_directory(place, ignored)) return place;
    throw std::runtime_error(
        "The signatures folder is missing: set LINNET_SIGNATURES to where credentials.toml and alerts.toml are.");
}

}  // namespace linnet
