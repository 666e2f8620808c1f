// ARP, DHCP, LLDP, SNMP and SIP: one packet at a time.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

Packet arp_packet(std::uint16_t operation, std::string_view sender_mac, std::string_view sender_ip) {
    Packet p;
    p.kind = PacketKind::arp;
    p.at = at(1);
    p.src_mac = mac(sender_mac);
    p.arp = {operation, mac(sender_mac), {}, ip(sender_ip), ip("192.168.1.1")};
    return p;
}

std::string option(unsigned code, std::string_view value) {
    return std::string{static_cast<char>(code), static_cast<char>(value.size())} + std::string{value};
}

struct DhcpFields {
    char operation = 1;
    std::string client_ip = "0.0.0.0", your_ip = "0.0.0.0";
    std::string server_name{}, file{};
};

/// RFC 2131, section 2, with the magic cookie of RFC 2132, section 2.
std::string dhcp_message(const DhcpFields& fields, const std::string& options) {
    const auto padded = [](std::string text, std::size_t size) {
        text.resize(size);
        return text;
    };
    return std::string{fields.operation, 1, 6, 0} + u32(0x12345678) + u16(0) + u16(0) + address(fields.client_ip) +
           address(fields.your_ip) + address("0.0.0.0") + address("0.0.0.0") + padded("\x02\x00\x00\x00\x00\x20"s, 16) +
           padded(fields.server_name, 64) + padded(fields.file, 128) + u32(0x63825363) + options;
}

Packet from_client(std::string_view payload) { return udp(1, {"0.0.0.0", 68}, {"255.255.255.255", 67}, payload); }
Packet from_server(std::string_view payload) { return udp(1, {"192.168.1.1", 67}, {"192.168.1.20", 68}, payload); }

std::map<std::string, std::string> hints_of(const Packet& packet) {
    std::map<std::string, std::string> hints;
    for (const auto& event : events_of(dhcp, packet)) {
        const auto& hint = std::get<DeviceHint>(event);
        CHECK(hint.source == "dhcp");
        CHECK(hint.mac == mac("02:00:00:00:00:20"));
        hints[hint.key] = hint.value;
    }
    return hints;
}

std::size_t bindings_in(const Packet& packet) {
    const auto events = events_of(dhcp, packet);
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(), [](const Event& event) { return std::holds_alternative<AddressBinding>(event); }));
}

/// What a server offers, as "key=value" in order.
std::vector<std::string> offers_in(const Packet& packet, const MacAddress& of, std::string_view from) {
    std::vector<std::string> offers;
    for (const auto& event : events_of(dhcp, packet)) {
        const auto* hint = std::get_if<DeviceHint>(&event);
        if (hint == nullptr) continue;
        CHECK(hint->source == "dhcp-server");
        CHECK(hint->mac == of);
        CHECK(hint->ip == ip(from));
        offers.push_back(hint->key + "=" + hint->value);
    }
    return offers;
}

/// SEQUENCE { version, community, PDU } (RFC 1157, section 4).
std::string snmp_message(char version, std::string_view community, char pdu) {
    const std::string rest = std::string{pdu, 2, 5, 0};
    const std::string body =
        std::string{2, 1, version, 4, static_cast<char>(community.size())} + std::string{community} + rest;
    return std::string{0x30, static_cast<char>(body.size())} + body;
}

}  // namespace

TEST_CASE("ARP: a request and a reply both say who has the sender's address") {
    for (const int operation : {1, 2}) {
        const auto events =
            events_of(arp, arp_packet(static_cast<std::uint16_t>(operation), "02:00:00:00:00:20", "192.168.1.20"));
        REQUIRE(events.size() == 1);
        CHECK(std::get<AddressBinding>(events[0]) ==
              AddressBinding{.at = at(1), .mac = mac("02:00:00:00:00:20"), .ip = ip("192.168.1.20"), .source = "arp"});
    }
}

