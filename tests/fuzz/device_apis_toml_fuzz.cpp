// Any file as the list of devices' HTTP interfaces: accepted, and then its own text is compared with it, or refused.
#include "sensor/device_apis.hpp"
#include "signature_file.hpp"

#include <string_view>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    read_as_file(data, size, [&](const auto& path) {
        const auto apis = DeviceApis::read(path);
        const auto half = text.size() / 2;
        for (const auto request : {std::string_view{"/relay/0"}, text})
            if (const auto* api = apis.match("GET", request, text.substr(half)); api != nullptr && api->number == 0)
                __builtin_trap();
    });
    return 0;
}
