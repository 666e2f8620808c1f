// Link layers, tags and tunnels below IP. Each packet is the same UDP datagram in another wrapping.
#include "packet_bytes.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const std::string ip_data = Ipv4{.payload = udp_data}.hex();
const std::string ip6_data = Ipv6{.payload = udp_data}.hex();

void check_ipv4_data(const TestDecoder& test) {
    CHECK(test.packet.kind == PacketKind::ip);
    CHECK(to_string(test.packet.src) == "192.0.2.1");
    CHECK(to_string(test.packet.dst) == "198.51.100.7");
    CHECK(test.packet.proto == Proto::udp);
    CHECK(test.packet.ttl == 64);
    CHECK(test.packet.src_port.number == 49152);
    CHECK(test.packet.dst_port.number == 53);
    CHECK(text_of(test.packet.payload) == "data");
    CHECK(test.packet.ip_packet.size() == 32);
    CHECK_FALSE(test.packet.truncated);
}

void check_ipv6_data(const TestDecoder& test) {
    CHECK(to_string(test.packet.src) == "2001:db8::1");
    CHECK(to_string(test.packet.dst) == "2001:db8::7");
    CHECK(test.packet.dst_port.number == 53);
    CHECK(text_of(test.packet.payload) == "data");
}

void check_macs(const TestDecoder& test) {
    CHECK(to_string(test.packet.src_mac) == "02:00:00:00:00:01");
    CHECK(to_string(test.packet.dst_mac) == "02:00:00:00:00:02");
}

void check_no_macs(const TestDecoder& test) {
    CHECK_FALSE(test.packet.src_mac.known());
    CHECK_FALSE(test.packet.dst_mac.known());
}

}  // namespace

TEST_CASE("Ethernet II carries IPv4 and IPv6, and its padding is not payload") {
    TestDecoder test;
    REQUIRE(test.decode(ethernet("08 00", ip_data) + repeat("00", 14)) == Decoded::packet);
    check_ipv4_data(test);
    check_macs(test);
    CHECK(test.packet.wire_length == 60);

    REQUIRE(test.decode(ethernet("86 dd", ip6_data)) == Decoded::packet);
    check_ipv6_data(test);
    check_macs(test);
}

TEST_CASE("IEEE 802.3 with LLC: SNAP carries Ethernet types (RFC 1042), SAP 06 is IP, other protocols are not looked into") {
    TestDecoder test;
    REQUIRE(test.decode(ethernet("00 28", "aa aa 03 00 00 00 08 00" + ip_data)) == Decoded::packet);
    check_ipv4_data(test);
    check_macs(test);
    REQUIRE(test.decode(ethernet("00 23", "06 06 03" + ip_data)) == Decoded::packet);
    check_ipv4_data(test);

    const std::string spanning_tree = "42 42 03 00 00 00 00 00";
    CHECK(test.decode(ethernet("00 08", spanning_tree)) == Decoded::unsupported);
    const std::string cisco_trunking = "aa aa 03 00 00 0c 20 04 02 b4";
    CHECK(test.decode(ethernet("00 0a", cisco_trunking)) == Decoded::unsupported);
    CHECK(test.decoder.counters().unsupported == 2);
    CHECK(test.decoder.counters().malformed == 0);
}

TEST_CASE("VLAN tags are taken off, however many there are: 802.1Q, 802.1ad, and the older 0x9100") {
    TestDecoder test;
    REQUIRE(test.decode(ethernet("81 00", "00 0a 08 00" + ip_data)) == Decoded::packet);
    check_ipv4_data(test);
    check_macs(test);
    REQUIRE(test.decode(ethernet("88 a8", "00 64 81 00 00 0a 86 dd" + ip6_data)) == Decoded::packet);
    check_ipv6_data(test);
    check_macs(test);
    REQUIRE(test.decode(ethernet("91 00", "00 64 81 00 00 0a 08 00" + ip_data)) == Decoded::packet);
    check_ipv4_data(test);
    REQUIRE(test.decode(ethernet("81 00", "00 0a 00 28 aa aa 03 00 00 00 08 00" + ip_data)) == Decoded::packet);
    check_ipv4_data(test);
}

