// Neighbour discovery (RFC 4861) and DHCPv6 servers (RFC 8415): messages by hand.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

const std::string router_mac_bytes = "\x02\x00\x00\x00\x00\x01"s, other_mac_bytes = "\x02\x00\x00\x00\x00\x66"s;

std::string v6(std::string_view text) {
    const auto address = ip(text);
    return {reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()};
}

/// Section 4.6: the length counts units of eight bytes.
std::string option(unsigned kind, const std::string& content) {
    return std::string{static_cast<char>(kind), static_cast<char>((content.size() + 2) / 8)} + content;
}

/// Section 4.6.2: a prefix of 64 bits with these flags, for a day.
std::string prefix(std::string_view of, char flags = '\xc0') {
    return option(3, std::string{64, flags} + u32(86'400) + u32(86'400) + u32(0) + v6(of));
}

/// RFC 8106.
std::string resolver(std::string_view of, std::uint32_t lifetime) { return option(25, u16(0) + u32(lifetime) + v6(of)); }

/// An ICMPv6 message behind a header of 40 bytes; `bytes` holds what the packet looks into.
struct Message {
    std::string bytes;
    Packet packet;
    Message(std::uint8_t type, std::uint32_t fixed, const std::string& body, std::string_view from = "fe80::1",
            std::string_view mac_address = "02:00:00:00:00:01")
        : bytes{std::string(40, '\0') + static_cast<char>(type) + "\0"s + u16(0) + u32(fixed) + body} {
        packet.at = at(1);
        packet.proto = Proto::icmpv6;
        packet.src = ip(from);
        packet.dst = ip("ff02::1");
        packet.src_mac = mac(mac_address);
        packet.ttl = 255;
        packet.icmp.type = type;
        packet.ip_packet = test::bytes(bytes);
        packet.payload = packet.ip_packet.subspan(48);
    }
};

/// "key=value" of hints and "mac has ip" of bindings, in order.
std::vector<std::string> told(const DatagramDissector& dissector, const Packet& packet, const std::string& source = "") {
    std::vector<std::string> lines;
    for (const auto& event : events_of(dissector, packet)) {
        if (const auto* binding = std::get_if<AddressBinding>(&event)) {
            CHECK(binding->source == "ndp");
            lines.push_back(to_string(binding->mac) + " has " + to_string(binding->ip));
        } else {
            const auto& hint = std::get<DeviceHint>(event);
            CHECK(hint.source == source);
            CHECK(hint.mac == packet.src_mac);
            CHECK(hint.ip == packet.src);
            lines.push_back(hint.key + "=" + hint.value);
        }
    }
    return lines;
}

using Lines = std::vector<std::string>;
constexpr std::uint32_t override_and_solicited = 0x60000000, half_an_hour = 1800, managed = 0x80U << 16;
const std::string times(8, '\0');  // reachable time, retransmission timer

}  // namespace

TEST_CASE("an advertisement that overrides, and the source of a solicitation, say who has which address") {
    CHECK(told(ndp, Message{136, override_and_solicited, v6("2001:db8::20") + option(2, router_mac_bytes)}.packet) ==
          Lines{"02:00:00:00:00:01 has 2001:db8::20"});
    CHECK(told(ndp, Message{135, 0, v6("fe80::9") + option(1, router_mac_bytes)}.packet) ==
          Lines{"02:00:00:00:00:01 has fe80::1"});
    // The answer to one neighbour may leave the option out; then it is the frame's.
    CHECK(told(ndp, Message{136, override_and_solicited, v6("fe80::1")}.packet) == Lines{"02:00:00:00:00:01 has fe80::1"});
}

