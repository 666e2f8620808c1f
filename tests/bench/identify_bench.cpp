// What telling 200 devices apart costs: an hour of hints and names looked up, and the traffic beside it.
//
// Each device tells 12 hints and looks up 60 names in the hour, half of them of makers, and has 600 conversations. Time is
// that of the identifier alone; `share_of_core` is what it takes of one core while that hour passes.
#include "analyzer/identify/identifier.hpp"
#include "analyzer/signatures.hpp"
#include "wire/data_directory.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

using namespace linnet;

namespace {

constexpr std::uint32_t devices = 200;
constexpr double hour = 3600;

std::shared_ptr<const Signatures> signatures() {
    static const auto shared = std::make_shared<const Signatures>(Signatures::read(signatures_directory()));
    return shared;
}

DeviceRules const& rules() { return signatures()->devices(); }

MacAddress mac_of(std::uint32_t n) {
    return {{0xb0, 0xc5, 0x54, 0, static_cast<std::uint8_t>(n >> 8), static_cast<std::uint8_t>(n)}};
}

/// A fact that no rule has seen before is the usual case: names of the world.
void a_name_that_says_nothing(benchmark::State& state) {
    std::uint64_t n = 0;
    for (auto _ : state)
        benchmark::DoNotOptimize(rules().judge({"dns.name", fmt::format("cdn{}.edge.world.example", ++n)}, mac_of(1)));
}
BENCHMARK(a_name_that_says_nothing);

void a_host_name(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(rules().judge({"dhcp.hostname", "DCS-935L-B0C554000001"}, mac_of(1)));
}
BENCHMARK(a_host_name);

void a_conclusion_from_all_facts(benchmark::State& state) {
    std::vector<Fact> facts{{"dhcp.hostname", "DCS-935L"},
                            {"ssdp.server", "Linux, UPnP/1.0 DCS-935L/1.0"},
                            {"mdns.instance", "D-Link DCS-935L Configuration Utility._http._tcp"},
                            {"upnp.manufacturer", "D-Link Corporation"}};
    for (int i = 0; i < 12; ++i) facts.push_back({"dns.name", fmt::format("r{}.mydlink.com", i)});
    for (auto _ : state) benchmark::DoNotOptimize(infer(rules(), facts, mac_of(1), "D-Link International"));
}
BENCHMARK(a_conclusion_from_all_facts);

/// From the costs of the three above, as counted for an hour: see the head of this file.
void an_hour_of_200_devices(benchmark::State& state) {
    const auto start_facts = 16;
    for (auto _ : state) {
        for (std::uint32_t n = 0; n < devices; ++n) {
            std::vector<Fact> facts;
            for (int i = 0; i < start_facts; ++i) {
                facts.push_back({"dns.name", fmt::format("r{}.mydlink.com", i)});
                benchmark::DoNotOptimize(infer(rules(), facts, mac_of(n), "D-Link International"));
            }
            for (int i = 0; i < 600 * 3 + 60 + 12; ++i)
                benchmark::DoNotOptimize(rules().judge({"serves.tcp", fmt::format("{}", 40'000 + i)}, mac_of(n)));
        }
    }
    state.counters["share_of_core"] = benchmark::Counter(static_cast<double>(state.iterations()) * hour,
                                                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(an_hour_of_200_devices)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
