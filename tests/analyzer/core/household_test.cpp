#include "analyzer/household.hpp"

#include "home.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace linnet;
using namespace linnet::test;

namespace {

const char* const laptop_mac = "00:11:22:33:44:55";
const char* const camera_mac = "b8:27:eb:00:00:23";
const char* const router_mac = "00:aa:bb:cc:dd:ee";

std::vector<std::string> keys(const Core& core) {
    std::vector<std::string> keys;
    for (const auto& device : core.devices()) keys.push_back(device.key);
    return keys;
}

Device only_device(const Core& core) {
    REQUIRE(core.devices().size() == 1);
    return core.devices()[0];
}

}  // namespace

TEST_CASE("what is local: private, unique-local, link-local and --home; never a group") {
    const Locality home{{IpPrefix::parse("2001:db8::/32").value()}, false};
    for (const char* text :
         {"192.168.1.1", "10.0.0.1", "172.16.0.1", "169.254.1.1", "fd00::1", "fe80::1", "2001:db8:1::1", "127.0.0.1"}) {
        CAPTURE(text);
        CHECK(home.at_home(ip(text)));
    }
    for (const char* text : {"203.0.113.9", "2001:470::1", "224.0.0.251", "255.255.255.255", "0.0.0.0", "::", "ff02::1"}) {
        CAPTURE(text);
        CHECK_FALSE(home.at_home(ip(text)));
    }
}

TEST_CASE("two strangers are local where the capture was not made in a home, beside a home address they are not") {
    const Locality lenient{{}, true}, strict{{}, false};
    CHECK(lenient.is_local(ip("203.0.113.9"), ip("198.51.100.7")));
    CHECK_FALSE(strict.is_local(ip("203.0.113.9"), ip("198.51.100.7")));
    CHECK_FALSE(lenient.is_local(ip("203.0.113.9"), ip("192.168.1.1")));
    CHECK_FALSE(lenient.is_local(ip("224.0.0.251"), ip("198.51.100.7")));
}

TEST_CASE("a conversation with the outside shows one device: the gateway's MAC at the other end is not the stranger's") {
    Core core{{}, signatures()};
    core.apply("s", flow(end("192.168.1.10", 40000, laptop_mac), end("203.0.113.9", 443, router_mac)));
    const Device device = only_device(core);
    CHECK(device.key == laptop_mac);
    CHECK(device.ips == std::vector{ip("192.168.1.10")});
}

TEST_CASE("where the capture has no MAC, the local address is the device") {
    Core core{{}, signatures()};
    core.apply("s", flow(end("192.168.1.10", 40000), end("192.168.1.23", 80)));
    CHECK(keys(core) == std::vector<std::string>{"192.168.1.10", "192.168.1.23"});
    CHECK(core.devices()[0].name == "192.168.1.10");
}

TEST_CASE("two ends with one MAC tell nothing of who is who: the addresses are the devices") {
    Core core{{}, signatures()};
    core.apply("s", flow(end("192.168.1.10", 40000, router_mac), end("192.168.1.23", 80, router_mac)));
    CHECK(keys(core) == std::vector<std::string>{"192.168.1.10", "192.168.1.23"});
}

TEST_CASE("addresses inside a tunnel that nobody answered are no devices; who floods with them is one, by its MAC") {
    Core core{{}, signatures()};
    auto forged = flow(end("10.20.30.40", 4000), end("10.50.60.70", 4000));
    forged.proto = Proto::udp;
    forged.tunnelled = true;
    forged.packets_to_client = 0;
    core.apply("s", forged);
    auto knock = probe("10.20.30.41", "10.50.60.70", 4000, 0, ProbeKind::udp);
    knock.tunnelled = true;
    core.apply("s", knock);
    CHECK(keys(core).empty());
    core.apply("s", Burst{.at = at(1),
                          .mac = mac(camera_mac),
                          .source = ip("192.168.1.23"),
                          .target = ip("198.51.100.80"),
                          .kind = BurstKind::gre,
                          .packets = 118});
    CHECK(keys(core) == std::vector<std::string>{camera_mac});
}

