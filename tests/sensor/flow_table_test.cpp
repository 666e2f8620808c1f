#include "sensor/flow_table.hpp"
#include "packets_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr Side laptop{"192.168.1.20", 40'000}, web{"198.51.100.7", 80};

struct Flows {
    std::vector<std::pair<std::uint64_t, FlowEndReason>> ended;
    std::size_t probes_reported = 0;
    ProbeTable probes;
    FlowTable table;
    explicit Flows(const FlowLimits& limits = {})
        : probes{{}, 7, [this](Event&&) { ++probes_reported; }},
          table{limits, 7, [this](FlowRecord& flow, FlowEndReason reason) { ended.emplace_back(flow.id, reason); }} {}

    FlowRecord* see(const Packet& packet) {
        probes.advance(packet.at);
        table.advance(packet.at);
        return table.update(packet, probes, packet.at);
    }
    FlowRecord* handshake(double seconds, Side client, Side server) {
        see(tcp(seconds, client, server, tcp_flag::syn, 100));
        return see(tcp(seconds, server, client, tcp_flag::syn | tcp_flag::ack, 900, 101));
    }
};

}  // namespace

TEST_CASE("a SYN alone is no flow; the SYN-ACK makes one, and the SYN counts as its first packet") {
    Flows flows;
    CHECK(flows.see(tcp(0, laptop, web, tcp_flag::syn, 100)) == nullptr);
    CHECK(flows.table.active() == 0);
    const auto* flow = flows.see(tcp(0.01, web, laptop, tcp_flag::syn | tcp_flag::ack, 900, 101));
    REQUIRE(flow != nullptr);
    CHECK(flow->client().ip == ip("192.168.1.20"));
    CHECK(flow->server().port == Port{80});
    CHECK(flow->packets == std::array<std::uint64_t, 2>{1, 1});
    CHECK(flow->first_seen == at(0));
    CHECK_FALSE(flow->midstream);
}

TEST_CASE("a SYN-ACK that nobody asked for is backscatter: no flow and no probe") {
    Flows flows;
    CHECK(flows.see(tcp(0, web, laptop, tcp_flag::syn | tcp_flag::ack, 900, 101)) == nullptr);
    flows.probes.flush(at(10));
    CHECK(flows.probes.attempts() == 0);
}

TEST_CASE("data without a beginning is a flow whose client is guessed from the ports") {
    Flows flows;
    const auto* flow = flows.see(tcp(0, web, laptop, tcp_flag::ack, 5, 6, "HTTP/1.1 200 OK\r\n"));
    REQUIRE(flow != nullptr);
    CHECK(flow->midstream);
    CHECK(flow->client().ip == ip("192.168.1.20"));
}

TEST_CASE("a bare ACK is a knock; the late FIN of an older connection is not") {
    Flows flows;
    flows.see(tcp(0, laptop, web, tcp_flag::ack, 5, 6));
    CHECK(flows.probes.attempts() == 1);
    flows.see(tcp(0, laptop, {"198.51.100.8", 80}, tcp_flag::fin | tcp_flag::ack, 5, 6));
    CHECK(flows.probes.attempts() == 1);
    CHECK(flows.table.active() == 0);
}

TEST_CASE("whether a conversation came through a tunnel is kept; what only one side says in a tunnel is hearsay") {
    Flows flows;
    Packet wrapped = udp(0, {"10.1.2.3", 5}, {"10.4.5.6", 6}, "?");
    wrapped.tunnelled = true;
    CHECK(flows.see(wrapped)->tunnelled);
    CHECK_FALSE(flows.see(udp(0, {"10.1.2.3", 5}, {"10.4.5.7", 6}, "?"))->tunnelled);
    Flow told{.tunnelled = true, .packets_to_server = 9};
    CHECK(told.is_hearsay());
    told.packets_to_client = 1;
    CHECK_FALSE(told.is_hearsay());
    CHECK_FALSE(Flow{.packets_to_server = 9}.is_hearsay());
}

