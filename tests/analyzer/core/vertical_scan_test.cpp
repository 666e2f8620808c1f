#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const std::string source = "192.168.1.66", target = "192.168.1.1";

/// One full second of a flood of `source`.
Burst burst(BurstKind kind, double seconds, std::uint64_t packets) {
    return {.at = at(seconds), .mac = {}, .source = ip(source), .target = ip(target), .kind = kind, .packets = packets};
}

void scan(Core& core, const std::string& host, int ports, ProbeKind kind, ProbeOutcome outcome = ProbeOutcome::unanswered,
          double seconds_apart = 0.01) {
    for (int n = 0; n < ports; ++n)
        core.apply("s", probe(source, host, static_cast<std::uint16_t>(n + 1), n * seconds_apart, kind, outcome));
}

}  // namespace

TEST_CASE("each floor: one port less is quiet, the floor fires once and counts the ports") {
    struct Kind {
        const char* what;
        const char* host;
        ProbeKind kind;
        ProbeOutcome outcome;
        int floor;
        const char* proto;
    };
    for (const Kind& each :
         {Kind{"SYN", "192.168.1.1", ProbeKind::tcp_syn, ProbeOutcome::unanswered, 15, "TCP"},
          Kind{"SYN, refused", "203.0.113.9", ProbeKind::tcp_syn, ProbeOutcome::refused, 15, "TCP"},
          Kind{"ACK, answered by RST", "192.168.1.1", ProbeKind::tcp_other, ProbeOutcome::answered, 15, "TCP"},
          Kind{"FIN", "203.0.113.9", ProbeKind::tcp_other, ProbeOutcome::unanswered, 15, "TCP"},
          Kind{"UDP", "192.168.1.1", ProbeKind::udp, ProbeOutcome::refused, 48, "UDP"}}) {
        CAPTURE(each.what);
        Core below{{}, signatures()}, at_floor{{}, signatures()}, above{{}, signatures()};
        scan(below, each.host, each.floor - 1, each.kind, each.outcome);
        scan(at_floor, each.host, each.floor, each.kind, each.outcome);
        scan(above, each.host, 1000, each.kind, each.outcome);
        for (Core* core : {&below, &at_floor, &above}) wait_until(*core, 30);
        CHECK(below.alerts().empty());
        REQUIRE(at_floor.alerts().size() == 1);
        CHECK(at_floor.alerts()[0].count == static_cast<std::uint64_t>(each.floor));
        REQUIRE(above.alerts().size() == 1);
        const Alert alert = above.alerts()[0];
        CHECK(alert.detector == "vertical-scan");
        CHECK(alert.count == 1000);
        CHECK(alert.evidence["ports"] == 1000);
        CHECK(alert.proto == each.proto);
        CHECK(alert.src == ip(source));
        CHECK(alert.dest == ip(each.host));
        CHECK(alert.dest_port.number == 0);
    }
}

TEST_CASE("the window: fifteen ports in more than 300 s are quiet") {
    Core core{{}, signatures()};
    scan(core, target, 60, ProbeKind::tcp_syn, ProbeOutcome::refused, 22);
    wait_until(core, 2000);
    CHECK(core.alerts().empty());
}

TEST_CASE("a thousand ports of three hosts in turns are three vertical scans and no horizontal one") {
    Core core{{}, signatures()};
    for (int n = 0; n < 1000; ++n)
        for (const char* host : {"192.168.1.1", "192.168.1.2", "192.168.1.254"})
            core.apply("s", probe(source, host, static_cast<std::uint16_t>(n + 1), n * 0.01));
    wait_until(core, 20);
    REQUIRE(core.alerts().size() == 3);
    for (const auto& alert : core.alerts()) {
        CHECK(alert.detector == "vertical-scan");
        CHECK(alert.count == 1000);
    }
}

TEST_CASE("open ports are counted, too, exactly") {
    Core core{{}, signatures()};
    for (const int port : {80, 443, 22, 23, 21})
        core.apply("s", flow(end(source, 40000), end(target, static_cast<std::uint16_t>(port)), "", 0.001 * port));
    for (int n = 1000; n < 1995; ++n)
        core.apply("s", probe(source, target, static_cast<std::uint16_t>(n), 1 + n * 0.001, ProbeKind::tcp_syn,
                              ProbeOutcome::refused));
    wait_until(core, 20);
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 1000);
    CHECK(core.alerts()[0].evidence["answered"] == 5);
    CHECK(core.alerts()[0].happened ==
          "192.168.1.66 tried 1000 different ports of 192.168.1.1 to see which of them are open.");
}

TEST_CASE("a client that uses many ports of one server successfully stays quiet") {
    Core core{{}, signatures()};
    for (int n = 0; n < 500; ++n) {
        const auto port = static_cast<std::uint16_t>(30'000 + n);  // passive FTP, say
        if (n % 5 == 0)
            core.apply("s", probe(source, target, port, n * 0.1));
        else
            core.apply("s", flow(end(source, 40000), end(target, port), "", n * 0.1));
    }
    wait_until(core, 100);
    CHECK(core.alerts().empty());
}

TEST_CASE("one port again and again is no scan") {
    Core core{{}, signatures()};
    for (int n = 0; n < 1000; ++n) core.apply("s", probe(source, target, 8883, n));
    wait_until(core, 2000);
    CHECK(core.alerts().empty());
}

TEST_CASE(
    "a scan is told of ten seconds after it became one, with all that was counted until then; or at the capture's end") {
    Core core{{}, signatures()}, cut{{}, signatures()};
    scan(core, target, 900, ProbeKind::tcp_syn, ProbeOutcome::refused);  // 9 s, a scan from its 15th port on
    wait_until(core, 10.13);
    CHECK(core.alerts().empty());
    wait_until(core, 10.14);
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 900);
    CHECK(core.alerts()[0].first_seen == at(0));
    CHECK(core.alerts()[0].last_seen == at(8.99));
    core.apply("s", probe(source, target, 7777, 11));
    CHECK(core.alerts()[0].count == 901);

    scan(cut, target, 900, ProbeKind::tcp_syn, ProbeOutcome::refused);
    SensorStats last;
    last.at = at(9);
    last.last = true;
    cut.apply("s", last);
    REQUIRE(cut.alerts().size() == 1);
    CHECK(cut.alerts()[0].count == 900);
}

TEST_CASE("a flood to ports at random is a flood and no scan; a fast search that ends before it is one stays a scan") {
    for (const bool flood : {true, false}) {
        CAPTURE(flood);
        for (const auto& [probes, bursts] :
             {std::pair{ProbeKind::udp, BurstKind::udp}, std::pair{ProbeKind::tcp_syn, BurstKind::syn}}) {
            Core core{{}, signatures()};
            scan(core, target, 3000, probes, ProbeOutcome::refused, 0.001);
            for (int second = 0; second < (flood ? 6 : 4); ++second) core.apply("s", burst(bursts, second, 3000));
            wait_until(core, 30);
            REQUIRE(core.alerts().size() == 1);
            CHECK(core.alerts()[0].detector == (flood ? "flood" : "vertical-scan"));
        }
    }
}

TEST_CASE("a flood of one kind excuses no scan of another") {
    Core core{{}, signatures()};
    for (int second = 0; second < 6; ++second) core.apply("s", burst(BurstKind::udp, second, 3000));
    scan(core, target, 100, ProbeKind::tcp_syn, ProbeOutcome::refused);
    wait_until(core, 30);
    CHECK(alerts(core, "flood").size() == 1);
    CHECK(alerts(core, "vertical-scan").size() == 1);
}