TEST_CASE("No more layers are taken off than the limit says, so that a hostile packet costs no more than others") {
    // The limit here counts Ethernet, each tag, and IP.
    const auto tagged = [](std::size_t tags) {
        return ethernet("81 00", repeat("00 0a 81 00", tags - 1) + "00 0a 08 00" + ip_data);
    };
    TestDecoder test{DecoderLimits{.max_layers = 6}};
    CHECK(test.decode(tagged(4)) == Decoded::packet);
    CHECK(test.decode(tagged(5)) == Decoded::unsupported);
}

TEST_CASE("PPPoE sessions carry PPP; the MAC addresses remain, because they are of the home's router and modem") {
    TestDecoder test;
    // RFC 2516, section 4: version and type 1, code 0 (session data), session 7, length, then the PPP protocol
    REQUIRE(test.decode(ethernet("88 64", "11 00 00 07 00 22 00 21" + ip_data)) == Decoded::packet);
    check_ipv4_data(test);
    check_macs(test);
    REQUIRE(test.decode(ethernet("88 64", "11 00 00 07 00 36 00 57" + ip6_data)) == Decoded::packet);
    check_ipv6_data(test);
    REQUIRE(test.decode("11 00 00 07 00 22 00 21" + ip_data, DLT_PPP_ETHER) == Decoded::packet);
    check_ipv4_data(test);
    CHECK(test.decode(ethernet("88 64", "11 00 00 07 00 06 c0 21 09 00 00 04")) == Decoded::unsupported);  // LCP
    CHECK(test.decode(ethernet("88 63", "11 09 00 00 00 00")) == Decoded::unsupported);                    // discovery
}

TEST_CASE("MPLS: labels are taken off; what is inside is guessed from its first bytes; MAC addresses are of routers then") {
    TestDecoder test;
    const std::string two_labels = "00 01 00 40 00 02 01 40";  // labels 16 and 32, the second at the bottom of the stack
    REQUIRE(test.decode(ethernet("88 47", two_labels + ip_data)) == Decoded::packet);
    check_ipv4_data(test);
    check_no_macs(test);
    REQUIRE(test.decode(ethernet("88 48", "00 01 01 40" + ip6_data)) == Decoded::packet);
    check_ipv6_data(test);

    const std::string inner = "00 1b 21 00 00 09 00 1b 21 00 00 08 08 00" + ip_data;
    SUBCASE("an Ethernet pseudowire with the control word of RFC 4448") {
        REQUIRE(test.decode(ethernet("88 47", two_labels + "00 00 00 05" + inner)) == Decoded::packet);
        check_ipv4_data(test);
        check_no_macs(test);
    }
    SUBCASE("and without") {
        REQUIRE(test.decode(ethernet("88 47", two_labels + inner)) == Decoded::packet);
        check_ipv4_data(test);
    }
    SUBCASE("a MAC address that begins like an IP version is no IP header") {
        const std::string like_v4 = "48 5d 36" + inner.substr(8), like_v6 = "60 38 e0" + inner.substr(8);
        REQUIRE(test.decode(ethernet("88 47", two_labels + like_v4)) == Decoded::packet);
        check_ipv4_data(test);
        REQUIRE(test.decode(ethernet("88 47", two_labels + like_v6)) == Decoded::packet);
        check_ipv4_data(test);
    }
    SUBCASE("anything else is not looked into") {
        CHECK(test.decode(ethernet("88 47", two_labels + "10 00 00 21 00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d")) ==
              Decoded::unsupported);
    }
    SUBCASE("labels without an end") {
        CHECK(test.decode(ethernet("88 47", "00 01 00 40 00 02 00 40")) == Decoded::malformed);
    }
}

