// One device, many addresses: joined where that is sure enough, suggested where it is likely, and a person's word above all.
#include "analyzer/household.hpp"
#include "analyzer/household/host_name.hpp"
#include "home.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace linnet;
using namespace linnet::test;

namespace {

const char* const first_mac = "5a:11:00:00:00:01";
const char* const second_mac = "ba:22:00:00:00:02";
const char* const third_mac = "e6:33:00:00:00:03";
const char* const wifi_mac = "98:e7:43:3a:77:10";
const char* const cable_mac = "00:11:22:33:44:55";

DeviceHint hint(const char* who, const char* source, const char* key, const std::string& value, double seconds) {
    return {at(seconds), mac(who), {}, source, key, value};
}

/// What a telephone says when it comes home.
void join_network(Core& core, const char* who, const char* name, const char* address, double seconds,
                  const char* list = "1,3,6,15,26,28,51,58,59,43") {
    core.apply("s", hint(who, "dhcp", "parameter-list", list, seconds));
    core.apply("s", hint(who, "dhcp", "hostname", name, seconds));
    core.apply("s", AddressBinding{at(seconds), mac(who), ip(address), "dhcp"});
}

void use(Core& core, const char* who, const char* address, double from, double to) {
    for (double t = from; t <= to; t += 30)
        core.apply("s", flow(end(address, 40000, who), end("203.0.113.9", 443, "00:aa:bb:cc:dd:ee"), "tls", t));
}

Device named(const Core& core, const std::string& key) {
    for (auto& device : core.devices())
        if (device.key == key) return device;
    FAIL("no device ", key);
    return {};
}

bool tells(const Device& device, const std::string& event, const std::string& part) {
    return std::any_of(device.history.begin(), device.history.end(), [&](const HistoryEntry& entry) {
        return entry.event == event && entry.text.find(part) != std::string::npos;
    });
}

constexpr double hour = 3600;

}  // namespace

TEST_CASE("how much a host name tells") {
    for (const char* name : {"iPhone", "iPad", "Galaxy-S21", "android-dhcp-14", "raspberrypi", "HS100(EU)", "localhost",
                             "Pixel-7-Pro", "MacBook-Pro", "esp", "OpenWrt", "", "x"}) {
        CAPTURE(name);
        CHECK(telling(name) == Telling::common);
    }
    for (const char* name : {"annas-phone", "Annas-iPhone", "hall-camera", "study-laptop.local", "Küche"}) {
        CAPTURE(name);
        CHECK(telling(name) == Telling::given);
    }
    for (const char* name : {"DESKTOP-M3JAMSQ", "ESP_07AEFB", "android-3f2a9c1d8e", "shellyplug-s-1A2B3C"}) {
        CAPTURE(name);
        CHECK(telling(name) == Telling::unique);
    }
    CHECK(comparable("Hall-Camera.home.example") == "hall-camera");
    CHECK(comparable("HS100(EU)") == "hs100");
}

TEST_CASE("a telephone with a new random MAC every day is one device, and its history says why") {
    Core core{{}, signatures()};
    join_network(core, first_mac, "annas-phone", "192.168.1.101", 0);
    use(core, first_mac, "192.168.1.101", 0, 300);
    join_network(core, second_mac, "annas-phone", "192.168.1.102", 24 * hour);
    use(core, second_mac, "192.168.1.102", 24 * hour, 24 * hour + 300);
    join_network(core, third_mac, "annas-phone", "192.168.1.103", 48 * hour);
    REQUIRE(core.devices().size() == 1);
    const Device phone = core.devices()[0];
    CHECK(phone.key == first_mac);
    CHECK(phone.macs == std::vector{mac(first_mac), mac(second_mac), mac(third_mac)});
    CHECK(phone.first_seen == at(0));
    CHECK(phone.last_seen == at(48 * hour));
    CHECK(std::find(phone.ips.begin(), phone.ips.end(), ip("192.168.1.103")) != phone.ips.end());
    CHECK(tells(phone, "joined", "both call themselves annas-phone, and both ask for an address in the same way"));
    CHECK(tells(phone, "joined", third_mac));

    // What the third address does from now on is the telephone's.
    core.apply("s", login(end("192.168.1.103", 1, third_mac), end("203.0.113.9", 21), Service::ftp, "anna", 48 * hour));
    REQUIRE(alerts(core, "cleartext-login").size() == 1);
    CHECK(alerts(core, "cleartext-login")[0].device.mac == mac(first_mac));
    CHECK(alerts(core, "cleartext-login")[0].device.name == "annas-phone");
}

