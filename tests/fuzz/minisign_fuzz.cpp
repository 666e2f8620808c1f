// Any text as a public key and, behind the first NUL, as a signature: refused with MinisignError and nothing else. No input
// can be a right signature, since nobody has the key.
#include "cli/minisign.hpp"

#include <cstdint>
#include <string_view>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const auto split = input.find('\0');
    MinisignKey key;
    try {
        key = parse_minisign_key(input.substr(0, split));
    } catch (const MinisignError&) {
    }
    try {
        (void)verify_minisign("signed bytes", split == std::string_view::npos ? input : input.substr(split + 1), key);
    } catch (const MinisignError&) {
    }
    return 0;
}
