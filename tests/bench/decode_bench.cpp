// Nanoseconds per packet for the packets that a home mostly sends.
#include "sensor/decode.hpp"
#include "tests/sensor/packet_bytes.hpp"

#include <benchmark/benchmark.h>

using namespace linnet;
using namespace linnet::test;

namespace {

void decode(benchmark::State& state, const std::string& hex) {
    const auto bytes = from_hex(hex);
    const RawPacket raw{
        .at = {}, .link_type = DLT_EN10MB, .wire_length = static_cast<std::uint32_t>(bytes.size()), .bytes = bytes};
    Decoder decoder;
    Packet packet;
    for (auto _ : state) {
        benchmark::DoNotOptimize(decoder.decode(raw, packet));
        benchmark::DoNotOptimize(packet);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void decode_fragments(benchmark::State& state) {
    const auto first = from_hex(ethernet("08 00", Ipv4{.payload = repeat("41", 1480), .flags_and_offset = 0x2000}.hex()));
    const auto last = from_hex(ethernet("08 00", Ipv4{.payload = repeat("41", 520), .flags_and_offset = 1480 / 8}.hex()));
    Decoder decoder;
    Packet packet;
    for (auto _ : state) {
        for (const auto* const bytes : {&first, &last}) {
            benchmark::DoNotOptimize(decoder.decode({.at = {},
                                                     .link_type = DLT_EN10MB,
                                                     .wire_length = static_cast<std::uint32_t>(bytes->size()),
                                                     .bytes = *bytes},
                                                    packet));
        }
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 2);
}

const std::string full_segment =
    "c0 00 00 50 00 00 00 01 00 00 00 02 80 18 01 f6 00 00 00 00 01 01 08 0a 00 00 00 01 00 00 00 02" + repeat("41", 1448);

BENCHMARK_CAPTURE(decode, udp_over_ipv4, ethernet("08 00", Ipv4{.payload = udp_data}.hex()));
BENCHMARK_CAPTURE(decode, tcp_syn_over_ipv4, ethernet("08 00", Ipv4{.payload = tcp_syn, .protocol = 6}.hex()));
BENCHMARK_CAPTURE(decode, full_tcp_segment_over_ipv4, ethernet("08 00", Ipv4{.payload = full_segment, .protocol = 6}.hex()));
BENCHMARK_CAPTURE(decode, tcp_over_ipv6, ethernet("86 dd", Ipv6{.payload = tcp_syn, .next = 6}.hex()));
BENCHMARK_CAPTURE(decode, udp_over_vlan_and_pppoe,
                  ethernet("81 00", "00 07 88 64 11 00 00 07 00 22 00 21" + Ipv4{.payload = udp_data}.hex()));
BENCHMARK_CAPTURE(
    decode, icmp_error,
    ethernet("08 00", Ipv4{.payload = "03 03 00 00 00 00 00 00" + Ipv4{.payload = udp_data}.hex(), .protocol = 1}.hex()));
BENCHMARK_CAPTURE(decode, arp,
                  ethernet("08 06", "00 01 08 00 06 04 00 01" + client_mac + client_ip + repeat("00", 6) + server_ip));
BENCHMARK(decode_fragments);

}  // namespace

BENCHMARK_MAIN();
