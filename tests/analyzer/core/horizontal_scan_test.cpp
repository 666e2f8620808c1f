#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const std::string source = "192.168.1.66";

std::string neighbour(int n) { return fmt::format("192.168.{}.{}", 2 + n / 256, n % 256); }
std::string stranger(int n) { return fmt::format("198.51.{}.{}", n / 256, n % 256); }

/// The whole of one sweep, an attempt each 10 ms unless told otherwise; every `answer_each`th is answered.
void sweep(Core& core, std::string (*target)(int), int hosts, ProbeKind kind, std::uint16_t port, int answer_each = 0,
           double seconds_apart = 0.01) {
    for (int n = 0; n < hosts; ++n) {
        const bool answered = answer_each != 0 && n % answer_each == answer_each - 1;
        core.apply("s", probe(source, target(n), port, n * seconds_apart, kind,
                              answered ? ProbeOutcome::answered : ProbeOutcome::unanswered));
    }
}

struct Sweep {
    const char* what;
    std::string (*target)(int);
    ProbeKind kind;
    std::uint16_t port;
    int floor;
    const char* proto;
};

Flow connection(const std::string& server, std::uint16_t port, double seconds, std::uint16_t client_port = 40000) {
    return flow(end(source, client_port), end(server, port), "tls", seconds);
}

}  // namespace

TEST_CASE("each floor: one host less is quiet, the floor fires once and counts the hosts") {
    for (const Sweep& each : {Sweep{"TCP at home", neighbour, ProbeKind::tcp_syn, 445, 8, "TCP"},
                              Sweep{"TCP outside", stranger, ProbeKind::tcp_syn, 445, 32, "TCP"},
                              Sweep{"ACK at home", neighbour, ProbeKind::tcp_other, 80, 24, "TCP"},
                              Sweep{"ACK outside", stranger, ProbeKind::tcp_other, 80, 64, "TCP"},
                              Sweep{"UDP at home", neighbour, ProbeKind::udp, 161, 24, "UDP"},
                              Sweep{"ping at home", neighbour, ProbeKind::icmp_echo, 0, 12, "ICMP"},
                              Sweep{"ping outside", stranger, ProbeKind::icmp_echo, 0, 100, "ICMP"},
                              Sweep{"ARP", neighbour, ProbeKind::arp, 0, 48, "ARP"}}) {
        CAPTURE(each.what);
        Core below{{}, signatures()}, at_floor{{}, signatures()}, above{{}, signatures()};
        sweep(below, each.target, each.floor - 1, each.kind, each.port);
        sweep(at_floor, each.target, each.floor, each.kind, each.port);
        sweep(above, each.target, 256, each.kind, each.port);
        CHECK(below.alerts().empty());
        REQUIRE(at_floor.alerts().size() == 1);
        CHECK(at_floor.alerts()[0].count == static_cast<std::uint64_t>(each.floor));
        REQUIRE(above.alerts().size() == 1);
        const Alert alert = above.alerts()[0];
        CHECK(alert.detector == "horizontal-scan");
        CHECK(alert.count == 256);
        CHECK(alert.evidence["hosts"] == 256);
        CHECK(alert.proto == each.proto);
        CHECK(alert.src == ip(source));
        CHECK(alert.dest_port.number == each.port);
        CHECK_FALSE(alert.dest.known());
        CHECK(alert.first_seen == at(0));
        CHECK(alert.last_seen == at(2.55));
    }
}

TEST_CASE("each window: the floor's hosts in more time are quiet") {
    Core at_home{{}, signatures()}, outside{{}, signatures()}, ping{{}, signatures()};
    sweep(at_home, neighbour, 14, ProbeKind::tcp_syn, 445, 0, 100);  // never 8 within 600 s
    sweep(outside, stranger, 60, ProbeKind::tcp_syn, 445, 0, 2);     // never 32 within 60 s
    sweep(ping, neighbour, 22, ProbeKind::icmp_echo, 0, 0, 6);       // never 12 within 60 s
    CHECK(at_home.alerts().empty());
    CHECK(outside.alerts().empty());
    CHECK(ping.alerts().empty());
}

TEST_CASE("UDP to strangers and ARP for outside addresses are never judged") {
    Core core{{}, signatures()};
    sweep(core, stranger, 1000, ProbeKind::udp, 6881);
    sweep(core, stranger, 1000, ProbeKind::arp, 0);
    CHECK(core.alerts().empty());
}

TEST_CASE("many attempts to few hosts are no scan") {
    Core core{{}, signatures()};
    for (int i = 0; i < 1000; ++i) core.apply("s", probe(source, neighbour(i % 7), 445, i * 0.1));
    CHECK(core.alerts().empty());
}

TEST_CASE("a busy client that mostly succeeds stays quiet, whatever it fails at in between") {
    Core core{{}, signatures()};
    double now = 0;
    for (int n = 0; n < 3000; ++n) {
        now += 0.02;
        if (n % 5 == 4)  // one server in five is dead
            core.apply("s", probe(source, stranger(n), 443, now));
        else
            core.apply("s", connection(stranger(n), 443, now));
    }
    CHECK(core.alerts().empty());
}

