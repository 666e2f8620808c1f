// Any file as the list of places where malware lives: accepted, and then looked up in, or refused.
#include "analyzer/indicators.hpp"
#include "signature_file.hpp"

#include <string_view>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    read_as_file(data, size, [&](const auto& path) {
        const auto indicators = Indicators::read(path);
        for (const auto* found : {indicators.domain(text), indicators.file(text), indicators.domain("a.example.com"),
                                  indicators.address(*IpAddress::parse("203.0.113.9"))})
            if (found != nullptr && (found->number == 0 || found->value.empty() || found->family.empty())) __builtin_trap();
    });
    return 0;
}
