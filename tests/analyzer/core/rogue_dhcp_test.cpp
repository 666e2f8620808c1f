#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

struct Server {
    std::string mac = "00:11:22:33:44:01", ip = "192.168.1.1";
    std::string network = "192.168.1.0/24", router = "192.168.1.1", resolver = "192.168.1.1";
};
const Server home, second{.mac = "b8:27:eb:00:00:66", .ip = "192.168.1.66", .router = "192.168.1.66"};

void offer(Core& core, const Server& server, const std::string& client, double seconds) {
    const auto say = [&](const char* key, const std::string& value) {
        if (!value.empty())
            core.apply("s", DeviceHint{at(seconds), mac(server.mac), ip(server.ip), "dhcp-server", key, value});
    };
    say("offered-network", server.network);
    say("offered-router", server.router);
    say("offered-resolver", server.resolver);
    say("lease", "3600");
    say("offered-to", client);
}

const std::string phone = "00:11:22:33:44:55", tablet = "00:11:22:33:44:56";

}  // namespace

TEST_CASE("two servers answer one device and disagree: the one that came later is told of, once") {
    Core core{{}, signatures()};
    offer(core, home, tablet, 0);
    offer(core, home, phone, 100);
    CHECK(core.alerts().empty());
    offer(core, second, phone, 101);
    offer(core, home, phone, 102);
    REQUIRE(alerts(core, "rogue-dhcp").size() == 1);
    const Alert alert = alerts(core, "rogue-dhcp")[0];
    CHECK(alert.device.mac == mac(second.mac));
    CHECK(alert.severity == Severity::important);
    CHECK(alert.evidence["router"] == "192.168.1.66");
    CHECK(alert.evidence["other_router"] == "192.168.1.1");
}

TEST_CASE("a router plugged in the wrong way round gives addresses of another range") {
    Core core{{}, signatures()};
    offer(core, home, phone, 0);
    offer(core, {"b8:27:eb:00:00:66", "192.168.0.1", "192.168.0.0/24", "192.168.0.1", "192.168.0.1"}, phone, 1);
    CHECK(alerts(core, "rogue-dhcp").size() == 1);
}

TEST_CASE("two servers of one range answer different devices, and both go on") {
    Core core{{}, signatures()};
    offer(core, home, phone, 0);
    offer(core, second, tablet, 600);
    CHECK(core.alerts().empty());
    offer(core, home, phone, 1200);  // the first is still there
    REQUIRE(alerts(core, "rogue-dhcp").size() == 1);
    CHECK(alerts(core, "rogue-dhcp")[0].device.mac == mac(second.mac));
}

TEST_CASE("what is no rogue") {
    Core core{{}, signatures()};
    Server other = second;
    SUBCASE("a router that takes another's place") {
        offer(core, home, phone, 0);
        offer(core, other, phone, 600);
        offer(core, other, tablet, 700);
        offer(core, other, phone, 800);
    }
    SUBCASE("two that say the same") {
        other.router = home.router;
        for (int i = 0; i < 5; ++i) offer(core, i % 2 == 0 ? home : other, phone, i);
    }
    SUBCASE("one server with two addresses") {
        other.mac = home.mac;
        for (int i = 0; i < 5; ++i) offer(core, i % 2 == 0 ? home : other, phone, i);
    }
    SUBCASE("two networks, each with its own") {
        other.network = "192.168.2.0/24";
        for (int i = 0; i < 9; ++i) offer(core, i % 2 == 0 ? home : other, i % 2 == 0 ? phone : tablet, i);
    }
    SUBCASE("an answer to a device that has an address already") {
        offer(core, home, phone, 0);
        other.network = "";
        offer(core, other, phone, 1);
    }
    CHECK(core.alerts().empty());
}

