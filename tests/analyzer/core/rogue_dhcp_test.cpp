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