TEST_CASE("addresses inside a tunnel are devices once somebody answers; without a tunnel nobody need answer") {
    Core core{{}, signatures()};
    auto tunnelled = flow(end("10.20.30.40", 4000), end("10.50.60.70", 23));
    tunnelled.tunnelled = true;
    core.apply("s", tunnelled);
    auto ping = probe("10.20.30.41", "10.50.60.71", 0, 1, ProbeKind::icmp_echo, ProbeOutcome::answered);
    ping.tunnelled = true;
    core.apply("s", ping);
    core.apply("s", probe("192.168.1.66", "192.168.1.1", 23, 2));
    CHECK(keys(core) == std::vector<std::string>{"10.20.30.40", "10.20.30.41", "10.50.60.70", "192.168.1.66"});
}

TEST_CASE("group MACs, group addresses and an answer that never came are no devices") {
    Core core{{}, signatures()};
    auto announcement = flow(end("192.168.1.10", 5353, laptop_mac), end("224.0.0.251", 5353, "01:00:5e:00:00:fb"), "mdns");
    announcement.packets_to_client = 0;
    core.apply("s", announcement);
    auto silence = flow(end("192.168.1.10", 40000, laptop_mac), end("192.168.1.99", 53, router_mac));
    silence.proto = Proto::udp;
    silence.packets_to_client = 0;
    core.apply("s", silence);
    core.apply("s", AddressBinding{at(0), mac("ff:ff:ff:ff:ff:ff"), ip("192.168.1.7"), "arp"});
    core.apply("s", AddressBinding{at(0), mac("00:00:00:00:00:00"), ip("192.168.1.7"), "arp"});
    core.apply("s", AddressBinding{at(0), mac(router_mac), ip("0.0.0.0"), "arp"});
    CHECK(keys(core) == std::vector<std::string>{laptop_mac});
}

TEST_CASE("bindings and conversations collect a device's addresses, oldest first and at most 16") {
    Core core{{}, signatures()};
    core.apply("s", AddressBinding{at(0), mac(camera_mac), ip("192.168.1.23"), "dhcp"});
    core.apply("s", flow(end("fe80::23", 40000, camera_mac), end("fe80::1", 80, router_mac)));
    CHECK(core.devices()[1].ips == std::vector{ip("192.168.1.23"), ip("fe80::23")});
    for (std::uint32_t i = 0; i < 20; ++i)
        core.apply("s", AddressBinding{at(1), mac(camera_mac), IpAddress::v4(0x0a000000 + i), "arp"});
    CHECK(core.devices()[1].ips.size() == 16);
    CHECK(core.devices()[1].ips.back() == ip("10.0.0.19"));
}

TEST_CASE("a device is called by its host name, else by its maker, else by its address") {
    Core core{{}, signatures()};
    core.apply("s", AddressBinding{at(0), mac(camera_mac), ip("192.168.1.23"), "arp"});
    CHECK(only_device(core).name == "Raspberry Pi 00:23");
    CHECK(only_device(core).maker == "Raspberry Pi");
    core.apply("s", hostname(camera_mac, "hall-camera"));
    CHECK(only_device(core).name == "hall-camera");
    CHECK(only_device(core).hostname == "hall-camera");

    Core other{{}, signatures()};
    other.apply("s", hostname(laptop_mac, ""));
    CHECK(only_device(other).name == laptop_mac);
    other.apply("s", AddressBinding{at(0), mac(laptop_mac), ip("fe80::5"), "arp"});
    other.apply("s", AddressBinding{at(0), mac(laptop_mac), ip("192.168.1.10"), "arp"});
    other.apply("s", AddressBinding{at(0), mac(laptop_mac), ip("fd00::5"), "arp"});
    CHECK(only_device(other).name == "192.168.1.10");  // people know IPv4
}

