// Any file as the list of default passwords: accepted, or refused with a SettingsError, and nothing else.
#include "sensor/default_credentials.hpp"
#include "wire/settings.hpp"

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto path =
        std::filesystem::temp_directory_path() / ("linnet-fuzz-" + std::to_string(::getpid()) + ".toml");
    std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    try {
        const auto list = DefaultCredentials::read(path);
        (void)list.match(Service::telnet, "root", "");
    } catch (const SettingsError&) {
    }
    std::filesystem::remove(path);
    return 0;
}
