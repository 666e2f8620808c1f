#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

SensorStats stats(double seconds, std::uint64_t packets, std::uint64_t dropped = 0, const std::string& source = "eth0") {
    SensorStats stats;
    stats.at = at(seconds);
    stats.source = source;
    stats.packets = packets;
    stats.kernel_dropped = dropped;
    return stats;
}

/// Counters every 10 s, a thousand packets each.
void run(Core& core, const std::string& sensor, double from, double to) {
    for (double now = from; now < to; now += 10) core.apply(sensor, stats(now, static_cast<std::uint64_t>(now + 1e6) * 100));
}

}  // namespace

TEST_CASE("drops: below one in a hundred quiet, above told once, counting up") {
    for (const std::uint64_t dropped : {90, 110}) {
        Core core{{}, signatures()};
        for (std::uint64_t i = 0; i <= 18; ++i)
            core.apply("pi", stats(10.0 * static_cast<double>(i), 10'000 * i, dropped * i));
        const auto found = alerts(core, "sensor-loss");
        REQUIRE(found.size() == (dropped == 90 ? 0 : 1));
        if (found.empty()) continue;
        CHECK(found[0].severity == Severity::worth_knowing);
        CHECK(found[0].count == 3 * 660);
        CHECK(found[0].device.name == "The sensor pi");
    }
}

TEST_CASE("a tenth is important; few packets are not worth a word, whatever their share") {
    Core core{{}, signatures()};
    core.apply("a", stats(0, 0));
    core.apply("a", stats(60, 900, 100));
    core.apply("b", stats(0, 0));
    core.apply("b", stats(60, 9, 99));
    const auto found = alerts(core, "sensor-loss");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::important);
    CHECK(found[0].count == 100);
}

TEST_CASE("drops are told of at the end of a run, too, and a new run counts from nought") {
    Core core{{}, signatures()};
    core.apply("pi", stats(0, 1000, 5));
    auto last = stats(20, 2000, 205);
    last.last = true;
    core.apply("pi", last);
    REQUIRE(alerts(core, "sensor-loss").size() == 1);
    core.apply("pi", stats(100, 10, 0));
    core.apply("pi", stats(200, 2000, 3));
    CHECK(alerts(core, "sensor-loss")[0].count == 205);
}

TEST_CASE("lost events are told of with their reason; many are important") {
    Core core{{}, signatures()};
    core.apply("pi", Lost{at(0), at(5), 7, "memory"});
    auto found = alerts(core, "sensor-loss");
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::worth_knowing);
    CHECK(found[0].count == 7);
    CHECK(found[0].evidence.at("reason") == "memory");
    CHECK(found[0].happened == "The sensor pi lost 7 pieces of what it was at: memory.");
    core.apply("pi", Lost{at(6), at(7), 10'000, "memory"});
    found = alerts(core, "sensor-loss");
    REQUIRE(found.size() == 2);
    CHECK(found[1].severity == Severity::important);
}

TEST_CASE("silence: half an hour while another sensor goes on, told once; one that said good-bye is not missed") {
    Core core{{}, signatures()};
    run(core, "attic", 0, 100);
    run(core, "cellar", 0, 100);
    auto bye = stats(100, 200'000'000);
    bye.last = true;
    core.apply("cellar", bye);
    run(core, "pi", 0, 1880);
    CHECK(alerts(core, "sensor-loss").empty());
    run(core, "pi", 1880, 9000);
    REQUIRE(alerts(core, "sensor-loss").size() == 1);
    const Alert alert = alerts(core, "sensor-loss")[0];
    CHECK(alert.count == 1);
    CHECK(alert.happened == "The sensor attic has said nothing for 30 minutes, while another one goes on.");
    run(core, "attic", 9000, 9100);
    run(core, "pi", 9100, 12'000);
    CHECK(alerts(core, "sensor-loss")[0].count == 2);
}

TEST_CASE("one sensor alone that was off is not told of") {
    Core core{{}, signatures()};
    run(core, "pi", 0, 100);
    run(core, "pi", 40'000, 40'100);
    CHECK(alerts(core, "sensor-loss").empty());
}

TEST_CASE("a live clock that jumps: small steps are quiet, large ones told; a file may hold any times") {
    const auto jump = [](double seconds, std::uint16_t progress, const std::string& source) {
        Core core{{}, signatures()};
        auto first = stats(200'000, 1000, 0, source), second = stats(200'000 + seconds, 1010, 0, source);
        first.progress = second.progress = progress;
        core.apply("pi", first);
        core.apply("pi", second);
        return alerts(core, "sensor-loss");
    };
    CHECK(jump(-299, 0, "eth0").empty());
    CHECK(jump(86'399, 0, "eth0").empty());
    const auto back = jump(-7200, 0, "eth0");
    REQUIRE(back.size() == 1);
    CHECK(back[0].happened.find("found its clock 2 hours back:") != std::string::npos);
    REQUIRE(jump(30 * 86'400, 0, "eth0").size() == 1);
    CHECK(jump(-7200, 500, "evening.pcap").empty());
    CHECK(jump(-7200, 0, "-").empty());
}