TEST_CASE("ARP: what says nothing about who has which address") {
    SUBCASE("a probe before an address is taken (RFC 5227, section 2.1.1)") {
        CHECK(events_of(arp, arp_packet(1, "02:00:00:00:00:20", "0.0.0.0")).empty());
    }
    SUBCASE("a sender that is a group, or nobody") {
        CHECK(events_of(arp, arp_packet(2, "01:00:5e:00:00:01", "192.168.1.20")).empty());
        CHECK(events_of(arp, arp_packet(2, "00:00:00:00:00:00", "192.168.1.20")).empty());
    }
    SUBCASE("a sender other than who sent the frame") {
        auto packet = arp_packet(2, "02:00:00:00:00:20", "192.168.1.20");
        packet.src_mac = mac("02:00:00:00:00:66");
        CHECK(events_of(arp, packet).empty());
    }
    SUBCASE("other operations, and addresses that nobody has") {
        CHECK(events_of(arp, arp_packet(8, "02:00:00:00:00:20", "192.168.1.20")).empty());
        CHECK(events_of(arp, arp_packet(1, "02:00:00:00:00:20", "224.0.0.1")).empty());
        CHECK(events_of(arp, arp_packet(1, "02:00:00:00:00:20", "255.255.255.255")).empty());
    }
}

TEST_CASE("DHCP: what a client says about itself") {
    const auto message = dhcp_message(
        {}, option(53, "\x01") + option(12, "hall-camera") + option(60, "udhcp 1.19\0"sv) +
                option(55, "\x01\x03\x06\xFC"sv) + option(61, "\x01\x02\x00\x00\x00\x00\x20"sv) +
                option(50, "\xC0\xA8\x01\x14"sv) + option(81, "\x04\x00\x00\x03\x63\x61\x6D\x04home\x00"sv) + "\xFF");
    const auto packet = from_client(message);
    sweep(dhcp, packet);
    CHECK(hints_of(packet) == std::map<std::string, std::string>{{"hostname", "hall-camera"},
                                                                 {"vendor-class", "udhcp 1.19"},
                                                                 {"parameter-list", "1,3,6,252"},
                                                                 {"client-id", "01020000000020"},
                                                                 {"requested-address", "192.168.1.20"},
                                                                 {"fqdn", "cam.home"},
                                                                 {"options", "53,12,60,55,61,50,81"}});
}

TEST_CASE("DHCP: names from strangers are made harmless, in each form a name can have") {
    CHECK(hints_of(from_client(dhcp_message({}, option(53, "\x03") + option(12, "a\r\nb\xFF"))))["hostname"] ==
          "a\xEF\xBF\xBD\xEF\xBF\xBD"
          "b\xEF\xBF\xBD");
    CHECK(hints_of(from_client(dhcp_message({}, option(53, "\x03") + option(81, "\x00\x00\x00my-tv"sv))))["fqdn"] ==
          "my-tv");
    // RFC 3396: an option that comes twice is one option.
    CHECK(hints_of(from_client(dhcp_message(
              {}, option(53, "\x03") + option(12, "hall-") + option(12, "camera"))))["hostname"] == "hall-camera");
}

TEST_CASE("DHCP: options go on in the file and server name fields where option 52 says so (RFC 2132, section 9.3)") {
    const DhcpFields fields{.server_name = option(60, "toaster"), .file = option(12, "kitchen")};
    const auto both = hints_of(from_client(dhcp_message(fields, option(53, "\x01") + option(52, "\x03") + "\xFF")));
    CHECK(both == std::map<std::string, std::string>{
                      {"hostname", "kitchen"}, {"vendor-class", "toaster"}, {"options", "53,52,12,60"}});
    const auto file = hints_of(from_client(dhcp_message(fields, option(53, "\x01") + option(52, "\x01") + "\xFF")));
    CHECK(file == std::map<std::string, std::string>{{"hostname", "kitchen"}, {"options", "53,52,12"}});
    CHECK(hints_of(from_client(dhcp_message(fields, option(53, "\x01") + "\xFF"))) ==
          std::map<std::string, std::string>{{"options", "53"}});
}

