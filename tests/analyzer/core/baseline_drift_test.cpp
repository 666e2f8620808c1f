#include "analyzer/profiles.hpp"
#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace linnet;
using namespace linnet::test;

namespace {

constexpr double day = 86'400;
const std::string plug_mac = "00:11:22:33:44:10";
Endpoint plug(std::uint16_t port = 40'000) { return end("192.168.1.10", port, plug_mac); }
Endpoint phone(std::uint16_t port = 40'000) { return end("192.168.1.20", port, "00:11:22:33:44:20"); }
Endpoint outside(const std::string& address, std::uint16_t port) { return end(address, port, "00:11:22:33:44:01"); }

NameBinding name(const std::string& text, const std::string& address, double seconds, const Endpoint& client = plug()) {
    NameBinding answer;
    answer.at = at(seconds);
    answer.client = client;
    answer.resolver = end("192.168.1.1", 53, "00:11:22:33:44:01");
    answer.name = text;
    answer.type = 1;
    answer.addresses = {ip(address)};
    return answer;
}

Flow over(Flow flow) {
    flow.stage = FlowStage::end;
    return flow;
}

/// Ten days of a smart plug: its cloud at 443, and the telephone that calls its port 9999.
void ten_days(Core& core) {
    for (int n = 0; n < 10; ++n) {
        const double now = n * day;
        core.apply("s", name("api.plugs.example.com", "203.0.113.9", now));
        core.apply("s", over(flow(plug(), outside("203.0.113.9", 443), "tls", now)));
        core.apply("s", over(flow(phone(), plug(9999), "", now + 60)));
    }
}

std::vector<Alert> drifts(const Core& core) { return alerts(core, "baseline-drift"); }

const std::string mud = R"({"ietf-mud:mud": {"mud-version": 1, "mud-url": "https://plugs.example.com/plug.json",
    "from-device-policy": {"access-lists": {"access-list": [{"name": "fr"}]}}},
    "ietf-access-control-list:acls": {"acl": [{"name": "fr", "type": "ipv4-acl-type", "aces": {"ace": [{"name": "cloud",
        "matches": {"ipv4": {"ietf-acldns:dst-dnsname": "api.plugs.example.com", "protocol": 6},
                    "tcp": {"destination-port": {"operator": "eq", "port": 443}}},
        "actions": {"forwarding": "accept"}}]}}]}})";

}  // namespace

TEST_CASE(
    "a new domain on a new port is drift, told once; a new domain on a known port and a new port of a known one are not") {
    Core core{{}, signatures()};
    ten_days(core);
    core.apply("s", name("cdn.example.net", "198.51.100.7", 10 * day));
    core.apply("s", over(flow(plug(), outside("198.51.100.7", 443), "tls", 10 * day)));
    core.apply("s", name("mqtt.plugs.example.com", "198.51.100.8", 10 * day));
    core.apply("s", over(flow(plug(), outside("198.51.100.8", 8883), "mqtt", 10 * day)));
    CHECK(drifts(core).empty());
    core.apply("s", name("cnc.example.org", "192.0.2.66", 10 * day));
    core.apply("s", over(flow(plug(), outside("192.0.2.66", 6667), "irc", 10 * day)));
    core.apply("s", over(flow(plug(), outside("192.0.2.66", 6667), "irc", 10 * day + 60)));
    REQUIRE(drifts(core).size() == 1);
    const Alert alert = drifts(core)[0];
    CHECK(alert.severity == Severity::worth_knowing);
    CHECK(alert.count == 1);
    CHECK(alert.device.mac == mac(plug_mac));
    CHECK(alert.dest == ip("192.0.2.66"));
    CHECK(alert.evidence.at("peer") == "cnc.example.org");
    CHECK(alert.evidence.at("port") == 6667);
    CHECK(alert.evidence.at("known_since") == to_string(at(0)));
}

TEST_CASE("in the first week nothing is drift; nor where the device was there on two days only") {
    Core core{{}, signatures()};
    for (int n = 0; n < 7; ++n)
        core.apply("s", over(flow(plug(), outside("203.0.113.9", static_cast<std::uint16_t>(443 + n)), "", n * day)));
    CHECK(drifts(core).empty());
    Core seldom{{}, signatures()};
    seldom.apply("s", over(flow(plug(), outside("203.0.113.9", 443), "tls", 0)));
    seldom.apply("s", over(flow(plug(), outside("198.51.100.7", 6667), "irc", 9 * day)));
    CHECK(drifts(seldom).empty());
    seldom.apply("s", over(flow(plug(), outside("192.0.2.66", 6668), "irc", 10 * day)));
    CHECK(drifts(seldom).size() == 1);
}

