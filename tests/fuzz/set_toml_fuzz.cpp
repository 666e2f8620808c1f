// Any file as the description of a set of signatures: a version and a day that exists, or refused.
#include "signature_file.hpp"
#include "wire/signature_set.hpp"

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_as_file(data, size, [](const auto& path) {
        const auto set = SignatureSet::read(path);
        if (set.version < 1 || set.version > SignatureSet::max_version) __builtin_trap();
        if (set.expires && !std::chrono::year_month_day{*set.expires}.ok()) __builtin_trap();
        if (set.expires.has_value() == set.expiry_text().empty()) __builtin_trap();
    });
    return 0;
}
