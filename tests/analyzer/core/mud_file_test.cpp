#include "analyzer/mud_file.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <vector>

using namespace linnet;

namespace {

/// A file with these entries in its one from-device list and its one to-device list.
std::string file(const std::string& from, const std::string& to = "", const std::string& type = "ipv4-acl-type") {
    return fmt::format(R"({{"ietf-mud:mud": {{"mud-version": 1, "mud-url": "https://example.com/lamp", "systeminfo": "Lamp",
        "last-update": "2026-01-01T00:00:00Z", "cache-validity": 48, "is-supported": true,
        "from-device-policy": {{"access-lists": {{"access-list": [{{"name": "fr"}}]}}}},
        "to-device-policy": {{"access-lists": {{"access-list": [{{"name": "to"}}]}}}}}},
        "ietf-access-control-list:acls": {{"acl": [
            {{"name": "to", "type": "{2}", "aces": {{"ace": [{1}]}}}},
            {{"name": "fr", "type": "{2}", "aces": {{"ace": [{0}]}}}}]}}}})",
                       from, to, type);
}

std::string entry(const std::string& matches, const std::string& action = "accept") {
    return fmt::format(R"({{"name": "e", "matches": {{{}}}, "actions": {{"forwarding": "{}"}}}})", matches, action);
}

const std::string cloud = R"("ipv4": {"ietf-acldns:dst-dnsname": "Cloud.example.com", "protocol": 6},
    "tcp": {"destination-port": {"operator": "eq", "port": 443}, "ietf-mud:direction-initiated": "from-device"})";

MudFile good(const std::string& text) {
    auto parsed = parse_mud_file(text);
    const auto* wrong = std::get_if<std::string>(&parsed);
    REQUIRE_MESSAGE(wrong == nullptr, *wrong);
    return std::get<MudFile>(std::move(parsed));
}

std::string refused(const std::string& text) {
    const auto parsed = parse_mud_file(text);
    const auto* wrong = std::get_if<std::string>(&parsed);
    return wrong == nullptr ? "" : *wrong;
}

const std::vector<std::string> cloud_name{"cloud.example.com"};