namespace {

struct Router {
    std::string mac = "00:11:22:33:44:01", ip = "fe80::1", prefix = "2001:db8:1::/64", resolver = "fe80::1";
    std::string managed = "no";
};
const Router gateway, intruder{.mac = "b8:27:eb:00:00:66", .ip = "fe80::66", .prefix = "2001:db8:66::/64", .resolver = ""};

void advertise(Core& core, const Router& router, double seconds) {
    const auto say = [&](const char* key, const std::string& value) {
        if (!value.empty())
            core.apply("s", DeviceHint{at(seconds), mac(router.mac), ip(router.ip), "router-advertisement", key, value});
    };
    say("managed", router.managed);
    say("offered-network", router.prefix);
    say("offered-router", router.ip);
    say("offered-resolver", router.resolver);
    say("offered-to", "all");
}

void answer_v6(Core& core, const Router& server, const std::string& client, double seconds) {
    const auto say = [&](const char* key, const std::string& value) {
        core.apply("s", DeviceHint{at(seconds), mac(server.mac), ip(server.ip), "dhcpv6-server", key, value});
    };
    say("offered-resolver", server.ip);
    say("offered-to", client);
}

}  // namespace

TEST_CASE("a second IPv6 router, while the first goes on: told of once, about the one that came later") {
    Core core{{}, signatures()};
    advertise(core, gateway, 0);
    advertise(core, intruder, 100);
    CHECK(core.alerts().empty());  // the first may be gone
    advertise(core, gateway, 600);
    advertise(core, intruder, 700);
    REQUIRE(alerts(core, "rogue-dhcp").size() == 1);
    const Alert alert = alerts(core, "rogue-dhcp")[0];
    CHECK(alert.device.mac == mac(intruder.mac));
    CHECK(alert.severity == Severity::important);
    CHECK(alert.signature == "A second router announces itself");
    CHECK(alert.evidence["network"] == "2001:db8:66::/64");
    CHECK(alert.evidence["other_server"] == "fe80::1");
}

TEST_CASE("what is no second IPv6 router") {
    Core core{{}, signatures()};
    Router other = intruder;
    SUBCASE("one that takes the other's place") {
        advertise(core, gateway, 0);
        for (int i = 1; i < 5; ++i) advertise(core, other, 600 * i);
    }
    SUBCASE("two that say the same") {
        other.prefix = gateway.prefix;
        other.resolver = gateway.resolver;
        for (int i = 0; i < 6; ++i) advertise(core, i % 2 == 0 ? gateway : other, 600 * i);
    }
    SUBCASE("one box, two addresses; and a provider that gives a new prefix") {
        other.mac = gateway.mac;
        for (int i = 0; i < 6; ++i) advertise(core, i % 2 == 0 ? gateway : other, 600 * i);
        Router later = gateway;
        later.prefix = "2001:db8:2::/64";
        advertise(core, later, 9000);
    }
    SUBCASE("two that are hours apart") {
        for (int i = 0; i < 6; ++i) advertise(core, i % 2 == 0 ? gateway : other, 4000 * i);
    }
    CHECK(core.alerts().empty());
}

TEST_CASE("who offers a resolver by DHCPv6 where the router says that nothing comes that way is a rogue") {
    Core core{{}, signatures()};
    answer_v6(core, intruder, phone, 0);
    CHECK(core.alerts().empty());  // no router, nothing to compare with
    advertise(core, gateway, 10);
    answer_v6(core, intruder, phone, 20);
    REQUIRE(alerts(core, "rogue-dhcp").size() == 1);
    CHECK(alerts(core, "rogue-dhcp")[0].device.mac == mac(intruder.mac));
    CHECK(alerts(core, "rogue-dhcp")[0].evidence["resolver"] == "fe80::66");
    CHECK(alerts(core, "rogue-dhcp")[0].app_proto == "dhcpv6");
}

TEST_CASE("DHCPv6 that a router invites to, or that it does itself, is none; two servers that disagree are") {
    Core core{{}, signatures()};
    Router inviting = gateway;
    inviting.managed = "yes";
    SUBCASE("invited") { advertise(core, inviting, 0); }
    SUBCASE("by the router itself") {
        advertise(core, gateway, 0);
        answer_v6(core, gateway, tablet, 5);
    }
    answer_v6(core, gateway, phone, 10);
    CHECK(core.alerts().empty());
    answer_v6(core, intruder, phone, 11);
    REQUIRE(alerts(core, "rogue-dhcp").size() == 1);
    CHECK(alerts(core, "rogue-dhcp")[0].device.mac == mac(intruder.mac));
}
