#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const std::string owner = "00:11:22:33:44:01", impostor = "b8:27:eb:00:00:66";

AddressBinding claims(const std::string& who, double seconds, const std::string& address = "192.168.1.20",
                      const std::string& source = "arp") {
    return {at(seconds), mac(who), ip(address), source};
}

/// Owner, impostor, owner, …: the owner comes back `returns` times.
void take_turns(Core& core, int returns, const std::string& a, const std::string& b, double between = 2,
                const std::string& address = "192.168.1.20") {
    core.apply("s", claims(a, 0, address));
    for (int i = 0; i < returns; ++i) {
        core.apply("s", claims(b, (2 * i + 1) * between, address));
        core.apply("s", claims(a, (2 * i + 2) * between, address));
    }
}

void learn_router(Core& core, const std::string& address) {
    core.apply("s",
               DeviceHint{at(0), mac("00:11:22:33:44:02"), ip("192.168.1.2"), "dhcp-server", "offered-router", address});
}

}  // namespace

TEST_CASE("two devices that claim one address by turns: quiet at two returns, told of once at three") {
    Core core{{}, signatures()};
    take_turns(core, 2, owner, impostor);
    CHECK(alerts(core, "address-spoof").empty());
    core.apply("s", claims(impostor, 10));
    CHECK(alerts(core, "address-spoof").empty());
    core.apply("s", claims(owner, 11));
    core.apply("s", claims(impostor, 12));
    REQUIRE(alerts(core, "address-spoof").size() == 1);
    const Alert alert = alerts(core, "address-spoof")[0];
    CHECK(alert.severity == Severity::important);
    CHECK(alert.device.mac == mac(impostor));
    CHECK(alert.evidence["owner"] == owner);
    CHECK(alert.src == ip("192.168.1.20"));
}

TEST_CASE("the router's address is what matters most: two returns, act now") {
    Core core{{}, signatures()};
    learn_router(core, "192.168.1.1");
    take_turns(core, 1, owner, impostor, 2, "192.168.1.1");
    CHECK(alerts(core, "address-spoof").empty());
    take_turns(core, 2, owner, impostor, 2, "192.168.1.1");
    REQUIRE(alerts(core, "address-spoof").size() == 1);
    CHECK(alerts(core, "address-spoof")[0].severity == Severity::act_now);
    CHECK(alerts(core, "address-spoof")[0].device.mac == mac(impostor));
}

TEST_CASE("an impostor who was there first is told by claiming more than one address") {
    Core core{{}, signatures()};
    core.apply("s", claims(impostor, -2, "192.168.1.66"));
    take_turns(core, 3, impostor, owner);
    REQUIRE(alerts(core, "address-spoof").size() == 1);
    CHECK(alerts(core, "address-spoof")[0].device.mac == mac(impostor));
}

TEST_CASE("what changes hands in peace stays quiet") {
    Core core{{}, signatures()};
    SUBCASE("a lease that goes to another, and later back") {
        for (int i = 0; i < 20; ++i) core.apply("s", claims(i % 2 == 0 ? owner : impostor, 700 * i));
    }
    SUBCASE("a DHCP server says whose it is now") {
        for (int i = 0; i < 20; ++i)
            core.apply("s", claims(i % 2 == 0 ? owner : impostor, i, "192.168.1.20", i % 2 == 0 ? "arp" : "dhcp"));
    }
    SUBCASE("a telephone with a new random address each time") {
        for (int i = 0; i < 20; ++i) core.apply("s", claims(fmt::format("da:00:00:00:{:02x}:01", i), i));
    }
    SUBCASE("routers that stand in for each other") {
        take_turns(core, 9, "00:00:5e:00:01:0a", impostor);
        take_turns(core, 9, owner, "00:00:0c:07:ac:01");
        take_turns(core, 9, owner, "00:00:0c:9f:f0:01");
    }
    SUBCASE("several network cards of one box") {
        take_turns(core, 9, "00:11:22:33:44:01", "00:11:22:33:44:02");
        take_turns(core, 9, "00:11:22:33:44:01", "02:11:22:33:44:05");
    }
    SUBCASE("addresses that devices gave themselves, and those of strangers") {
        take_turns(core, 9, owner, impostor, 2, "169.254.7.7");
        take_turns(core, 9, owner, impostor, 2, "203.0.113.9");
    }
    CHECK(alerts(core, "address-spoof").empty());
}

TEST_CASE("who passes on what goes to many addresses outside is a router, also where nobody named it") {
    for (const int places : {7, 8}) {
        CAPTURE(places);
        Core core{{}, signatures()};
        for (int i = 0; i < places; ++i)
            for (int again = 0; again < 3; ++again)
                core.apply("s", flow(end("192.168.1.30", 40000, "00:11:22:33:44:30"),
                                     end(fmt::format("203.0.113.{}", i + 1), 443, owner), "tls", -60 + i));
        take_turns(core, 2, owner, impostor, 2, "192.168.1.1");
        REQUIRE(alerts(core, "address-spoof").size() == (places < 8 ? 0 : 1));
        if (places < 8) continue;
        CHECK(alerts(core, "address-spoof")[0].severity == Severity::act_now);
        CHECK(alerts(core, "address-spoof")[0].device.mac == mac(impostor));
    }
}

TEST_CASE("an impostor that passes on what it took makes no router of its victim") {
    Core core{{}, signatures()};
    for (int i = 0; i < 20; ++i)
        core.apply("s", flow(end("192.168.1.30", 40000, "00:11:22:33:44:30"),
                             end(fmt::format("203.0.113.{}", i + 1), 443, impostor), "tls", -60 + i));
    take_turns(core, 3, owner, impostor);
    REQUIRE(alerts(core, "address-spoof").size() == 1);
    CHECK(alerts(core, "address-spoof")[0].severity == Severity::important);
}

TEST_CASE("neighbour discovery is the same for IPv6, whatever the address; the router is the one that advertises itself") {
    Core core{{}, signatures()};
    const auto neighbours = [&core](const std::string& address, int returns) {
        core.apply("s", claims(owner, 0, address, "ndp"));
        for (int i = 0; i < returns; ++i) {
            core.apply("s", claims(impostor, 4 * i + 2, address, "ndp"));
            core.apply("s", claims(owner, 4 * i + 4, address, "ndp"));
        }
    };
    neighbours("2001:db8:1::20", 2);
    CHECK(core.alerts().empty());
    neighbours("2001:db8:1::21", 3);
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].severity == Severity::important);
    CHECK(core.alerts()[0].proto == "IPv6-ICMP");
    core.apply("s", DeviceHint{at(0), mac(owner), ip("fe80::1"), "router-advertisement", "offered-router", "fe80::1"});
    neighbours("fe80::1", 2);
    REQUIRE(core.alerts().size() == 2);
    CHECK(core.alerts()[1].severity == Severity::act_now);
    CHECK(core.alerts()[1].device.mac == mac(impostor));
}