TEST_CASE("DHCP: an acknowledgement binds the address to the client") {
    const auto message = dhcp_message({.operation = 2, .your_ip = "192.168.1.20"}, option(53, "\x05") + "\xFF");
    sweep(dhcp, from_server(message));
    const auto events = events_of(dhcp, from_server(message));
    REQUIRE(!events.empty());
    CHECK(std::get<AddressBinding>(events.back()) ==
          AddressBinding{.at = at(1), .mac = mac("02:00:00:00:00:20"), .ip = ip("192.168.1.20"), .source = "dhcp"});
}

TEST_CASE("DHCP: an offer and an acknowledgement say what the server gives, and to whom") {
    for (const char type : {'\x02', '\x05'}) {
        const auto message = dhcp_message({.operation = 2, .your_ip = "192.168.1.20"},
                                          option(53, std::string{type}) + option(54, address("192.168.1.2")) +
                                              option(1, address("255.255.255.0")) + option(3, address("192.168.1.1")) +
                                              option(6, address("192.168.1.2") + address("9.9.9.9") + "\x01") +
                                              option(51, u32(3600)) + "\xFF");
        auto packet = from_server(message);
        packet.src_mac = mac("02:00:00:00:00:02");
        sweep(dhcp, packet);
        CHECK(offers_in(packet, packet.src_mac, "192.168.1.2") ==
              std::vector<std::string>{"offered-network=192.168.1.0/24", "offered-router=192.168.1.1",
                                       "offered-resolver=192.168.1.2,9.9.9.9", "lease=3600",
                                       "offered-to=02:00:00:00:00:20"});
    }
}

TEST_CASE("DHCP: an offer without options; a mask with holes; a relay's own MAC address is nobody's") {
    const DhcpFields fields{.operation = 2, .your_ip = "192.168.1.20"};
    const auto bare = dhcp_message(fields, option(53, "\x02") + option(1, address("255.0.255.0")) + "\xFF");
    CHECK(offers_in(from_server(bare), {}, "192.168.1.1") == std::vector<std::string>{"offered-to=02:00:00:00:00:20"});
    auto relayed = bare;
    relayed.replace(24, 4, address("192.168.1.3"));
    auto packet = from_server(relayed);
    packet.src_mac = mac("02:00:00:00:00:03");
    CHECK(offers_in(packet, {}, "192.168.1.1").size() == 1);
}

TEST_CASE("DHCP: a client's MUD URL (RFC 8520, section 10)") {
    const std::string url = "https://example.com/lamp.json";
    CHECK(hints_of(from_client(dhcp_message({}, option(53, "\x01") + option(161, url)))) ==
          std::map<std::string, std::string>{{"mud-url", url}, {"options", "53,161"}});
}

TEST_CASE("DHCP: classes of users (RFC 3004) and of vendors (RFC 3925)") {
    const auto hints = [](unsigned code, std::string_view value) {
        auto told = hints_of(from_client(dhcp_message({}, option(53, "\x01") + option(code, value))));
        told.erase("options");
        return told;
    };
    using Told = std::map<std::string, std::string>;
    CHECK(hints(77, "\x04home\x05lobby") == Told{{"user-class", "home,lobby"}});
    CHECK(hints(77, "iPXE") == Told{{"user-class", "iPXE"}});
    CHECK(hints(124, "\x00\x00\x01\x37\x09\x04ring\x03two"sv) == Told{{"vendor-identifying", "311:ring,two"}});
    CHECK(hints(124, "\x00\x00\x01\x37\x09\x09short"sv).empty());
    CHECK(hints(124, "\x00\x00"sv).empty());
}

TEST_CASE("DHCP: the order of the options, each once; what comes in two parts stands where its first part does") {
    const auto message = dhcp_message(
        {}, option(53, "\x01") + option(12, "a") + std::string{'\0'} + option(57, "\x05\xDC") + option(12, "b"));
    CHECK(hints_of(from_client(message))["options"] == "53,12,57");
}