TEST_CASE("Linux cooked captures know the sender's MAC address, where it has one of 6 bytes") {
    TestDecoder test;
    // https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html: to us, Ethernet, 6 bytes of address in 8, IPv4
    REQUIRE(test.decode("00 00 00 01 00 06" + client_mac + "00 00 08 00" + ip_data, DLT_LINUX_SLL) == Decoded::packet);
    check_ipv4_data(test);
    CHECK(to_string(test.packet.src_mac) == "02:00:00:00:00:01");
    CHECK_FALSE(test.packet.dst_mac.known());
    REQUIRE(test.decode("00 04 02 00 00 00" + repeat("ff", 8) + "86 dd" + ip6_data, DLT_LINUX_SLL) == Decoded::packet);
    check_ipv6_data(test);
    check_no_macs(test);

    // https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html: IPv4, reserved, interface 2, Ethernet, to us, 6 bytes
    REQUIRE(test.decode("08 00 00 00 00 00 00 02 00 01 00 06" + client_mac + "00 00" + ip_data, DLT_LINUX_SLL2) ==
            Decoded::packet);
    check_ipv4_data(test);
    CHECK(to_string(test.packet.src_mac) == "02:00:00:00:00:01");
}

TEST_CASE("Raw IP has no link layer at all") {
    TestDecoder test;
    for (const int link_type : {DLT_RAW, DLT_IPV4}) {
        REQUIRE(test.decode(ip_data, link_type) == Decoded::packet);
        check_ipv4_data(test);
        check_no_macs(test);
    }
    for (const int link_type : {DLT_RAW, DLT_IPV6}) {
        REQUIRE(test.decode(ip6_data, link_type) == Decoded::packet);
        check_ipv6_data(test);
    }
    CHECK(test.decode("50 00 00 00", DLT_RAW) == Decoded::unsupported);
    CHECK(test.decode("", DLT_RAW) == Decoded::malformed);
}

TEST_CASE("PPP with and without framing, and with a compressed protocol number (RFC 1661, RFC 1662); Cisco's HDLC") {
    TestDecoder test;
    for (const auto* const header : {"ff 03 00 21", "00 21", "21", "ff 03 21"}) {
        CAPTURE(header);
        REQUIRE(test.decode(header + ip_data, DLT_PPP) == Decoded::packet);
        check_ipv4_data(test);
        REQUIRE(test.decode(header + ip_data, DLT_PPP_SERIAL) == Decoded::packet);
        check_ipv4_data(test);
    }
    REQUIRE(test.decode("ff 03 00 57" + ip6_data, DLT_PPP_SERIAL) == Decoded::packet);
    check_ipv6_data(test);
    REQUIRE(test.decode("0f 00 08 00" + ip_data, DLT_PPP_SERIAL) == Decoded::packet);
    check_ipv4_data(test);
    REQUIRE(test.decode("8f 00 86 dd" + ip6_data, DLT_C_HDLC) == Decoded::packet);
    check_ipv6_data(test);
    CHECK(test.decode("ff 03 80 21 01 01 00 04", DLT_PPP) == Decoded::unsupported);  // IPCP
}

TEST_CASE("Null and loopback: the address family in either byte order, and with each system's number for IPv6") {
    TestDecoder test;
    for (const auto* const family : {"02 00 00 00", "00 00 00 02"}) {
        REQUIRE(test.decode(family + ip_data, DLT_NULL) == Decoded::packet);
        check_ipv4_data(test);
        REQUIRE(test.decode(family + ip_data, DLT_LOOP) == Decoded::packet);
    }
    for (const auto* const family :
         {"0a 00 00 00", "17 00 00 00", "18 00 00 00", "1c 00 00 00", "1e 00 00 00", "00 00 00 1e"}) {
        CAPTURE(family);
        REQUIRE(test.decode(family + ip6_data, DLT_NULL) == Decoded::packet);
        check_ipv6_data(test);
    }
    CHECK(test.decode("07 00 00 00 01 02", DLT_NULL) == Decoded::unsupported);
}

