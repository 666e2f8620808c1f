#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr double hour = 3600;

std::string hardware(int n) { return fmt::format("00:11:22:33:44:{:02x}", n); }
std::string address(int n) { return fmt::format("192.168.1.{}", n); }
Endpoint device(int n) { return end(address(n), 40'000, hardware(n)); }
Endpoint stranger() { return end("203.0.113.9", 443, hardware(1)); }

/// For so many hours, `devices` are heard every half hour, and the first `followed` of them speak with the outside.
void live(Core& core, double hours, int devices, int followed, double from = 0) {
    for (double now = from; now < from + hours * hour; now += hour / 2) {
        for (int n = 10; n < 10 + devices; ++n)
            core.apply("s", AddressBinding{at(now), mac(hardware(n)), ip(address(n)), "arp"});
        for (int n = 10; n < 10 + followed; ++n) core.apply("s", flow(device(n), stranger(), "tls", now));
    }
}

}  // namespace

TEST_CASE("14 devices of which 3 can be followed: told once, with both numbers; 7 of 14 are enough to be quiet") {
    for (const int followed : {3, 7}) {
        Core core{{}, signatures()};
        live(core, 72, 14, followed);
        const auto found = alerts(core, "blind-spot");
        REQUIRE(found.size() == (followed == 3 ? 1 : 0));
        CHECK(core.status().at("sight").at("devices") == 14);
        CHECK(core.status().at("sight").at("followed") == followed);
        if (found.empty()) continue;
        CHECK(found[0].severity == Severity::worth_knowing);
        CHECK(found[0].count == 1);
        CHECK(found[0].evidence == Json{{"devices", 14}, {"followed", 3}});
        CHECK(found[0].happened ==
              "Linnet hears that devices are there, but can follow the conversations of 3 of your 14 devices.");
    }
}

TEST_CASE("not within the first day, and not for a handful of devices") {
    Core core{{}, signatures()};
    live(core, 24, 14, 0);
    CHECK(alerts(core, "blind-spot").empty());
    CHECK_FALSE(core.status().contains("sight"));
    live(core, 2, 14, 0, 24 * hour);
    CHECK(alerts(core, "blind-spot").size() == 1);

    Core small{{}, signatures()};
    live(small, 72, 3, 0);
    CHECK(alerts(small, "blind-spot").empty());
}

TEST_CASE("a sensor that sees only its own computer's conversations follows that one alone") {
    Core core{{}, signatures()};
    for (int i = 0; i < 30; ++i) {
        live(core, 1, 6, 1, i * hour);
        for (int n = 11; n < 16; ++n) core.apply("s", flow(device(10), device(n), "http", i * hour));
    }
    REQUIRE(alerts(core, "blind-spot").size() == 1);
    CHECK(core.status().at("sight").at("followed") == 1);
}

TEST_CASE("at a mirror port, devices that speak only with a hub at home are followed") {
    Core core{{}, signatures()};
    for (int i = 0; i < 30; ++i) {
        live(core, 1, 8, 2, i * hour);
        for (int n = 12; n < 18; ++n) core.apply("s", flow(device(n), device(10), "http", i * hour));
    }
    CHECK(alerts(core, "blind-spot").empty());
    CHECK(core.status().at("sight").at("followed") == 8);
}

TEST_CASE("a question without an answer and what is sent to everybody are no conversations") {
    Core core{{}, signatures()};
    for (int i = 0; i < 30; ++i)
        for (int n = 10; n < 18; ++n) {
            Flow mdns = flow(device(n), end("224.0.0.251", 5353), "mdns", i * hour);
            mdns.packets_to_client = 0;
            core.apply("s", mdns);
            Flow directed = flow(device(n), end("192.168.1.255", 137), "netbios", i * hour);
            directed.packets_to_client = 0;
            core.apply("s", directed);
        }
    REQUIRE(alerts(core, "blind-spot").size() == 1);
    CHECK(core.status().at("sight") == Json{{"devices", 8}, {"followed", 0}});
}

TEST_CASE("a visitor of an hour is not counted, nor is a jump of time a day of observation") {
    Core core{{}, signatures()};
    live(core, 5, 14, 0);
    live(core, 1, 14, 0, 1000 * hour);
    live(core, 20, 2, 2, 1001 * hour);
    CHECK(alerts(core, "blind-spot").empty());
    live(core, 8, 2, 2, 1021 * hour);
    CHECK(alerts(core, "blind-spot").empty());
    CHECK(core.status().at("sight") == Json{{"devices", 2}, {"followed", 2}});
}

TEST_CASE("once told, again only when most devices were followed in between") {
    Core core{{}, signatures()};
    live(core, 40, 14, 3);
    live(core, 60, 14, 8, 40 * hour);
    live(core, 60, 14, 3, 100 * hour);
    REQUIRE(alerts(core, "blind-spot").size() == 1);
    const auto first = alerts(core, "blind-spot")[0];
    CHECK(first.count == 1);
    live(core, 30, 14, 14, 160 * hour);
    live(core, 60, 14, 3, 190 * hour);
    REQUIRE(alerts(core, "blind-spot").size() == 1);
    CHECK(alerts(core, "blind-spot")[0].id > first.id);
}
