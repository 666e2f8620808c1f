#include "sensor/probe_table.hpp"
#include "packets_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr Side scanner{"192.168.1.20", 40'000};

struct Probes {
    std::vector<Probe> sent;
    ProbeTable table;
    explicit Probes(const ProbeLimits& limits = {})
        : table{limits, 7, [this](Event&& event) { sent.push_back(std::get<Probe>(std::move(event))); }} {}

    void syn(double seconds, Side to, std::uint32_t sequence = 1) {
        table.advance(at(seconds));
        table.attempt(tcp(seconds, scanner, to, tcp_flag::syn, sequence), ProbeKind::tcp_syn, at(seconds));
    }
    [[nodiscard]] std::size_t reported() const {
        std::size_t count = 0;
        for (const auto& probe : sent) count += probe.attempts.size();
        return count;
    }
};

FlowKey key(Side from, Side to, Proto proto = Proto::tcp) {
    return FlowKey::of(ip(from.ip), {from.port}, ip(to.ip), {to.port}, proto);
}

}  // namespace

TEST_CASE("a SYN that nobody answers within three seconds is reported as unanswered, a tenth of a second later") {
    Probes probes;
    probes.syn(0, {"198.51.100.7", 23});
    probes.table.advance(at(2.9));
    CHECK(probes.table.pending() == 1);
    probes.table.advance(at(3.0));
    CHECK(probes.table.pending() == 0);
    CHECK(probes.sent.empty());
    probes.table.advance(at(3.1));
    REQUIRE(probes.sent.size() == 1);
    CHECK(probes.sent[0].source == ip("192.168.1.20"));
    CHECK(probes.sent[0].first_seen == at(0));
    REQUIRE(probes.sent[0].attempts.size() == 1);
    CHECK(probes.sent[0].attempts[0] == ProbeAttempt{ip("198.51.100.7"), {23}, ProbeOutcome::unanswered, false});
}

TEST_CASE("an answered SYN is not reported: a flow will tell of it") {
    Probes probes;
    probes.syn(0, {"198.51.100.7", 443});
    const auto attempt = probes.table.answered(key({"198.51.100.7", 443}, scanner), at(0.02));
    REQUIRE(attempt);
    CHECK(attempt->source.ip == ip("192.168.1.20"));
    probes.table.advance(at(10));
    CHECK(probes.sent.empty());
}

TEST_CASE("a refused SYN is reported as refused, once") {
    Probes probes;
    probes.syn(0, {"192.168.1.1", 23});
    CHECK(probes.table.refused(key(scanner, {"192.168.1.1", 23}), at(0.001)));
    CHECK_FALSE(probes.table.refused(key(scanner, {"192.168.1.1", 23}), at(0.002)));
    probes.table.advance(at(10));
    REQUIRE(probes.reported() == 1);
    CHECK(probes.sent[0].attempts[0].outcome == ProbeOutcome::refused);
}

TEST_CASE("a SYN that is sent again is the same attempt") {
    Probes probes;
    probes.syn(0, {"198.51.100.7", 23});
    probes.syn(1, {"198.51.100.7", 23});
    probes.table.flush(at(2));
    CHECK(probes.reported() == 1);
    CHECK(probes.table.attempts() == 1);
}

TEST_CASE("Mirai's hallmark is reported without waiting for an answer") {
    // 198.51.100.7 is 0xc6336407; Mirai's scanner.c writes the destination into the sequence number.
    Probes probes;
    probes.syn(0, {"198.51.100.7", 23}, 0xc6336407U);
    probes.syn(0.1, {"198.51.100.8", 23}, 0xc6336407U);  // one off: an ordinary SYN
    probes.table.advance(at(0.2));
    REQUIRE(probes.reported() == 1);
    CHECK(probes.sent[0].attempts[0].hallmark);
    probes.table.flush(at(5));
    CHECK(probes.reported() == 2);  // the ordinary one later, the hallmark not a second time
}

TEST_CASE("answered pings are reported: no flow tells that somebody sweeps") {
    Probes probes;
    Packet ping = packet(0, Proto::icmp, {"192.168.1.20"}, {"192.168.1.1"});
    ping.icmp.is_echo_request = true;
    probes.table.attempt(ping, ProbeKind::icmp_echo, at(0));
    CHECK(probes.table.answered(FlowKey::of(ping), at(0.01)));
    probes.table.flush(at(1));
    REQUIRE(probes.reported() == 1);
    CHECK(probes.sent[0].attempts[0].outcome == ProbeOutcome::answered);
}

TEST_CASE("attempts inside a tunnel are told apart from those of the same address outside") {
    Probes probes;
    probes.syn(0, {"192.168.1.1", 23});
    Packet wrapped = tcp(0, scanner, {"192.168.1.2", 23}, tcp_flag::syn, 1);
    wrapped.tunnelled = true;
    probes.table.attempt(wrapped, ProbeKind::tcp_syn, at(0));
    probes.table.flush(at(5));
    REQUIRE(probes.sent.size() == 2);
    CHECK_FALSE(probes.sent[0].tunnelled);
    CHECK(probes.sent[1].tunnelled);
}

TEST_CASE("a batch leaves when it is full: 64 attempts of one source in one event") {
    Probes probes;
    for (std::uint16_t port = 1; port <= 65; ++port) {
        probes.syn(0, {"192.168.1.1", port});
        probes.table.refused(key(scanner, {"192.168.1.1", port}), at(0));
    }
    REQUIRE(probes.sent.size() == 1);
    CHECK(probes.sent[0].attempts.size() == Probe::max_attempts);
}

TEST_CASE("a scan of a million targets stays in fixed memory, and every attempt is reported") {
    Probes probes{{.max_pending = 1000}};
    std::size_t reported = 0;
    for (std::uint32_t i = 0; i < 1'000'000; ++i) {
        Packet syn = tcp(0, scanner, {"198.51.100.7", 23}, tcp_flag::syn, 1);
        syn.at = at(0) + Duration{i};
        syn.dst = IpAddress::v4(0x2d000000U + i);
        probes.table.attempt(syn, ProbeKind::tcp_syn, syn.at);
        if (i % 1000 == 0) {
            reported += probes.reported();
            probes.sent.clear();
            CHECK(probes.table.pending() <= 1000);
        }
    }
    probes.table.flush(at(10));
    CHECK(reported + probes.reported() == 1'000'000);
}