TEST_CASE("ARP (RFC 826): a request, and a probe without a sender address") {
    TestDecoder test;
    const std::string ethernet_and_ipv4 = "00 01 08 00 06 04";
    const std::string request = "00 01" + client_mac + client_ip + repeat("00", 6) + "c0 00 02 63";
    const std::string padding = repeat("00", 18);
    REQUIRE(test.decode(ethernet("08 06", ethernet_and_ipv4 + request + padding)) == Decoded::packet);
    CHECK(test.packet.kind == PacketKind::arp);
    CHECK(test.packet.arp.operation == 1);
    CHECK(to_string(test.packet.arp.sender_mac) == "02:00:00:00:00:01");
    CHECK(to_string(test.packet.arp.sender_ip) == "192.0.2.1");
    CHECK_FALSE(test.packet.arp.target_mac.known());
    CHECK(to_string(test.packet.arp.target_ip) == "192.0.2.99");
    CHECK_FALSE(test.packet.src.known());
    CHECK(test.packet.payload.empty());
    check_macs(test);

    const std::string probe = "00 01" + client_mac + "00 00 00 00" + repeat("00", 6) + client_ip;
    REQUIRE(test.decode(ethernet("08 06", ethernet_and_ipv4 + probe)) == Decoded::packet);
    CHECK(test.packet.arp.sender_ip.is_unspecified());
    CHECK(to_string(test.packet.arp.target_ip) == "192.0.2.1");

    SUBCASE("another hardware or protocol is not looked into") {
        CHECK(test.decode(ethernet("08 06", "00 0f 08 00 02 04 00 08" + repeat("00", 12))) == Decoded::unsupported);
    }
    SUBCASE("Ethernet addresses that are not 6 bytes long") {
        CHECK(test.decode(ethernet("08 06", "00 01 08 00 08 04" + request + repeat("00", 8))) == Decoded::malformed);
    }
    SUBCASE("too short, and not because of the capture") {
        CHECK(test.decode(ethernet("08 06", ethernet_and_ipv4 + "00 01" + client_mac)) == Decoded::malformed);
    }
}

TEST_CASE("A link type that Linnet does not know is not looked into") {
    CHECK_FALSE(Decoder::supports(DLT_IEEE802_11_RADIO));
    TestDecoder test;
    CHECK(test.decode("00 00 08 00 00 00 00 00", DLT_IEEE802_11_RADIO) == Decoded::unsupported);
}

TEST_CASE("Nothing remains of the packet before") {
    TestDecoder test;
    REQUIRE(test.decode(ethernet("08 00", ip_data)) == Decoded::packet);
    REQUIRE(test.decode(Ipv4{.payload = "11 22", .protocol = 89}.hex(), DLT_RAW) == Decoded::packet);
    check_no_macs(test);
    CHECK(test.packet.src_port.number == 0);
    CHECK(test.packet.dst_port.number == 0);
    CHECK(test.packet.payload.size() == 2);
}

TEST_CASE("CDP is handed over as it is; another of Cisco's protocols is none") {
    TestDecoder test;
    const auto frame = [](const std::string& type) { return ethernet("00 0c", "aa aa 03 00 00 0c" + type + "02 b4 00 00"); };
    REQUIRE(test.decode(frame("20 00")) == Decoded::packet);
    CHECK(test.packet.kind == PacketKind::cdp);
    CHECK(test.packet.payload.size() == 4);
    CHECK(test.packet.proto == Proto::none);
    check_macs(test);
    CHECK(test.decode(frame("20 04")) == Decoded::unsupported);
}

TEST_CASE("LLDP is handed over as it is, behind VLAN tags too") {
    TestDecoder test;
    const std::string message = "02 07 04 02 00 00 00 00 01 00 00";
    for (const auto& frame : {ethernet("88 cc", message), ethernet("81 00", "00 05 88 cc" + message)}) {
        REQUIRE(test.decode(frame) == Decoded::packet);
        CHECK(test.packet.kind == PacketKind::lldp);
        CHECK(test.packet.payload.size() == 11);
        CHECK(test.packet.proto == Proto::none);
        check_macs(test);
    }
    CHECK(test.decoder.counters().unsupported == 0);
}