TEST_CASE("what becomes of a merge is told once: who is no more, and who it is now") {
    Core core{{}, signatures()};
    join_network(core, first_mac, "annas-phone", "192.168.1.101", 0);
    core.apply("s", AddressBinding{at(hour), mac(second_mac), ip("192.168.1.102"), "dhcp"});
    core.take_changes();
    join_network(core, second_mac, "annas-phone", "192.168.1.102", hour);
    const auto changes = core.take_changes();
    CHECK(changes.gone == std::vector<std::string>{second_mac});
    REQUIRE(changes.devices.size() == 1);
    CHECK(changes.devices[0].key == first_mac);
}

TEST_CASE("two telephones of one model and one name are two: neither its name nor its ways tell them apart") {
    Core core{{}, signatures()};
    join_network(core, first_mac, "iPhone", "192.168.1.101", 0);
    join_network(core, second_mac, "iPhone", "192.168.1.102", 10);
    join_network(core, third_mac, "Galaxy-S21", "192.168.1.103", 20);
    CHECK(core.devices().size() == 3);
    CHECK(named(core, first_mac).suggestions.empty());
}

TEST_CASE("two of one name that are heard at once are two, also where that shows only later") {
    Core core{{}, signatures()};
    join_network(core, first_mac, "kids-tablet", "192.168.1.101", 0);
    use(core, first_mac, "192.168.1.101", 0, 60);
    join_network(core, second_mac, "kids-tablet", "192.168.1.102", hour);
    REQUIRE(core.devices().size() == 1);
    for (double t = hour; t < hour + 300; t += 30) {
        use(core, first_mac, "192.168.1.101", t, t);
        use(core, second_mac, "192.168.1.102", t + 15, t + 15);
    }
    REQUIRE(core.devices().size() == 2);
    CHECK(tells(named(core, first_mac), "split", "were heard at the same time"));
    CHECK(tells(named(core, second_mac), "split", "were heard at the same time"));
    CHECK(named(core, second_mac).ips == std::vector{ip("192.168.1.102")});
    join_network(core, second_mac, "kids-tablet", "192.168.1.102", 24 * hour);  // once bitten
    CHECK(core.devices().size() == 2);
}

TEST_CASE("a computer with Wi-Fi and a cable is one device where a number says so, at the same time or not") {
    Core core{{}, signatures()};
    const std::string duid = "00046af1d2c3b4a5968778695a4b3c2d1e0f";
    core.apply("s", hint(cable_mac, "dhcp", "client-id", "ff33445566" + duid, 0));
    core.apply("s", hostname(cable_mac, "attic-desktop", 0));
    core.apply("s", hostname(wifi_mac, "attic-desktop", 30));
    use(core, cable_mac, "192.168.1.10", 0, 300);
    use(core, wifi_mac, "192.168.1.11", 30, 300);
    CHECK(core.devices().size() == 2);
    core.apply("s", hint(wifi_mac, "dhcpv6", "duid", duid, 301));
    REQUIRE(core.devices().size() == 1);
    CHECK(tells(core.devices()[0], "joined", "identify themselves to the DHCP server with the same number"));
    use(core, cable_mac, "192.168.1.10", 300, 900);
    use(core, wifi_mac, "192.168.1.11", 310, 900);
    CHECK(core.devices().size() == 1);
}

TEST_CASE("copies of one virtual machine have its number, too: heard at once and without a common name they are two") {
    Core core{{}, signatures()};
    const std::string duid = "00046af1d2c3b4a5968778695a4b3c2d1e0f";
    core.apply("s", hint(cable_mac, "dhcpv6", "duid", duid, 0));
    core.apply("s", hint(wifi_mac, "dhcpv6", "duid", duid, 10));
    CHECK(core.devices().size() == 1);
    for (double t = 20; t < 320; t += 30) {
        use(core, cable_mac, "192.168.1.10", t, t);
        use(core, wifi_mac, "192.168.1.11", t + 15, t + 15);
    }
    CHECK(core.devices().size() == 2);
}

