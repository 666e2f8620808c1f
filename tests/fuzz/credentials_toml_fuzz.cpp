// Any file as the list of default passwords: accepted, or refused.
#include "sensor/default_credentials.hpp"
#include "signature_file.hpp"

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_as_file(data, size, [](const auto& path) {
        const auto list = DefaultCredentials::read(path);
        (void)list.match(Service::telnet, "root", "");
    });
    return 0;
}