TEST_CASE("a UDP packet is a flow; it is one-sided until somebody answers") {
    Flows flows;
    flows.see(udp(0, {"192.168.1.20", 50'000}, {"192.168.1.1", 53}, "?"));
    CHECK(flows.table.active() == 1);
    CHECK(flows.probes.attempts() == 1);

    SUBCASE("without an answer it ends after 30 s") {
        flows.table.advance(at(30));
        CHECK(flows.table.active() == 0);
        CHECK(flows.ended[0].second == FlowEndReason::idle);
    }
    SUBCASE("with an answer it stays for 60 s") {
        flows.see(udp(0.01, {"192.168.1.1", 53}, {"192.168.1.20", 50'000}, "!"));
        flows.table.advance(at(60));
        CHECK(flows.table.active() == 1);
        flows.table.advance(at(60.01));
        CHECK(flows.table.active() == 0);
    }
}

TEST_CASE("a packet that the capture cut before its ports belongs nowhere") {
    Flows flows;
    Packet cut = tcp(0, {"192.168.1.20"}, {"198.51.100.7"}, 0);
    cut.truncated = true;
    CHECK(flows.see(cut) == nullptr);
    CHECK(flows.probes.attempts() == 0);
}

TEST_CASE("multicast is a flow and no attempt to reach somebody") {
    Flows flows;
    flows.see(udp(0, {"192.168.1.20", 5353}, {"224.0.0.251", 5353}, "?"));
    CHECK(flows.table.active() == 1);
    CHECK(flows.probes.attempts() == 0);
}

TEST_CASE("an ICMP unreachable is about somebody else's packet and no flow of its own") {
    Flows flows;
    Packet error = packet(0, Proto::icmp, {"192.168.1.1"}, {"192.168.1.20"});
    error.icmp.is_unreachable = true;
    CHECK(flows.see(error) == nullptr);
    CHECK(flows.table.active() == 0);
}

TEST_CASE("a closed flow waits five seconds for its last packets") {
    Flows flows;
    auto* flow = flows.handshake(0, laptop, web);
    flows.table.close(*flow);
    CHECK(flows.see(tcp(4, laptop, web, tcp_flag::ack, 200, 1000)) == flow);
    flows.table.advance(at(8.9));
    CHECK(flows.table.active() == 1);
    flows.table.advance(at(9));
    CHECK(flows.table.active() == 0);
    CHECK(flows.ended[0].second == FlowEndReason::closed);
}

TEST_CASE("a new SYN on ports that were used before ends the old flow") {
    Flows flows;
    const auto first = flows.handshake(0, laptop, web)->id;
    CHECK(flows.see(tcp(1, laptop, web, tcp_flag::syn, 100)) != nullptr);  // the same SYN once more: a retransmission
    CHECK(flows.see(tcp(2, laptop, web, tcp_flag::syn, 7777)) == nullptr);
    REQUIRE(flows.ended.size() == 1);
    CHECK(flows.ended[0] == std::pair{first, FlowEndReason::closed});
}

TEST_CASE("where the table is full, the least recently used of the least important go first") {
    Flows flows{{.max_flows = 16}};
    const auto converse = [&flows](double when, std::uint16_t port) {
        const Side client{"192.168.1.20", port};
        flows.handshake(when, client, web);
        flows.see(tcp(when, client, web, tcp_flag::ack, 101, 1));  // only now it is more than a knock
    };
    for (std::uint16_t port = 1; port <= 14; ++port) converse(0, port);
    flows.see(udp(1, {"192.168.1.21", 1}, {"192.168.1.1", 999}, "x"));
    flows.see(udp(1, {"192.168.1.21", 2}, {"192.168.1.1", 999}, "x"));
    CHECK(flows.table.active() == 16);

    SUBCASE("one-sided flows never take more than an eighth: they push out each other") {
        flows.see(udp(2, {"192.168.1.21", 3}, {"192.168.1.1", 999}, "x"));
        REQUIRE(flows.ended.size() == 1);
        CHECK(flows.ended[0] == std::pair{std::uint64_t{15}, FlowEndReason::evicted});
        CHECK(flows.table.evicted() == 1);
    }
    SUBCASE("a conversation pushes out a one-sided flow before another conversation") {
        converse(2, 99);
        CHECK(flows.ended[0].first == 15);
        converse(2, 100);
        CHECK(flows.ended[1].first == 16);
        converse(2, 101);
        CHECK(flows.ended[2].first == 1);
    }
}

TEST_CASE("a scan of a million targets leaves the flows of the house where they are") {
    Flows flows{{.max_flows = 1024}};
    for (std::uint16_t port = 1; port <= 100; ++port) flows.handshake(0, {"192.168.1.20", port}, web);
    for (std::uint32_t i = 0; i < 1'000'000; ++i) {
        Packet syn = tcp(1, {"192.168.1.66", 4444}, web, tcp_flag::syn, i);
        syn.at = at(1) + Duration{i};
        syn.dst = IpAddress::v4(0x2d000000U + i);
        flows.see(syn);
    }
    CHECK(flows.table.active() == 100);
    CHECK(flows.table.created() == 100);
    CHECK(flows.table.evicted() == 0);
}

TEST_CASE("the index finds every key while keys come and go in any order") {
    // Long runs and removals in their middle are where open addressing goes wrong.
    std::vector<FlowKey> keys(500);
    for (std::uint16_t i = 0; i < 500; ++i)
        keys[i] = FlowKey::of(ip("192.168.1.2"), {i}, ip("192.168.1.3"), {80}, Proto::tcp);
    const auto key = [&](std::uint32_t slot) -> const FlowKey& { return keys[slot]; };
    KeyIndex index{500, 99};
    std::vector<bool> in(500);
    std::uint32_t random = 12'345;
    for (int step = 0; step < 20'000; ++step) {
        random = random * 1'664'525U + 1'013'904'223U;
        const std::uint32_t slot = (random >> 8) % 500;
        if (in[slot])
            index.remove(keys[slot], key);
        else
            index.put(keys[slot], slot);
        in[slot] = !in[slot];
        const std::uint32_t other = (random >> 20) % 500;
        REQUIRE(index.find(keys[other], key) == (in[other] ? other : KeyIndex::none));
    }
}