TEST_CASE("a name that two cards announce at once by mDNS is one computer's; a repeater's many names join nobody") {
    Core core{{}, signatures()};
    use(core, cable_mac, "192.168.1.10", 0, 300);
    use(core, wifi_mac, "192.168.1.11", 0, 300);
    core.apply("s", hint(cable_mac, "mdns", "hostname", "attic-store", 300));
    core.apply("s", hint(wifi_mac, "mdns", "hostname", "attic-store", 300));
    CHECK(core.devices().size() == 1);

    Core other{{}, signatures()};
    use(other, cable_mac, "192.168.1.10", 0, 300);
    use(other, wifi_mac, "192.168.1.11", 0, 300);
    other.apply("s", hint(wifi_mac, "mdns", "hostname", "hall-display", 299));
    other.apply("s", hint(cable_mac, "mdns", "hostname", "attic-store", 300));
    other.apply("s", hint(wifi_mac, "mdns", "hostname", "attic-store", 300));
    CHECK(other.devices().size() == 2);
}

TEST_CASE("what is likely is suggested, and a person decides") {
    Core core{{}, signatures()};
    core.apply("s", hint(first_mac, "dhcp", "hostname", "annas-phone", 0));
    core.apply("s", hint(second_mac, "dhcp", "hostname", "annas-phone", hour));
    REQUIRE(core.devices().size() == 2);
    REQUIRE(named(core, second_mac).suggestions.size() == 1);
    CHECK(named(core, second_mac).suggestions[0].key == first_mac);
    CHECK(named(core, second_mac).suggestions[0].confidence == 70);
    CHECK(named(core, second_mac).suggestions[0].why == "both call themselves annas-phone");
    CHECK(named(core, first_mac).suggestions.size() == 1);

    SUBCASE("they are one") {
        CHECK(core.household().merge_devices(second_mac, first_mac, at(2 * hour)).empty());
        REQUIRE(core.devices().size() == 1);
        CHECK(core.devices()[0].suggestions.empty());
        CHECK(tells(core.devices()[0], "joined", "so you said"));
        CHECK(core.household().undo(first_mac, at(3 * hour)).empty());
        CHECK(core.devices().size() == 2);
        CHECK(core.household().undo(first_mac, at(3 * hour)).empty());
        CHECK(core.devices().size() == 1);
    }
    SUBCASE("they are two, whatever comes") {
        CHECK(core.household().split_device(first_mac, second_mac, at(2 * hour)).empty());
        CHECK(named(core, first_mac).suggestions.empty());
        join_network(core, second_mac, "annas-phone", "192.168.1.102", 24 * hour);
        join_network(core, first_mac, "annas-phone", "192.168.1.101", 48 * hour);
        CHECK(core.devices().size() == 2);
    }
}

TEST_CASE("a person's words win, whatever the device says of itself, and move with it") {
    Core core{{}, signatures()};
    join_network(core, second_mac, "annas-phone", "192.168.1.102", 0);
    auto& household = core.household();
    CHECK(household.name_device(second_mac, {"Anna's telephone", "phone", std::nullopt}, at(1)).empty());
    core.apply("s", hostname(second_mac, "new-name", 2));
    CHECK(named(core, second_mac).name == "Anna's telephone");
    CHECK(named(core, second_mac).hostname == "new-name");
    CHECK(named(core, second_mac).kind == "phone");
    CHECK(tells(named(core, second_mac), "named", "You said: name Anna's telephone, kind phone."));
    // Its key stays, too, although the other was here first.
    join_network(core, first_mac, "annas-phone", "192.168.1.101", hour);
    REQUIRE(core.devices().size() == 1);
    CHECK(core.devices()[0].key == second_mac);
    CHECK(core.devices()[0].name == "Anna's telephone");
    CHECK(household.name_device(first_mac, {"", std::nullopt, std::nullopt}, at(hour + 1)).empty());  // any of its addresses
    CHECK(core.devices()[0].name == "new-name");
    CHECK(household.undo(second_mac, at(hour + 2)).empty());
    CHECK(core.devices()[0].name == "Anna's telephone");

    CHECK(household.name_device("00:00:00:00:00:99", {"x", {}, {}}, at(0)) == "There is no such device.");
    CHECK_FALSE(household.name_device(second_mac, {std::string(300, 'x'), {}, {}}, at(0)).empty());
    CHECK_FALSE(household.name_device(second_mac, {"a\nb", {}, {}}, at(0)).empty());
    CHECK_FALSE(household.name_device(second_mac, {"\xff", {}, {}}, at(0)).empty());
    CHECK_FALSE(household.name_device(second_mac, {}, at(0)).empty());
    CHECK_FALSE(household.merge_devices(second_mac, first_mac, at(0)).empty());
    CHECK_FALSE(household.split_device(second_mac, "192.168.1.77", at(0)).empty());
}

