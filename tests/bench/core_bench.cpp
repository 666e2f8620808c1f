// What one event costs in the core, and what one device weighs.
//
// The events are those of a home with 50 devices: connections to many servers (Flow), a scan (Probe, 64 attempts each),
// logins. State is saved each 1,000 events, as the analyzer does behind each commit.
#include "analyzer/core.hpp"
#include "analyzer/signatures.hpp"
#include "wire/data_directory.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <malloc.h>

using namespace linnet;

namespace {

std::shared_ptr<const Signatures> signatures() {
    static const auto shared = std::make_shared<const Signatures>(Signatures::read(signatures_directory()));
    return shared;
}

Timestamp at(std::uint64_t milliseconds) {
    return std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::milliseconds{milliseconds};
}

Endpoint device(std::uint32_t n, std::uint16_t port) {
    Endpoint end{IpAddress::v4(0xc0a80100U + n), {port}, {}};
    end.mac.bytes = {0xb8,
                     0x27,
                     0xeb,
                     static_cast<std::uint8_t>(n >> 16),
                     static_cast<std::uint8_t>(n >> 8),
                     static_cast<std::uint8_t>(n)};
    return end;
}

Endpoint server(std::uint32_t n) {
    Endpoint end{IpAddress::v4(0xcb007100U + n % 5000), {443}, {}};
    end.mac.bytes = {0, 0, 0x5e, 0, 0x53, 1};
    return end;
}

void commit(Core& core, std::uint64_t events) {
    if (events % 1000 != 0) return;
    benchmark::DoNotOptimize(core.take_changes());
    core.save_changes([](StateRow&& row) { benchmark::DoNotOptimize(row); });
}

void flow_event(benchmark::State& state) {
    Core core{{}, signatures()};
    std::uint64_t n = 0;
    for (auto _ : state) {
        Flow flow;
        flow.id = ++n;
        flow.proto = Proto::tcp;
        flow.stage = n % 2 == 0 ? FlowStage::start : FlowStage::end;
        flow.client = device(static_cast<std::uint32_t>(n % 50), 40'000);
        flow.server = server(static_cast<std::uint32_t>(n * 7));
        flow.first_seen = flow.last_seen = at(n);
        flow.packets_to_server = flow.packets_to_client = 9;
        flow.bytes_to_server = flow.bytes_to_client = 999;
        flow.app_proto = "tls";
        core.apply("bench", flow);
        commit(core, n);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(flow_event);

void probe_event(benchmark::State& state) {
    Core core{{}, signatures()};
    Probe probe;
    probe.source = device(23, 0).ip;
    probe.mac = device(23, 0).mac;
    probe.attempts.resize(Probe::max_attempts);
    std::uint32_t target = 0x0b000000U;
    std::uint64_t n = 0;
    for (auto _ : state) {
        for (auto& attempt : probe.attempts)
            attempt = {IpAddress::v4(target += 977), {23}, ProbeOutcome::unanswered, state.range(0) != 0};
        if (state.range(0) == 0)
            for (auto& attempt : probe.attempts) attempt.port = {445};
        probe.first_seen = probe.last_seen = at(++n * 10);
        core.apply("bench", probe);
        commit(core, n);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(Probe::max_attempts));
}
BENCHMARK(probe_event)->ArgName("hallmark")->Arg(0)->Arg(1);

void login_event(benchmark::State& state) {
    Core core{{}, signatures()};
    std::uint64_t n = 0;
    for (auto _ : state) {
        Login login;
        login.at = at(++n);
        login.client = device(static_cast<std::uint32_t>(n % 50), 40'000);
        login.server = device(60, 23);
        login.user = "admin";
        login.default_entry = 1;
        core.apply("bench", login);
        commit(core, n);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(login_event);

void device_memory(benchmark::State& state) {
    constexpr std::uint32_t devices = 4000;
    for (auto _ : state) {
        Core core{{}, signatures()};
        const auto before = mallinfo2().uordblks;
        for (std::uint32_t n = 0; n < devices; ++n) {
            core.apply("bench", AddressBinding{at(n), device(n, 0).mac, device(n, 0).ip, "arp"});
            core.apply("bench", DeviceHint{at(n), device(n, 0).mac, device(n, 0).ip, "dhcp", "hostname",
                                           fmt::format("device-{}", n)});
        }
        benchmark::DoNotOptimize(core.take_changes());
        state.counters["bytes_per_device"] = static_cast<double>(mallinfo2().uordblks - before) / devices;
    }
}
BENCHMARK(device_memory)->Iterations(1);

}  // namespace

BENCHMARK_MAIN();
