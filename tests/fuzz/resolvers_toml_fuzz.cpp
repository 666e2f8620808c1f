// Any file as the list of public resolvers: accepted, and then looked up in, or refused.
#include "analyzer/public_resolvers.hpp"
#include "signature_file.hpp"

#include <string_view>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    read_as_file(data, size, [&](const auto& path) {
        const auto resolvers = PublicResolvers::read(path);
        for (const auto* found :
             {resolvers.named(text), resolvers.named("a.dns.example"), resolvers.at(*IpAddress::parse("203.0.113.9"))})
            if (found != nullptr && (found->number == 0 || found->operated_by.empty())) __builtin_trap();
    });
    return 0;
}
