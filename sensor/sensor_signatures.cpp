#include "sensor_signatures.hpp"

namespace linnet {
namespace {

using Path = std::filesystem::path;

constexpr SignatureFile<SensorSignatures> table[] = {
    {"credentials.toml", [](const Path& file, SensorSignatures& into) { into.defaults = DefaultCredentials::read(file); }},
    {"exploits.toml", [](const Path& file, SensorSignatures& into) { into.patterns = ContentPatterns::read(file); }},
    {"device_apis.toml", [](const Path& file, SensorSignatures& into) { into.device_apis = DeviceApis::read(file); }},
};

}  // namespace

std::span<const SignatureFile<SensorSignatures>> SensorSignatures::files() { return table; }

SensorSignatures SensorSignatures::read(const std::filesystem::path& folder) {
    SensorSignatures signatures;
    read_signature_files(folder, files(), signatures);
    return signatures;
}

}  // namespace linnet