TEST_CASE("the same client turned scanner is found, for success does not pile up") {
    Core core{{}, signatures()};
    core.apply("s", probe(source, stranger(9000), 443, 0));
    core.apply("s", probe(source, stranger(9001), 443, 0));
    for (int n = 0; n < 1000; ++n) core.apply("s", connection(stranger(n), 443, n * 0.02));
    CHECK(core.alerts().empty());
    for (int n = 1000; n < 1040; ++n) core.apply("s", probe(source, stranger(n), 443, 20 + n * 0.001));
    CHECK(core.alerts().size() == 1);
}

TEST_CASE("answered hosts are counted exactly, whether they came before, between or behind the failures") {
    Core core{{}, signatures()};
    core.apply("s", connection(neighbour(0), 22, 0));
    core.apply("s", connection(neighbour(1), 22, 0.01));
    for (int n = 2; n < 250; ++n)
        core.apply("s", probe(source, neighbour(n), 22, n * 0.01, ProbeKind::tcp_syn,
                              n % 2 == 0 ? ProbeOutcome::refused : ProbeOutcome::unanswered));
    auto late = connection(neighbour(250), 22, 2.5);
    late.stage = FlowStage::end;
    core.apply("s", late);
    core.apply("s", late);  // a flow's start and end are one contact
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 251);
    CHECK(dump(core.alerts()[0].evidence) == R"({"hosts":251,"attempts":251,"answered":3,"refused":124,"unanswered":124})");
}

TEST_CASE("a ping sweep of hosts that mostly answer is a sweep, if some do not") {
    Core all_answer{{}, signatures()}, two_silent{{}, signatures()}, three_silent{{}, signatures()};
    for (int n = 0; n < 18; ++n)
        for (Core* core : {&all_answer, &two_silent, &three_silent}) {
            const int silent = core == &all_answer ? 0 : core == &two_silent ? 2 : 3;
            core->apply("s", probe(source, neighbour(n), 0, n * 0.1, ProbeKind::icmp_echo,
                                   n < silent ? ProbeOutcome::unanswered : ProbeOutcome::answered));
        }
    CHECK(all_answer.alerts().empty());
    CHECK(two_silent.alerts().empty());
    REQUIRE(three_silent.alerts().size() == 1);
    CHECK(three_silent.alerts()[0].count == 18);
    CHECK(three_silent.alerts()[0].happened == "192.168.1.66 called 18 different addresses to find out who is there.");
}

TEST_CASE("ARP and TCP sweeps by one tool are two causes, and so are two ports; nothing of it is a vertical scan") {
    Core core{{}, signatures()};
    sweep(core, neighbour, 256, ProbeKind::arp, 0);
    sweep(core, neighbour, 256, ProbeKind::tcp_syn, 80);
    sweep(core, neighbour, 256, ProbeKind::tcp_syn, 443);
    CHECK(alerts(core, "horizontal-scan").size() == 3);
    CHECK(core.alerts().size() == 3);
}

TEST_CASE("SYNs and ACKs to one port are one scan") {
    Core core{{}, signatures()};
    sweep(core, neighbour, 100, ProbeKind::tcp_syn, 80);
    sweep(core, neighbour, 120, ProbeKind::tcp_other, 80);
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 120);
    CHECK(core.alerts()[0].evidence["attempts"] == 220);
}

TEST_CASE("multicast, broadcast and the household's outside attackers are left alone; IPv6 is not") {
    Core core{{}, signatures()};
    for (int n = 0; n < 100; ++n)
        core.apply("s", probe(source, fmt::format("239.0.0.{}", n), 1900, n * 0.1, ProbeKind::udp));
    for (int n = 0; n < 100; ++n) core.apply("s", probe("203.0.113.5", neighbour(n), 445, n * 0.1));
    CHECK(core.alerts().empty());
    for (int n = 0; n < 8; ++n) core.apply("s", probe("fd00::66", fmt::format("fd00::{:x}", n + 1), 445, n * 0.1));
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].src == ip("fd00::66"));
    CHECK(core.alerts()[0].count == 8);
}

TEST_CASE("a jump of time begins the counting anew: four hosts now and four in another year are no scan") {
    Core core{{}, signatures()};
    for (int n = 0; n < 7; ++n) core.apply("s", probe(source, neighbour(n), 445, n));
    for (int n = 7; n < 14; ++n) core.apply("s", probe(source, neighbour(n), 445, 1e9 + n));
    for (int n = 14; n < 21; ++n) core.apply("s", probe(source, neighbour(n), 445, -1e9 + n));
    CHECK(core.alerts().empty());
}

TEST_CASE("behind the exact limit the count is an estimate and says so") {
    Core core{{}, signatures()};
    Probe batch = probe(source, stranger(0), 445);
    for (std::uint32_t n = 0; n < 20'000; n += 64) {
        batch.attempts.clear();
        for (std::uint32_t i = 0; i < 64; ++i)
            batch.attempts.push_back({IpAddress::v4(0xcb000000 + n + i), {445}, ProbeOutcome::unanswered, false});
        batch.first_seen = batch.last_seen = at(n * 0.001);
        core.apply("s", batch);
    }
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 20'032);
    CHECK(core.alerts()[0].evidence["estimate"] == true);
}
