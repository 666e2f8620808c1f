// Mirai's scanner.c sends SYNs whose sequence number is the destination address, to random addresses, port 23 and 2323.
#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const std::string camera = "192.168.1.23";

std::string stranger(int n) { return fmt::format("203.0.113.{}", n); }

void knock(Core& core, int targets, double seconds_apart, std::uint16_t port = 23) {
    for (int n = 1; n <= targets; ++n) core.apply("s", probe(camera, stranger(n), port, n * seconds_apart));
}

/// What is a fan-out is too little for horizontal-scan outside, so every alert here is mirai-scan's or nobody's.
bool is_quiet(const Core& core) { return core.alerts().empty(); }

Flow answered(int target, double seconds) { return flow(end(camera, 40000), end(stranger(target), 23), "", seconds); }

}  // namespace

TEST_CASE("hallmark SYNs to two targets are quiet, the third target within 60 s is confirmed") {
    Core core{{}, signatures()};
    core.apply("s", hallmark(camera, stranger(1), 23, 0));
    core.apply("s", hallmark(camera, stranger(2), 23, 1));
    core.apply("s", hallmark(camera, stranger(2), 2323, 2));  // the same target again
    CHECK(is_quiet(core));
    core.apply("s", hallmark(camera, stranger(3), 23, 60));
    REQUIRE(core.alerts().size() == 1);
    const Alert alert = core.alerts()[0];
    CHECK(alert.detector == "mirai-scan");
    CHECK(alert.confidence == Confidence::confirmed);
    CHECK(alert.severity == Severity::act_now);
    CHECK(alert.src == ip(camera));
    CHECK(alert.proto == "TCP");
    CHECK(alert.count == 4);
    CHECK(dump(alert.evidence) == R"({"targets":3,"hallmark":4,"ports":[23,2323]})");
    CHECK(alert.first_seen == at(0));
    CHECK(alert.last_seen == at(60));
}

TEST_CASE("three hallmark targets within more than 60 s are quiet") {
    Core core{{}, signatures()};
    for (int n = 0; n < 10; ++n) core.apply("s", hallmark(camera, stranger(n), 23, n * 30.5));
    CHECK(is_quiet(core));
}

TEST_CASE("the hallmark counts on every port and for targets at home, too") {
    Core core{{}, signatures()};
    for (int n = 1; n <= 3; ++n) core.apply("s", hallmark(camera, fmt::format("192.168.1.{}", n), 8080, n));
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].dest_port.number == 8080);
}

TEST_CASE("without the hallmark: nine outside targets are quiet, ten are likely") {
    Core below{{}, signatures()}, above{{}, signatures()};
    knock(below, 9, 1);
    knock(above, 10, 1, 2323);
    CHECK(is_quiet(below));
    REQUIRE(above.alerts().size() == 1);
    CHECK(above.alerts()[0].detector == "mirai-scan");
    CHECK(above.alerts()[0].confidence == Confidence::likely);
    CHECK(dump(above.alerts()[0].evidence) == R"({"targets":10,"hallmark":0,"ports":[2323]})");
}

TEST_CASE("ten targets within more than 60 s are no fan-out, nor are ten at home, nor ten of another port") {
    Core slow{{}, signatures()}, web{{}, signatures()}, at_home{{}, signatures()};
    knock(slow, 10, 6.7);
    knock(web, 10, 1, 80);
    for (int n = 1; n <= 7; ++n) at_home.apply("s", probe(camera, fmt::format("192.168.1.{}", n), 23, n));
    CHECK(is_quiet(slow));
    CHECK(is_quiet(web));
    CHECK(is_quiet(at_home));
}

TEST_CASE("a fan-out that is mostly answered is a busy client: five answers of ten are quiet, four are not") {
    for (const int answers : {5, 4}) {
        CAPTURE(answers);
        Core core{{}, signatures()};
        core.apply("s", probe(camera, stranger(1), 23, 0));
        for (int n = 2; n <= 10; ++n) {
            if (n - 2 < answers)
                core.apply("s", answered(n, n));
            else
                core.apply("s", probe(camera, stranger(n), 23, n));
        }
        CHECK(core.alerts().size() == (answers == 4 ? 1 : 0));
    }
}

TEST_CASE("a telnet client whose servers answer leaves no trace") {
    Core core{{}, signatures()};
    for (int n = 1; n <= 50; ++n) core.apply("s", answered(n, n));
    CHECK(is_quiet(core));
}

TEST_CASE("it counts on: every attempt, every target, one alert, and horizontal-scan keeps silent about the same") {
    Core core{{}, signatures()};
    for (int n = 0; n < 400; ++n)
        core.apply("s", hallmark(camera, fmt::format("198.51.{}.{}", n / 200, n % 200), n % 10 == 0 ? 2323 : 23, n / 160.0));
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 400);
    CHECK(core.alerts()[0].evidence["targets"] == 400);
    CHECK(core.alerts()[0].happened.find("400 attempts") != std::string::npos);
}

TEST_CASE("the bot rests for an hour and goes on: the same episode, which goes on counting") {
    Core core{{}, signatures()};
    for (int n = 0; n < 5; ++n) core.apply("s", hallmark(camera, stranger(n), 23, n));
    for (int n = 5; n < 7; ++n) core.apply("s", hallmark(camera, stranger(n), 23, 3600 + n));
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 7);
    CHECK(core.alerts()[0].evidence["targets"] == 7);
}

TEST_CASE("a stranger who scans is not the household's danger") {
    Core core{{}, signatures()};
    for (int n = 1; n < 50; ++n) core.apply("s", hallmark("203.0.113.66", fmt::format("192.168.1.{}", n), 23, n / 10.0));
    CHECK(is_quiet(core));
    CHECK(core.devices().empty());
}