TEST_CASE("all of it outlives a restart, and so does what follows from it") {
    const auto shared = signatures();
    Core before{{}, shared};
    join_network(before, first_mac, "annas-phone", "192.168.1.101", 0);
    join_network(before, second_mac, "annas-phone", "192.168.1.102", 24 * hour);
    before.household().name_device(first_mac, {"Anna's telephone", {}, {}}, at(24 * hour));
    Core after{{}, shared};
    before.save_changes([&after](StateRow&& row) { after.restore(row); });
    CHECK(after.damaged_rows() == 0);
    for (Core* core : {&before, &after}) {
        use(*core, second_mac, "192.168.1.102", 24 * hour + 60, 24 * hour + 300);
        join_network(*core, third_mac, "annas-phone", "192.168.1.103", 48 * hour);
    }
    CHECK(view(before) == view(after));
    CHECK(after.devices().size() == 1);
    CHECK(after.devices()[0].name == "Anna's telephone");
}

TEST_CASE("what a router carries is not the router's: each address is a device; its own stay with it") {
    const char* const router = "00:aa:bb:cc:dd:ee";
    Core core{{}, signatures()};
    core.apply("s", AddressBinding{at(0), mac(router), ip("10.0.0.1"), "arp"});
    for (int round = 0; round < 3; ++round)
        for (const char* host : {"10.0.7.10", "10.0.7.11", "10.0.7.12", "10.0.7.13"})
            core.apply("s", flow(end(host, 40000, router), end("10.0.0.9", 80, cable_mac), "http", round * 10));
    CHECK(named(core, router).ips == std::vector{ip("10.0.0.1")});
    CHECK(tells(named(core, router), "router", "carries the packets of several others"));
    for (const char* host : {"10.0.7.10", "10.0.7.11", "10.0.7.12", "10.0.7.13"}) CHECK(named(core, host).ips.size() == 1);
    // An alert is about the one behind, not the router.
    core.apply("s", login(end("10.0.7.11", 1, router), end("203.0.113.9", 21), Service::ftp, "user", 40));
    REQUIRE(alerts(core, "cleartext-login").size() == 1);
    CHECK(alerts(core, "cleartext-login")[0].device.ip == ip("10.0.7.11"));
    // One that changes its address, even twice, is no router.
    for (const char* host : {"10.0.0.20", "10.0.0.21", "10.0.0.22"}) use(core, wifi_mac, host, 50, 100);
    CHECK(named(core, wifi_mac).ips.size() == 3);
}

TEST_CASE("away after a while of silence, later where it sleeps in a rhythm, and no flapping") {
    Core core{{}, signatures()};
    const auto wake = [&core](const char* who, double seconds) {
        core.apply("s", AddressBinding{at(seconds), mac(who), ip(who == first_mac ? "192.168.1.5" : "192.168.1.6"), "arp"});
    };
    wake(first_mac, 0);
    wake(second_mac, 1700);
    CHECK_FALSE(named(core, first_mac).away);
    core.take_changes();
    wake(second_mac, 1900);
    CHECK(named(core, first_mac).away);
    const auto changes = core.take_changes();
    CHECK(std::any_of(changes.devices.begin(), changes.devices.end(),
                      [](const Device& device) { return device.key == first_mac && device.away; }));
    wake(first_mac, 2700);  // so soon: it had been asleep
    wake(second_mac, 2700 + 3000);
    CHECK_FALSE(named(core, first_mac).away);
    wake(second_mac, 2700 + 3700);
    CHECK(named(core, first_mac).away);
    // A sensor that wakes up every two hours, give or take some minutes.
    double now = 10 * hour;
    for (int i = 0; i < 12; ++i) wake(first_mac, now += 2 * hour + (i % 3) * 120);
    wake(second_mac, now + 1.9 * hour);
    CHECK_FALSE(named(core, first_mac).away);
    wake(second_mac, now + 8 * hour);
    CHECK(named(core, first_mac).away);
}