TEST_CASE("LLDP: the MUD URL, among other things that a device says (RFC 8520, section 12)") {
    const auto tlv = [](unsigned type, const std::string& value) {
        return u16(type << 9U | static_cast<unsigned>(value.size())) + value;
    };
    const std::string url = "https://example.com/lamp.json";
    const std::string before = tlv(1, "\x04\x02\x01\x02\x03\x04\x05") + tlv(127, "\x00\x12\x0F\x01!"s);
    const std::string mud = tlv(127, "\x00\x00\x5E\x01"s + url);
    const auto frame = [](std::string_view payload) {
        Packet p;
        p.kind = PacketKind::lldp;
        p.at = at(1);
        p.src_mac = mac("02:00:00:00:00:20");
        p.payload = bytes(payload);
        return p;
    };
    const std::string whole = before + mud + tlv(0, "");
    sweep(lldp, frame(whole));
    const auto events = events_of(lldp, frame(whole));
    REQUIRE(events.size() == 1);
    CHECK(std::get<DeviceHint>(events[0]) ==
          DeviceHint{
              .at = at(1), .mac = mac("02:00:00:00:00:20"), .ip = {}, .source = "lldp", .key = "mud-url", .value = url});
    CHECK(events_of(lldp, frame(before + tlv(0, "") + mud)).empty());
    CHECK(events_of(lldp, frame(tlv(127, "\x00\x00\x5E\x02"s + url) + tlv(127, "\x00\x00\x5E\x01"s))).empty());
}

TEST_CASE("DHCP: what binds nothing") {
    SUBCASE("an answer to INFORM, which has no address to give (RFC 2131, section 3.4)") {
        CHECK(bindings_in(from_server(dhcp_message({.operation = 2}, option(53, "\x05")))) == 0);
    }
    SUBCASE("an offer") {
        CHECK(bindings_in(from_server(dhcp_message({.operation = 2, .your_ip = "192.168.1.20"}, option(53, "\x02")))) == 0);
    }
    SUBCASE("an acknowledgement from a client's mouth") {
        CHECK(bindings_in(from_client(dhcp_message({.operation = 1, .your_ip = "192.168.1.20"}, option(53, "\x05")))) == 0);
    }
    SUBCASE("BOOTP without a message type, a wrong cookie, an option that runs over the end") {
        const DhcpFields ack{.operation = 2, .your_ip = "192.168.1.20"};
        CHECK(events_of(dhcp, from_server(dhcp_message(ack, "\xFF"))).empty());
        auto wrong_cookie = dhcp_message(ack, option(53, "\x05"));
        wrong_cookie[236] = 0;
        CHECK(events_of(dhcp, from_server(wrong_cookie)).empty());
        CHECK(events_of(dhcp, from_server(dhcp_message(ack, option(53, "\x05") + "\x0C\x10short"))).empty());
    }
}

TEST_CASE("SNMP: the community is the password; it is told of who asks, not of who answers") {
    const Side manager{"192.168.1.20", 40000}, agent{"192.168.1.30", 161};
    const auto message = snmp_message(1, "public", '\xA0');
    const auto get = udp(1, manager, agent, message);
    sweep(snmp, get);
    const auto events = events_of(snmp, get);
    REQUIRE(events.size() == 1);
    const auto& login = std::get<Login>(events[0]);
    CHECK(login.service == Service::snmp);
    CHECK(login.user.empty());
    CHECK(login.outcome == Outcome::unknown);
    CHECK(login.default_entry == the_signatures().defaults.match(Service::snmp, "", "public"));
    CHECK(login.default_entry != 0);
    CHECK(login.client.ip == ip(manager.ip));
    CHECK(login.server.port.number == 161);
    CHECK(events_of(snmp, udp(1, agent, manager, snmp_message(1, "public", '\xA2'))).empty());
}

