// A row of state from a damaged database: refused and counted, or a core that works on with it.
#include "analyzer/core.hpp"
#include "analyzer/signatures.hpp"
#include "wire/data_directory.hpp"

#include <array>
#include <cstdint>
#include <string>

namespace {

using namespace linnet;

constexpr std::array tables{"devices",         "contacts",      "episodes", "episode-runs", "numbers",      "mirai-scan",
                            "horizontal-scan", "vertical-scan", "telnet",   "new-device",   "blind-spot",   "heard",
                            "sensor-loss",     "self-test",     "profiles", "mud",          "address-names"};
const std::string source_key = "00000000000000000000ffffc0a80117";  // 192.168.1.23

void go_on(Core& core) {
    Probe probe;
    probe.source = IpAddress::v4(0xc0a80117);
    probe.first_seen = probe.last_seen = Timestamp{} + std::chrono::hours{500'000};
    for (std::uint32_t i = 0; i < 40; ++i)
        probe.attempts.push_back(
            {IpAddress::v4(0xc0a80100 + i), {static_cast<std::uint16_t>(i)}, ProbeOutcome::unanswered, true});
    core.apply("fuzz", probe);
    core.take_changes();
    core.save_changes([](StateRow&&) {});
    for (const auto& alert : core.alerts()) dump(to_eve(alert));
    for (const auto& device : core.devices()) dump(to_eve(device));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto signatures = std::make_shared<const Signatures>(Signatures::read(signatures_directory(), "/nowhere"));
    if (size < 2 || size > 4096) return 0;
    Core core{{}, signatures};
    // The key that the source of the probe has in this table, so that the row is used.
    std::string key = source_key;
    const std::string table = tables[data[0] % tables.size()];
    if (table == "horizontal-scan")
        key +=
            "00"
            "0005";
    if (table == "vertical-scan")
        key +=
            "00"
            "00000000000000000000ffffc0a80105";
    if (table == "numbers") key = "616c65727473";
    if (table == "new-device") key = "686f6d65";
    core.restore({table, key, std::string{reinterpret_cast<const char*>(data) + 1, size - 1}});
    go_on(core);
    return 0;
}
