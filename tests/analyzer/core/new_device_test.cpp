#include "analyzer/household.hpp"
#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr double day = 86'400;

AddressBinding appears(const std::string& hardware, double seconds) {
    return {at(seconds), mac(hardware), ip("192.168.1.50"), "dhcp"};
}

}  // namespace

TEST_CASE("on the first day everything is new and nothing is said; from then on a new device is told of once") {
    Core core{{}, signatures()};
    core.apply("s", appears("00:11:22:33:44:01", 0));
    core.apply("s", appears("00:11:22:33:44:02", day - 1));
    CHECK(core.alerts().empty());
    core.apply("s", appears("b8:27:eb:00:00:23", day));
    core.apply("s", appears("b8:27:eb:00:00:23", day + 5));
    core.apply("s", appears("00:11:22:33:44:01", day + 6));  // an old acquaintance
    REQUIRE(core.alerts().size() == 1);
    const Alert alert = core.alerts()[0];
    CHECK(alert.detector == "new-device");
    CHECK(alert.severity == Severity::worth_knowing);
    CHECK(alert.count == 1);
    CHECK(alert.src == ip("192.168.1.50"));
    CHECK(alert.happened == "Raspberry Pi 00:23 is on your network for the first time.");
}

TEST_CASE("a random MAC is not by itself a new device, nor is an address without a MAC") {
    Core core{{}, signatures()};
    core.apply("s", appears("00:11:22:33:44:01", 0));
    core.apply("s", appears("da:11:22:33:44:02", 2 * day));
    core.apply("s", flow(end("192.168.1.51", 40000), end("203.0.113.9", 443), "tls", 2 * day));
    CHECK(core.devices().size() == 3);
    CHECK(core.alerts().empty());
}

TEST_CASE("a device that gives its name in its first packet is told of by this name") {
    Core core{{}, signatures()};
    core.apply("s", appears("00:11:22:33:44:01", 0));
    core.apply("s", hostname("00:11:22:33:44:02", "hall-camera", 2 * day));
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].device.name == "hall-camera");
}

TEST_CASE("behind a week of silence Linnet learns anew; behind six days it does not") {
    for (const double gap : {6 * day, 8 * day}) {
        Core core{{}, signatures()};
        core.apply("s", appears("00:11:22:33:44:01", 0));
        core.apply("s", appears("00:11:22:33:44:01", 2 * day));
        core.apply("s", appears("00:11:22:33:44:02", 2 * day + gap));
        CHECK(core.alerts().size() == (gap < 7 * day ? 1 : 0));
    }
}

TEST_CASE("a new device every five seconds gives fifty alerts a day and no more; a flood of them gives twenty") {
    Core core{{}, signatures()};
    core.apply("s", appears("00:11:22:33:44:01", 0));
    const auto come = [&core](double from, int tens, double apart) {
        for (int i = 0; i < 60; ++i)
            core.apply("s", appears(fmt::format("00:00:5e:00:{:02x}:{:02x}", tens, i + 1), from + i * apart));
    };
    come(2 * day, 1, 5);
    CHECK(core.alerts().size() == 50);
    come(3 * day + 600, 2, 5);
    CHECK(core.alerts().size() == 100);
    come(4 * day + 1200, 3, 0.5);
    CHECK(core.alerts().size() == 120);
}

TEST_CASE("one packet makes no new device; an answer does, or that it is still there a minute later") {
    Core core{{}, signatures()};
    const auto shows = [](const std::string& hardware, double seconds) {
        return AddressBinding{at(seconds), mac(hardware), ip("192.168.1.50"), "arp"};
    };
    core.apply("s", appears("00:11:22:33:44:01", 0));
    core.apply("s", shows("00:11:22:33:44:02", 2 * day));
    core.apply("s", shows("00:11:22:33:44:02", 2 * day + 59));
    CHECK(core.alerts().empty());
    core.apply("s", shows("00:11:22:33:44:02", 2 * day + 60));
    CHECK(core.alerts().size() == 1);
    core.apply("s", shows("00:11:22:33:44:02", 2 * day + 600));
    core.apply("s", shows("00:11:22:33:44:03", 2 * day + 601));
    CHECK(core.alerts().size() == 1);
    core.apply("s", flow(end("192.168.1.50", 40000, "00:11:22:33:44:03"), end("203.0.113.9", 443), "tls", 2 * day + 602));
    CHECK(core.alerts().size() == 2);
}

TEST_CASE("what belongs here, as a person said, is not new under a further address; anything else is") {
    Core core{{}, signatures()};
    core.apply("s", appears("00:11:22:33:44:01", 0));
    core.apply("s", appears("b8:27:eb:00:00:23", 2 * day));
    REQUIRE(core.alerts().size() == 1);
    // Its other card comes, is taken for the same device before it proves alive, and then speaks.
    const auto shows = [&core](const std::string& hardware, double seconds) {
        core.apply("s", probe("192.168.1.51", "192.168.1.1", 53, seconds));
        AddressBinding binding = appears(hardware, seconds);
        binding.source = "arp";
        core.apply("s", binding);
    };
    REQUIRE(core.household().trust_device("b8:27:eb:00:00:23", true, at(2 * day + 10)).empty());
    for (const std::string hardware : {"b8:27:eb:00:00:24", "b8:27:eb:00:00:25"}) shows(hardware, 3 * day);
    REQUIRE(core.household().merge_devices("b8:27:eb:00:00:23", "b8:27:eb:00:00:24", at(3 * day + 1)).empty());
    for (const std::string hardware : {"b8:27:eb:00:00:24", "b8:27:eb:00:00:25"})
        core.apply("s", appears(hardware, 3 * day + 5));
    const auto told = alerts(core, "new-device");
    REQUIRE(told.size() == 2);
    CHECK(told[1].device.mac == mac("b8:27:eb:00:00:25"));
}
