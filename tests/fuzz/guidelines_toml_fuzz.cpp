// Any file as the guidelines of the report card: 13 in order and rules that can be used, or refused.
#include "analyzer/report/guidelines.hpp"
#include "signature_file.hpp"

#include <string_view>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    read_as_file(data, size, [&](const auto& path) {
        const auto guidelines = Guidelines::read(path);
        int number = 0;
        for (const auto& words : guidelines.words())
            if (words.number != ++number || words.title.empty()) __builtin_trap();
        if (number != 13 || guidelines.rules().size() > Guidelines::max_rules) __builtin_trap();
        for (const auto& rule : guidelines.rules())
            for (const auto& provision : rule.refutes)
                if (provision.guideline < 1 || provision.guideline > 13) __builtin_trap();
        (void)guidelines.names_updates(text);
        guidelines.check_detectors({"telnet"});
    });
    return 0;
}