TEST_CASE("SNMP: traps, versions, and what is no SNMP") {
    const Side from{"192.168.1.20", 40000}, agent{"192.168.1.30", 161}, listener{"192.168.1.1", 162};
    const auto trap = events_of(snmp, udp(1, from, listener, snmp_message(0, "inside", '\xA4')));
    REQUIRE(trap.size() == 1);
    CHECK(std::get<Login>(trap[0]).default_entry == 0);
    CHECK(events_of(snmp, udp(1, from, agent, snmp_message(3, "public", '\xA0'))).empty());
    CHECK(events_of(snmp, udp(1, from, agent, snmp_message(1, "public", '\x30'))).empty());
    CHECK(events_of(snmp, udp(1, from, agent, "\x30\x80\x02\x01\x01"sv)).empty());
    CHECK(events_of(snmp, udp(1, from, agent, "\x30\x0A\x02\x01\x01\x04\x84\xFF\xFF\xFF\xFFpublic"sv)).empty());
}

TEST_CASE("SNMP: an ICMP error that quotes a trap shows its community as well") {
    const std::string trap = snmp_message(0, "public", '\xA4');
    const auto ip_header = [&](unsigned proto, std::size_t size, std::string_view from, std::string_view to) {
        return u16(0x4500) + u16(static_cast<unsigned>(size)) + u32(0) + u16(64U << 8 | proto) + u16(0) + address(from) +
               address(to);
    };
    const std::string quoted = ip_header(17, 28 + trap.size(), "192.168.1.20", "192.168.1.1") + u16(40000) + u16(162) +
                               u16(static_cast<unsigned>(8 + trap.size())) + u16(0) + trap;
    const std::string whole =
        ip_header(1, 28 + quoted.size(), "192.168.1.1", "192.168.1.20") + "\x03\x03"s + u16(0) + u32(0) + quoted;
    Packet packet = linnet::test::packet(1, Proto::icmp, {"192.168.1.1"}, {"192.168.1.20"});
    packet.icmp = {.type = 3,
                   .code = 3,
                   .is_unreachable = true,
                   .about_proto = Proto::udp,
                   .about_src = ip("192.168.1.20"),
                   .about_dst = ip("192.168.1.1"),
                   .about_src_port = {40000},
                   .about_dst_port = {162}};
    for (std::size_t size = 0; size < whole.size(); ++size) {
        packet.ip_packet = bytes(whole).first(size);
        (void)events_of(snmp, packet);
    }
    packet.ip_packet = bytes(whole);
    const auto events = events_of(snmp, packet);
    REQUIRE(events.size() == 1);
    CHECK(std::get<Login>(events[0]).client.ip == ip("192.168.1.20"));
    CHECK(std::get<Login>(events[0]).server.ip == ip("192.168.1.1"));
    CHECK(std::get<Login>(events[0]).default_entry != 0);
}

TEST_CASE("SIP: Basic is readable, Digest is not; told of who signs in, not of who answers") {
    const auto request = [](std::string_view authorization) {
        return "REGISTER sip:example.org SIP/2.0\r\nCSeq: 1 REGISTER\r\nAuthorization: " + std::string{authorization} +
               "\r\nContent-Length: 0\r\n\r\n";
    };
    const auto basic = request("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");  // RFC 7617: Aladdin, open sesame
    const Side phone{"192.168.1.20", 40000}, registrar{"203.0.113.9", 5060}, elsewhere{"203.0.113.9", 40001};
    for (const auto& to : {registrar, elsewhere}) {
        sweep(sip, udp(1, phone, to, basic));
        const auto events = events_of(sip, udp(1, phone, to, basic));
        REQUIRE(events.size() == 1);
        CHECK(std::get<Login>(events[0]).service == Service::sip);
        CHECK(std::get<Login>(events[0]).user == "Aladdin");
        CHECK(std::get<Login>(events[0]).client.ip == ip("192.168.1.20"));
    }
    CHECK(events_of(sip, udp(1, phone, registrar, request("Digest username=\"anna\", response=\"00\""))).empty());
    CHECK(events_of(sip, udp(1, registrar, phone, "SIP/2.0 200 OK\r\nCSeq: 1 REGISTER\r\n\r\n")).empty());
    CHECK(events_of(sip, udp(1, phone, registrar, std::string_view{basic}.substr(0, basic.size() - 2))).empty());
}