TEST_CASE("what is no claim") {
    const std::string target = v6("fe80::20") + option(2, router_mac_bytes);
    Message good{136, override_and_solicited, target};
    SUBCASE("one that overrides nothing: a proxy, or one of several") { good = Message{136, 0x40000000, target}; }
    SUBCASE("another's hardware address") {
        good = Message{136, override_and_solicited, v6("fe80::20") + option(2, other_mac_bytes)};
    }
    SUBCASE("without an option, for another than the sender") {
        good = Message{136, override_and_solicited, v6("fe80::20")};
    }
    SUBCASE("a question whether an address is free: nobody has it yet (RFC 4862)") {
        good = Message{135, 0, v6("fe80::20") + option(1, router_mac_bytes), "::"};
    }
    SUBCASE("a group") { good = Message{136, override_and_solicited, v6("ff02::1") + option(2, router_mac_bytes)}; }
    SUBCASE("one that came through a router") { good.packet.ttl = 254; }
    SUBCASE("one that came through a tunnel") { good.packet.tunnelled = true; }
    SUBCASE("another code") { good.packet.icmp.code = 1; }
    SUBCASE("an option of length 0: all of it is discarded") {
        good = Message{136, override_and_solicited, target + "\x01\0\0\0\0\0\0\0"s};
    }
    SUBCASE("an option that is longer than the message") {
        good = Message{136, override_and_solicited, target + "\x05\x02\0\0\0\0\0\0"s};
    }
    good.packet.ip_packet = bytes(good.bytes);  // the message may have moved
    good.packet.payload = good.packet.ip_packet.subspan(48);
    CHECK(told(ndp, good.packet).empty());
}

TEST_CASE("a router: the way out, prefixes on the link, resolvers, and whether more comes by DHCPv6") {
    const std::string body = times + option(1, router_mac_bytes) + option(5, u16(0) + u32(1500)) + prefix("2001:db8:1::") +
                             prefix("fd00:1::", '\x40') + prefix("fd00:2::") + resolver("2001:db8::53", 600);
    const Message message{134, half_an_hour, body};
    CHECK(told(ndp, message.packet, "router-advertisement") ==
          Lines{"02:00:00:00:00:01 has fe80::1", "managed=no", "offered-network=2001:db8:1::/64,fd00:2::/64",
                "offered-router=fe80::1", "offered-resolver=2001:db8::53", "offered-to=all"});
    sweep(ndp, message.packet);
    CHECK(told(ndp, Message{134, half_an_hour | managed, times}.packet, "router-advertisement") ==
          Lines{"managed=yes", "offered-router=fe80::1", "offered-to=all"});
}

TEST_CASE("who is no way out and resolves nothing is no router to speak of: a Thread border router, one that leaves") {
    CHECK(told(ndp,
               Message{134, 0, times + option(1, router_mac_bytes) + prefix("fd00:7::") + resolver("fd00::53", 0)}.packet,
               "router-advertisement") == Lines{"02:00:00:00:00:01 has fe80::1"});
    CHECK(told(ndp, Message{134, 0, times + resolver("fe80::66", 600)}.packet, "router-advertisement") ==
          Lines{"managed=no", "offered-resolver=fe80::66", "offered-to=all"});
    CHECK(told(ndp, Message{134, half_an_hour, times, "2001:db8::1"}.packet).empty());  // not from this link (6.1.2)
}

TEST_CASE("a DHCPv6 server: the network of what it gives, whom to ask for names, and to whom it said so") {
    const auto dhcp_option = [](unsigned code, const std::string& content) {
        return u16(code) + u16(static_cast<unsigned>(content.size())) + content;
    };
    const std::string address = dhcp_option(5, v6("2001:db8:1::1234") + u32(3600) + u32(7200)),
                      given = dhcp_option(3, u32(1) + u32(1800) + u32(2880) + address),
                      resolvers = dhcp_option(23, v6("fe80::66") + v6("2001:db8::53"));
    const auto from_server = [](std::string_view payload) {
        Packet packet = udp(1, {"fe80::66", 547}, {"fe80::20", 546}, payload);
        packet.src_mac = mac("02:00:00:00:00:66");
        packet.dst_mac = mac("02:00:00:00:00:20");
        return packet;
    };
    const std::string whole = "\x07"s + "\x12\x34\x56" + dhcp_option(2, "\0\1\0\1"s) + given + resolvers;
    CHECK(told(dhcpv6_server, from_server(whole), "dhcpv6-server") == Lines{"offered-network=2001:db8:1::/64",
                                                                            "offered-resolver=fe80::66,2001:db8::53",
                                                                            "offered-to=02:00:00:00:00:20"});
    sweep(dhcpv6_server, from_server(whole));
    CHECK(told(dhcpv6_server, from_server("\x07\x12\x34\x56"s + dhcp_option(13, u16(0)))).empty());
    CHECK(told(dhcpv6_server, from_server("\x01\x12\x34\x56"s + given)).empty());  // a client's
}
