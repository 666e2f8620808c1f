// Good packets with a few bytes changed, always the same ones: whatever comes, nothing points outside of the packet.
#include "packet_bytes.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace linnet;
using namespace linnet::test;

TEST_CASE("Two hundred thousand damaged packets") {
    const std::string udp = Ipv4{.payload = udp_data}.hex(), udp6 = Ipv6{.payload = udp_data}.hex();
    const std::vector<std::vector<std::byte>> good = {
        from_hex(ethernet("08 00", Ipv4{.payload = tcp_syn + "41 42", .protocol = 6, .options = "94 04 00 00"}.hex())),
        from_hex(ethernet(
            "81 00",
            "00 0a 86 dd" + Ipv6{.payload = "3c 00 01 04 00 00 00 00 11 00 01 04 00 00 00 00" + udp_data, .next = 0}.hex())),
        from_hex(ethernet(
            "08 00",
            Ipv4{.payload = "30 00 65 58 00 00 00 01 00 00 00 02" + ethernet("86 dd", udp6), .protocol = 47}.hex())),
        from_hex(ethernet("88 47", "00 01 00 40 00 02 01 40 00 00 00 00" + ethernet("08 00", udp))),
        from_hex(ethernet("08 00", Ipv4{.payload = "03 03 00 00 00 00 00 00" + udp, .protocol = 1}.hex())),
        from_hex(ethernet("08 00", Ipv4{.payload = repeat("41", 24), .flags_and_offset = 0x2000}.hex())),
        from_hex(ethernet("86 dd", Ipv6{.payload = "11 00 00 18 00 00 00 07" + repeat("42", 24), .next = 44}.hex())),
        from_hex(ethernet("08 06", "00 01 08 00 06 04 00 01" + client_mac + client_ip + repeat("00", 6) + server_ip)),
    };
    const std::vector<int> link_types = {DLT_EN10MB, DLT_EN10MB,     DLT_EN10MB, DLT_LINUX_SLL,
                                         DLT_RAW,    DLT_PPP_SERIAL, DLT_NULL,   DLT_LINUX_SLL2};
    std::mt19937 random{20'260'301};
    Decoder decoder;
    Packet packet;
    std::uint64_t results = 0;
    for (int round = 0; round < 200'000; ++round) {
        auto bytes = good[random() % good.size()];
        for (auto changes = random() % 6; changes > 0; --changes)
            bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        bytes.resize(bytes.size() - random() % 8);
        const ExactBytes exact{bytes};
        const RawPacket raw{.at = Timestamp{std::chrono::milliseconds{round}},
                            .link_type = link_types[random() % link_types.size()],
                            .wire_length = static_cast<std::uint32_t>(bytes.size() + random() % 2 * 100),
                            .bytes = exact.get()};
        const Decoded result = decoder.decode(raw, packet);
        if (result != Decoded::packet || packet.kind != PacketKind::ip) continue;
        ++results;
        REQUIRE(packet.payload.size() <= packet.ip_packet.size());
        for (const std::byte byte : packet.payload) results += byte == std::byte{0xff} ? 1 : 0;  // a sanitizer looks on
        if (packet.proto == Proto::tcp)
            for (const std::byte byte : packet.tcp.options) results += byte == std::byte{0xff} ? 1 : 0;
    }
    CHECK(results > 10'000);
    const DecoderCounters& counters = decoder.counters();
    CHECK(counters.malformed > 0);
    CHECK(counters.fragments > 0);
}
