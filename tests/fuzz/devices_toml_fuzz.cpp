// Any file as the rules that tell devices apart: accepted, and then asked about the same bytes, or refused.
#include "analyzer/identify/inference.hpp"
#include "signature_file.hpp"

#include <string_view>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    const MacAddress mac{{0xb0, 0xc5, 0x54, 0x25, 0x5b, 0x0e}};
    read_as_file(data, size, [&](const auto& path) {
        const auto rules = DeviceRules::read(path);
        const std::vector<Fact> facts{{"dhcp.hostname", std::string{text.substr(0, 255)}}, {"dns.name", "cloud.example"}};
        const auto identification = infer(rules, facts, mac, text.substr(0, 64));
        for (const auto aspect : aspects) {
            const auto& of = identification.of(aspect);
            if (of.value.empty() != (of.confidence == 0)) __builtin_trap();
        }
    });
    return 0;
}