MudConversation to_cloud() {
    return {.device_began = true,
            .proto = Proto::tcp,
            .peer = *IpAddress::parse("203.0.113.9"),
            .client_port = {40'000},
            .server_port = {443},
            .peer_names = cloud_name};
}

MudConversation from_neighbour(std::uint16_t port) {
    return {.device_began = false,
            .proto = Proto::tcp,
            .peer = *IpAddress::parse("192.168.1.5"),
            .client_port = {40'000},
            .server_port = {port},
            .peer_at_home = true,
            .peer_names = {}};
}

}  // namespace

TEST_CASE("a name, a protocol, a port and who begins: that conversation and no other") {
    const MudFile lamp = good(file(entry(cloud)));
    CHECK(lamp.url == "https://example.com/lamp");
    CHECK(lamp.system_info == "Lamp");
    REQUIRE(lamp.rules.size() == 1);
    CHECK(lamp.allows(to_cloud()));
    MudConversation other = to_cloud();
    other.server_port = {80};
    CHECK_FALSE(lamp.allows(other));
    other = to_cloud();
    other.proto = Proto::udp;
    CHECK_FALSE(lamp.allows(other));
    other = to_cloud();
    other.device_began = false;
    CHECK_FALSE(lamp.allows(other));
    other = to_cloud();
    other.peer = *IpAddress::parse("2001:db8::9");
    CHECK_FALSE(lamp.allows(other));
    const std::vector<std::string> elsewhere{"evil.example.net"};
    other = to_cloud();
    other.peer_names = elsewhere;
    CHECK_FALSE(lamp.allows(other));
}

TEST_CASE("an address whose names were not seen is given the benefit of the doubt only while names are not known") {
    const MudFile lamp = good(file(entry(cloud)));
    MudConversation nameless = to_cloud();
    nameless.peer_names = {};
    nameless.names_known = false;
    CHECK(lamp.allows(nameless));
    nameless.names_known = true;
    CHECK_FALSE(lamp.allows(nameless));
}

TEST_CASE("local networks, controllers and makers") {
    const auto local = [](const std::string& peer) {
        return entry(fmt::format(R"("ietf-mud:mud": {{{}}}, "ipv4": {{"protocol": 6}},
            "tcp": {{"destination-port": {{"lower-port": 80, "upper-port": 81}}, "ietf-mud:direction-initiated": "to-device"}})",
                                 peer));
    };
    for (const std::string peer : {R"("local-networks": [null])", R"("my-controller": [null])", R"("model": "https://a/b")",
                                   R"("manufacturer": "example.com")", R"("controller": "https://example.com/hub")"}) {
        CAPTURE(peer);
        const MudFile lamp = good(file("", local(peer)));
        CHECK(lamp.allows(from_neighbour(80)));
        CHECK(lamp.allows(from_neighbour(81)));
        CHECK_FALSE(lamp.allows(from_neighbour(82)));
        MudConversation stranger = from_neighbour(80);
        stranger.peer = *IpAddress::parse("203.0.113.9");
        stranger.peer_at_home = false;
        CHECK_FALSE(lamp.allows(stranger));
    }
    const MudFile lamp = good(file("", local(R"("same-manufacturer": [null])")));
    MudConversation neighbour = from_neighbour(80);
    CHECK(lamp.allows(neighbour));
    neighbour.peer_of_same_maker = false;
    CHECK_FALSE(lamp.allows(neighbour));
}

TEST_CASE("the urns of DNS and NTP are their ports, wherever the server is") {
    const MudFile lamp =
        good(file(entry(R"("ietf-mud:mud": {"controller": "urn:ietf:params:mud:dns"}, "ipv4": {"protocol": 17})")));
    MudConversation question = to_cloud();
    question.proto = Proto::udp;
    question.server_port = {53};
    CHECK(lamp.allows(question));
    question.server_port = {123};
    CHECK_FALSE(lamp.allows(question));
}

TEST_CASE("networks, and the first entry that matches decides") {
    const std::string network = R"("ipv4": {"destination-ipv4-network": "203.0.113.0/24"})";
    const MudFile lamp = good(file(entry(cloud, "drop") + "," + entry(network)));
    CHECK_FALSE(lamp.allows(to_cloud()));
    MudConversation other = to_cloud();
    other.server_port = {80};
    CHECK(lamp.allows(other));
    other.peer = *IpAddress::parse("198.51.100.1");
    CHECK_FALSE(lamp.allows(other));
}

TEST_CASE("entries about Ethernet say nothing about conversations") {
    const MudFile lamp = good(file(entry(R"("eth": {"ethertype": "0x888e"})")));
    CHECK(lamp.rules.empty());
    CHECK_FALSE(lamp.allows(to_cloud()));
}

TEST_CASE("what is not a MUD file, or says more than Linnet understands, is refused with a sentence") {
    CHECK(refused("") == "The file is not a JSON object.");
    CHECK(refused("[]") == "The file is not a JSON object.");
    CHECK(refused("{}") == "The file has no \"ietf-mud:mud\"; it is not a MUD file.");
    CHECK(refused(std::string(MudFile::max_bytes + 1, ' ')) == "The file is larger than 48 KiB.");
    CHECK(refused(R"({"ietf-mud:mud": )" + std::string(40'000, '[')) == "The file is not a JSON object.");
    CHECK(refused(R"({"ietf-mud:mud": {"mud-version": 2}})") == "\"mud-version\" is not 1.");
    CHECK(refused(R"({"ietf-mud:mud": {"mud-version": 1, "mud-url": "http://a"}})") ==
          "\"mud-url\" must begin with https://.");
    CHECK(refused(file(entry(R"("ipv4": {"dscp": 1})"))) == "\"ipv4\" has a condition that Linnet does not know: \"dscp\".");
    CHECK_FALSE(refused(file(entry(R"("tcp": {"destination-port": {"operator": "neq", "port": 1}})"))).empty());
    CHECK_FALSE(refused(file(entry(R"("tcp": {"destination-port": {"port": 65536}})"))).empty());
    CHECK_FALSE(refused(file(entry(R"("tcp": {"destination-port": {"lower-port": 1}})"))).empty());
    CHECK_FALSE(refused(file(entry(R"("ipv4": {"protocol": 17}, "tcp": {})"))).empty());
    CHECK_FALSE(refused(file(entry(R"("ipv4": {"ietf-acldns:src-dnsname": "a.example"})"))).empty());
    CHECK_FALSE(refused(file(entry(R"("ipv4": {"ietf-acldns:dst-dnsname": "not a name"})"))).empty());
    CHECK_FALSE(refused(file(entry(R"("ipv4": {"destination-ipv4-network": "2001:db8::/32"})"))).empty());
    CHECK_FALSE(refused(file(entry(R"("ipv4": 7)"))).empty());
    CHECK_FALSE(refused(file(entry(cloud, "mirror"))).empty());
    CHECK_FALSE(refused(file("7")).empty());
    std::string many = entry("");
    for (std::size_t i = 0; i < MudFile::max_rules; ++i) many += ",{\"matches\":{},\"actions\":{\"forwarding\":\"drop\"}}";
    CHECK(refused(file(many)) == "There are more than 512 entries.");
}

TEST_CASE("every shortening of a good file is refused, and none is a crash") {
    const std::string whole = file(entry(cloud), entry(R"("ipv6": {"ietf-acldns:src-dnsname": "a.example"}, "udp": {})"));
    CHECK(good(whole).rules.size() == 2);
    for (std::size_t size = 0; size + 1 < whole.size(); ++size) CHECK_FALSE(refused(whole.substr(0, size)).empty());
}

TEST_CASE("domain names") {
    CHECK(is_domain_name("a.example"));
    CHECK(is_domain_name("_dns.resolver-1.example.com"));
    CHECK_FALSE(is_domain_name("example"));
    CHECK_FALSE(is_domain_name("a..example"));
    CHECK_FALSE(is_domain_name(".example"));
    CHECK_FALSE(is_domain_name("a.example."));
    CHECK_FALSE(is_domain_name("A.example"));
    CHECK_FALSE(is_domain_name(std::string(64, 'a') + ".example"));
    CHECK_FALSE(is_domain_name(""));
}
