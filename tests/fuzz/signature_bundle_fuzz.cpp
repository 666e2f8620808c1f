// Any bytes as a bundle of signatures: unpacked, and then packing gives the same bytes; or refused with BundleError.
#include "cli/signature_bundle.hpp"
#include "wire/settings.hpp"
#include "wire/signature_set.hpp"

#include <cstdint>
#include <string_view>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    try {
        const auto files = unpack_bundle(bytes);
        if (pack_bundle(files) != bytes) __builtin_trap();
        for (const auto& file : files) {
            const auto set = SignatureSet::parse(file.text, file.name);
            if (set.version == 0 || set.version > SignatureSet::max_version) __builtin_trap();
            if (set.expires && set.expiry_text().size() < 10) __builtin_trap();
        }
    } catch (const BundleError&) {
    } catch (const SettingsError&) {
    }
    return 0;
}
