// A file that should be linnet.toml: read, or refused with SettingsError and nothing else.
#include "wire/settings.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const int file = ::memfd_create("linnet.toml", 0);
    static const std::string path = "/proc/self/fd/" + std::to_string(file);
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
    try {
        Settings settings{path, "analyzer"};
        settings.text("database", "");
        settings.integer("keep_flows_days", 7, 0, 36'500);
        settings.flag("strangers_local", false);
        settings.list("home", {});
        settings.finish();
    } catch (const SettingsError& error) {
        if (!std::string_view{error.what()}.starts_with(path + ":")) std::abort();
    }
    return 0;
}