TEST_CASE("an alert says maker and model behind the name, as far as the name does not say them, and once") {
    const auto first_words = [](const std::string& host_name) {
        Core core{{}, signatures()};
        core.apply("s", AddressBinding{at(0), mac(camera_mac), ip("192.168.1.23"), "arp"});
        if (!host_name.empty()) core.apply("s", hostname(camera_mac, host_name));
        core.apply("s", login(end("192.168.1.23", 40000, camera_mac), end("203.0.113.9", 21), Service::ftp, "anna", 1));
        REQUIRE(core.alerts().size() == 1);
        CHECK(core.alerts()[0].meaning.find("Raspberry") == std::string::npos);
        CHECK(core.alerts()[0].advice.find("Raspberry") == std::string::npos);
        return core.alerts()[0].happened.substr(0, core.alerts()[0].happened.find(" sent "));
    };
    CHECK(first_words("hall-camera") == "hall-camera (Raspberry Pi)");
    CHECK(first_words("Raspberry Pi") == "Raspberry Pi");
    CHECK(first_words("") == "Raspberry Pi 00:23");
}

TEST_CASE("a random MAC is marked and has no maker") {
    Core core{{}, signatures()};
    core.apply("s", AddressBinding{at(0), mac("ba:27:eb:00:00:23"), ip("192.168.1.23"), "arp"});
    CHECK(only_device(core).randomized_mac);
    CHECK(only_device(core).maker.empty());
    CHECK(only_device(core).name == "192.168.1.23");
}

TEST_CASE(
    "presence is from the first to the last event, also where they come out of order; bytes are added at a flow's end") {
    Core core{{}, signatures()};
    auto conversation = flow(end("192.168.1.10", 40000, laptop_mac), end("203.0.113.9", 443, router_mac), "tls", 100);
    core.apply("s", conversation);
    CHECK(only_device(core).bytes_sent == 0);
    conversation.stage = FlowStage::end;
    conversation.last_seen = at(200);
    core.apply("s", conversation);
    core.apply("s", AddressBinding{at(50), mac(laptop_mac), ip("192.168.1.10"), "arp"});
    CHECK(only_device(core).first_seen == at(50));
    CHECK(only_device(core).last_seen == at(200));
    CHECK(only_device(core).bytes_sent == 500);
    CHECK(only_device(core).bytes_received == 700);
    conversation.bytes_to_server = ~0ULL;
    core.apply("s", conversation);
    CHECK(only_device(core).bytes_sent == ~0ULL);  // full, not around the corner
}

TEST_CASE("a full household loses the device that was not seen for longest") {
    Core core{{.max_devices = 2}, signatures()};
    core.apply("s", AddressBinding{at(0), mac(laptop_mac), ip("192.168.1.10"), "arp"});
    core.apply("s", AddressBinding{at(1), mac(camera_mac), ip("192.168.1.23"), "arp"});
    core.apply("s", AddressBinding{at(2), mac(laptop_mac), ip("192.168.1.10"), "arp"});
    core.apply("s", AddressBinding{at(3), mac(router_mac), ip("192.168.1.1"), "arp"});
    CHECK(keys(core) == std::vector<std::string>{laptop_mac, router_mac});
}

TEST_CASE("changes name each device once, in its newest form, in the order of the first change") {
    Core core{{}, signatures()};
    core.apply("s", AddressBinding{at(0), mac(laptop_mac), ip("192.168.1.10"), "arp"});
    core.apply("s", AddressBinding{at(1), mac(camera_mac), ip("192.168.1.23"), "arp"});
    core.apply("s", hostname(laptop_mac, "laptop", 2));
    const auto changes = core.take_changes();
    REQUIRE(changes.devices.size() == 2);
    CHECK(changes.devices[0].name == "laptop");
    CHECK(changes.devices[1].key == camera_mac);
    CHECK(core.take_changes().devices.empty());
}