TEST_CASE("a service that nobody used before, and a kind of service at home that the device never used") {
    Core core{{}, signatures()};
    ten_days(core);
    core.apply("s",
               over(flow(end("192.168.1.30", 40'000, "00:11:22:33:44:30"), plug(9999), "", 10 * day)));  // another caller
    Flow knock = over(flow(phone(), plug(23), "", 10 * day));
    knock.payload_to_server = 0;
    core.apply("s", knock);
    CHECK(drifts(core).empty());
    const Endpoint guest = end("192.168.1.30", 40'000, "00:11:22:33:44:30");
    core.apply("s", over(flow(guest, plug(2222), "ssh", 10 * day + 10)));
    core.apply("s", over(flow(plug(), phone(445), "smb", 10 * day + 20)));
    REQUIRE(drifts(core).size() == 2);
    CHECK(drifts(core)[0].evidence.at("way") == "service");
    CHECK(drifts(core)[0].happened.find("192.168.1.30 used a service of 192.168.1.10 on port 2222") == 0);
    CHECK(drifts(core)[1].evidence.at("way") == "home");  // new for both ends: told of the one that called
    CHECK(drifts(core)[1].device.mac == mac(plug_mac));
}

TEST_CASE("names, addresses and the time of day are everyday; so are broadcasts and what nobody answered") {
    Core core{{}, signatures()};
    ten_days(core);
    for (const unsigned port : {53U, 123U, 5353U, 1900U}) {
        Flow everyday = over(flow(plug(), outside("192.0.2.66", static_cast<std::uint16_t>(port)), "", 10 * day));
        everyday.proto = Proto::udp;
        core.apply("s", everyday);
    }
    Flow unanswered = over(flow(plug(), outside("192.0.2.66", 6667), "", 10 * day));
    unanswered.packets_to_client = 0;
    core.apply("s", unanswered);
    core.apply("s", over(flow(plug(), end("239.1.2.3", 6667), "", 10 * day)));
    CHECK(drifts(core).empty());
}

TEST_CASE("a telephone speaks with everybody and is not told of") {
    Core core{{}, signatures()};
    for (int n = 0; n < 10; ++n) {
        for (int host = 0; host < 4; ++host) {
            const auto address = fmt::format("198.51.{}.{}", n, host + 1);
            core.apply("s", name(fmt::format("www.site{}-{}.example", n, host), address, n * day, phone()));
            core.apply("s", over(flow(phone(), outside(address, 443), "tls", n * day)));
        }
    }
    core.apply("s", over(flow(phone(), outside("192.0.2.66", 6667), "irc", 10 * day)));
    CHECK(drifts(core).empty());
    CHECK(core.profiles().find(phone().mac)->general);
    CHECK(core.profiles().find(phone().mac)->habits.empty());
}

TEST_CASE("who uses many unprivileged ports may use another one") {
    for (const int ports : {7, 8}) {
        Core core{{}, signatures()};
        ten_days(core);
        for (int n = 0; n < ports; ++n)  // after the week, but to a host that is known
            core.apply("s", over(flow(plug(), outside("203.0.113.9", static_cast<std::uint16_t>(5000 + n)), "", 10 * day)));
        core.apply("s", over(flow(plug(), outside("192.0.2.66", 7000), "", 11 * day)));
        CHECK(drifts(core).size() == (ports == 7 ? 1 : 0));
    }
}

TEST_CASE("after a month of absence a device is learned anew") {
    Core core{{}, signatures()};
    ten_days(core);
    core.apply("s", over(flow(plug(), outside("192.0.2.66", 6667), "irc", 41 * day)));
    CHECK(drifts(core).empty());
    CHECK(core.profiles().find(plug().mac)->days == 1);
}

TEST_CASE("a year of a hundred busy devices stays bounded") {
    Core core{{}, signatures()};
    for (int n = 0; n < 365; ++n)
        for (int device = 0; device < 100; ++device) {
            const auto hardware = fmt::format("00:11:22:33:55:{:02x}", device);
            const auto from = end(fmt::format("192.168.1.{}", device + 10), 40'000, hardware);
            const auto to = fmt::format("198.51.{}.{}", n % 250, device + 1);
            core.apply("s", name(fmt::format("x{}.example{}.net", n, n % 30), to, n * day, from));
            core.apply("s", over(flow(from, outside(to, static_cast<std::uint16_t>(1000 + n)), "", n * day)));
            if (device == 0) core.take_changes();
        }
    for (int device = 0; device < 100; ++device) {
        const Profile* profile = core.profiles().find(mac(fmt::format("00:11:22:33:55:{:02x}", device)));
        REQUIRE(profile != nullptr);
        CHECK(profile->habits.size() <= Profile::max_habits);
    }
    CHECK(drifts(core).size() <= 400);
    std::size_t bytes = 0;
    core.save_changes([&bytes](StateRow&& row) { bytes += row.value ? row.value->size() : 0; });
    CHECK(bytes < 4'000'000);
}

TEST_CASE("an imported description decides: what it allows is quiet, what it does not is important, each once a day") {
    Core core{{}, signatures()};
    CHECK(core.profiles().import_mud(plug().mac, "{}") != "");
    CHECK(core.profiles().imported(plug().mac) == nullptr);
    REQUIRE(core.profiles().import_mud(plug().mac, mud) == "");
    core.apply("s", name("api.plugs.example.com", "203.0.113.9", 0));
    core.apply("s", over(flow(plug(), outside("203.0.113.9", 443), "tls", 0)));
    core.apply("s", name("api.plugs.example.com", "203.0.113.9", 5));
    core.apply("s", over(flow(plug(), outside("192.0.2.66", 443), "tls", 10)));  // its name may have been missed
    CHECK(drifts(core).empty());
    core.apply("s", over(flow(plug(), outside("203.0.113.9", 80), "http", 20)));
    core.apply("s", over(flow(plug(), outside("203.0.113.9", 80), "http", 30)));
    REQUIRE(drifts(core).size() == 1);
    Alert alert = drifts(core)[0];
    CHECK(alert.severity == Severity::important);
    CHECK(alert.count == 1);
    CHECK(alert.evidence.at("mud_url") == "https://plugs.example.com/plug.json");
    core.apply("s", over(flow(plug(), outside("192.0.2.66", 443), "tls", day + 10)));
    REQUIRE(drifts(core).size() == 1);
    CHECK(drifts(core)[0].count == 2);
    core.apply("s", over(flow(phone(), plug(9999), "", day + 20)));
    REQUIRE(drifts(core).size() == 2);
    CHECK(drifts(core)[1].evidence.at("way") == "mud-to");
    CHECK(core.profiles().remove_mud(plug().mac));
    CHECK_FALSE(core.profiles().remove_mud(plug().mac));
}

TEST_CASE("what was learned comes out as a description that allows exactly that") {
    Core core{{}, signatures()};
    Flow stun = over(flow(plug(), outside("198.51.100.7", 3478), "stun", 0));
    stun.proto = Proto::udp;
    core.apply("s", stun);
    ten_days(core);
    const Profile* learned = core.profiles().find(plug().mac);
    REQUIRE(learned != nullptr);
    CHECK(learned->habits.size() == 3);
    const Json file = to_mud_file(*learned, plug().mac, "");
    CHECK(file.at("ietf-mud:mud").at("mud-url") == "https://00-11-22-33-44-10.linnet.invalid/mud.json");
    CHECK(to_mud_file(*learned, plug().mac, "https://a.example/b").at("ietf-mud:mud").at("mud-url") ==
          "https://a.example/b");
    CHECK(dump(file).find("\"ietf-acldns:dst-dnsname\":\"api.plugs.example.com\"") != std::string::npos);
    CHECK(dump(file).find("\"destination-ipv4-network\":\"198.51.100.0/24\"") != std::string::npos);

    REQUIRE(core.profiles().import_mud(plug().mac, dump(file)) == "");
    ten_days(core);
    core.apply("s", stun);
    CHECK(drifts(core).empty());
    core.apply("s", over(flow(plug(), outside("203.0.113.9", 80), "http", 9 * day)));
    CHECK(drifts(core).size() == 1);
}

TEST_CASE("an import survives a restart") {
    Core core{{}, signatures()}, next{{}, signatures()};
    REQUIRE(core.profiles().import_mud(plug().mac, mud) == "");
    core.save_changes([&next](StateRow&& row) { next.restore(row); });
    REQUIRE(next.profiles().imported(plug().mac) != nullptr);
    CHECK(next.profiles().imported(plug().mac)->rules.size() == 1);
    CHECK(next.damaged_rows() == 0);
}

TEST_CASE("what names of one owner have in common") {
    CHECK(domain_of("b.a.example.com") == "example.com");
    CHECK(domain_of("example.com") == "example.com");
    CHECK(domain_of("b.a.example.co.uk") == "example.co.uk");
    CHECK(domain_of("www.example.de") == "example.de");
    CHECK(domain_of("co.uk") == "co.uk");
    CHECK(domain_of("host") == "host");
    CHECK(domain_of(".uk") == ".uk");
}
