// alerts.toml and thresholds.toml in one input, split at the first NUL, and all of it as the makers' registry: read or
// refused, never anything else.
#include "analyzer/signatures.hpp"

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace linnet;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const auto split = input.find('\0');
    const auto alerts = input.substr(0, split);
    const auto thresholds = split == std::string_view::npos ? std::string_view{} : input.substr(split + 1);
    try {
        const auto signatures = Signatures::parse(alerts, "alerts.toml", thresholds, "thresholds.toml");
        const Placeholders values{.device = "{", .peer = "}", .count = 1, .service = "s", .user = "u", .port = 1};
        for (const auto& [path, wording] : signatures.wordings()) {
            if (wording.severity < Severity::act_now || wording.severity > Severity::worth_knowing) __builtin_trap();
            for (const auto& words : {wording.happened, wording.meaning, wording.advice}) Wording::render(words, values);
        }
        auto numbers = signatures.thresholds();
        numbers.seconds("mirai-scan.window_seconds");
        numbers.ports("mirai-scan.ports");
        numbers.ratio("scan.detection");
        numbers.finish();
    } catch (const SettingsError&) {
    }
    Makers makers;
    makers.add_csv(input);
    makers.finish();
    static_cast<void>(makers.of({{0xb8, 0x27, 0xeb, 0, 0, 1}}));
    return 0;
}
