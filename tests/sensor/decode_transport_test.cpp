// TCP, UDP, ICMP and ICMPv6.
#include "packet_bytes.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

std::string ipv4(std::size_t protocol, const std::string& payload) {
    return ethernet("08 00", Ipv4{.payload = payload, .protocol = protocol}.hex());
}
std::string ipv6(std::size_t next, const std::string& payload) {
    return ethernet("86 dd", Ipv6{.payload = payload, .next = next}.hex());
}

}  // namespace

TEST_CASE("TCP: ports, numbers, flags, window, options and payload (RFC 9293, section 3.1)") {
    TestDecoder test;
    const std::string maximum_segment_size = "02 04 05 b4";
    REQUIRE(test.decode(ipv4(6, "c0 00 00 50 00 00 00 01 00 00 00 02 60 18 01 f6 00 00 00 00" + maximum_segment_size +
                                    "68 69")) == Decoded::packet);
    const Packet& packet = test.packet;
    CHECK(packet.src_port.number == 49152);
    CHECK(packet.dst_port.number == 80);
    CHECK(packet.tcp.seq == 1);
    CHECK(packet.tcp.ack == 2);
    CHECK(packet.tcp.has(tcp_flag::psh));
    CHECK(packet.tcp.has(tcp_flag::ack));
    CHECK_FALSE(packet.tcp.has(tcp_flag::syn));
    CHECK(packet.tcp.window == 502);
    CHECK(packet.tcp.options.size() == 4);
    CHECK(text_of(packet.payload) == "hi");

    REQUIRE(test.decode(ipv6(6, tcp_syn)) == Decoded::packet);
    CHECK(packet.tcp.flags == tcp_flag::syn);
    CHECK(packet.tcp.seq == 0xdeadbeef);
    CHECK(packet.tcp.options.empty());
    CHECK(packet.payload.empty());
}

TEST_CASE("TCP headers that are too short") {
    TestDecoder test;
    CHECK(test.decode(ipv4(6, "c0 00 00 17 de ad be ef 00 00 00 00 40 02 39 08 00 00 00 00")) == Decoded::malformed);
    CHECK(test.decode(ipv4(6, "c0 00 00 17 de ad be ef 00 00 00 00")) == Decoded::malformed);
}

TEST_CASE("A SYN that announces options and has none, as some scanners send it, still shows what it is") {
    TestDecoder test;
    REQUIRE(test.decode(ipv4(6, "c0 00 00 17 c6 33 64 07 00 00 00 00 60 02 39 08 00 00 00 00")) == Decoded::packet);
    CHECK(test.packet.tcp.flags == tcp_flag::syn);
    CHECK(test.packet.tcp.seq == test.packet.dst.as_v4());
    CHECK(test.packet.tcp.options.empty());
    CHECK(test.packet.payload.empty());
}

TEST_CASE("UDP's own length decides about its payload (RFC 768)") {
    TestDecoder test;
    SUBCASE("shorter than the IP payload: the rest is not part of it") {
        REQUIRE(test.decode(ipv4(17, udp_data + "00 00 00")) == Decoded::packet);
        CHECK(text_of(test.packet.payload) == "data");
    }
    SUBCASE("no payload") {
        REQUIRE(test.decode(ipv4(17, "c0 00 00 35 00 08 00 00")) == Decoded::packet);
        CHECK(test.packet.payload.empty());
    }
    SUBCASE("zero, as a jumbogram or before segmentation: all that is there") {
        REQUIRE(test.decode(ipv6(17, "c0 00 00 35 00 00 00 00 64 61 74 61")) == Decoded::packet);
        CHECK(text_of(test.packet.payload) == "data");
    }
    SUBCASE("longer than the IP payload") {
        CHECK(test.decode(ipv4(17, "c0 00 00 35 00 0d 00 00 64 61 74 61")) == Decoded::malformed);
    }
    SUBCASE("shorter than its header") {
        CHECK(test.decode(ipv4(17, "c0 00 00 35 00 07 00 00 64 61 74 61")) == Decoded::malformed);
    }
    SUBCASE("no whole header") { CHECK(test.decode(ipv4(17, "c0 00 00 35 00 08")) == Decoded::malformed); }
}

TEST_CASE("ICMP echo (RFC 792) and ICMPv6 echo (RFC 4443, section 4)") {
    TestDecoder test;
    REQUIRE(test.decode(ipv4(1, "08 00 00 00 12 34 00 01 61 62")) == Decoded::packet);
    CHECK(test.packet.icmp.is_echo_request);
    CHECK_FALSE(test.packet.icmp.is_echo_reply);
    CHECK(test.packet.icmp.id == 0x1234);
    CHECK(text_of(test.packet.payload) == "ab");
    REQUIRE(test.decode(ipv4(1, "00 00 00 00 12 34 00 01")) == Decoded::packet);
    CHECK(test.packet.icmp.is_echo_reply);
    CHECK_FALSE(test.packet.icmp.is_echo_request);

    REQUIRE(test.decode(ipv6(58, "80 00 00 00 56 78 00 01")) == Decoded::packet);
    CHECK(test.packet.icmp.is_echo_request);
    CHECK(test.packet.icmp.id == 0x5678);
    REQUIRE(test.decode(ipv6(58, "81 00 00 00 56 78 00 01")) == Decoded::packet);
    CHECK(test.packet.icmp.is_echo_reply);

    // A neighbour solicitation (RFC 4861, section 4.3) has its target behind the first 8 bytes.
    REQUIRE(test.decode(ipv6(58, "87 00 00 00 00 00 00 00" + server_ip6)) == Decoded::packet);
    CHECK(test.packet.icmp.type == 135);
    CHECK(test.packet.icmp.id == 0);
    CHECK(test.packet.payload.size() == 16);
    CHECK(test.decode(ipv4(1, "08 00 00 00")) == Decoded::malformed);
}

TEST_CASE("ICMP errors tell which packet they are about") {
    TestDecoder test;
    const std::string port_unreachable = "03 03 00 00 00 00 00 00";
    const IcmpHeader& icmp = test.packet.icmp;
    SUBCASE("its IP header and 8 bytes, the least that there must be") {
        const std::string about = "45 00 00 20 00 00 00 00 40 11 00 00" + server_ip + client_ip + "00 35 c0 00 00 0c 00 00";
        REQUIRE(test.decode(ipv4(1, port_unreachable + about)) == Decoded::packet);
        CHECK(icmp.is_unreachable);
        CHECK(icmp.about_proto == Proto::udp);
        CHECK(to_string(icmp.about_src) == "198.51.100.7");
        CHECK(to_string(icmp.about_dst) == "192.0.2.1");
        CHECK(icmp.about_src_port.number == 53);
        CHECK(icmp.about_dst_port.number == 49152);
    }
    SUBCASE("with IP options") {
        const std::string about = "46 00 00 24 00 00 00 00 40 06 00 00" + server_ip + client_ip + "94 04 00 00" + tcp_syn;
        REQUIRE(test.decode(ipv4(1, port_unreachable + about)) == Decoded::packet);
        CHECK(icmp.is_unreachable);
        CHECK(icmp.about_dst_port.number == 23);
    }
    SUBCASE("ICMPv6") {
        REQUIRE(test.decode(ipv6(58, "01 04 00 00 00 00 00 00" + Ipv6{.payload = udp_data}.hex())) == Decoded::packet);
        CHECK(icmp.is_unreachable);
        CHECK(to_string(icmp.about_dst) == "2001:db8::7");
        CHECK(icmp.about_dst_port.number == 53);
    }
    SUBCASE("a later fragment has no ports") {
        const std::string about = "45 00 00 20 00 00 00 05 40 11 00 00" + server_ip + client_ip + "00 35 c0 00 00 0c 00 00";
        REQUIRE(test.decode(ipv4(1, port_unreachable + about)) == Decoded::packet);
        CHECK(icmp.is_unreachable);
        CHECK(icmp.about_dst_port.number == 0);
    }
    SUBCASE("\"fragmentation needed\" and \"time exceeded\" do not mean that nobody is there") {
        const std::string about = Ipv4{.payload = tcp_syn, .protocol = 6}.hex();
        REQUIRE(test.decode(ipv4(1, "03 04 00 00 00 00 05 78" + about)) == Decoded::packet);
        CHECK_FALSE(icmp.is_unreachable);
        REQUIRE(test.decode(ipv4(1, "0b 00 00 00 00 00 00 00" + about)) == Decoded::packet);
        CHECK_FALSE(icmp.is_unreachable);
        CHECK(icmp.about_dst_port.number == 23);
    }
    SUBCASE("one that quotes no IP header tells nothing") {
        REQUIRE(test.decode(ipv4(1, port_unreachable + "45 00 00 20")) == Decoded::packet);
        CHECK_FALSE(icmp.is_unreachable);
        CHECK(icmp.about_proto == Proto::none);
    }
}

TEST_CASE("GTP-U (3GPP TS 29.281, section 5.1): what a phone sends through a mobile network") {
    TestDecoder test;
    const auto gtp = [](const std::string& header, const std::string& inside) {
        return ipv4(17, "08 68 08 68" + u16(8 + length_of(header + inside)) + "00 00" + header + inside);
    };
    const std::string inside = Ipv4{.payload = "c0 00 00 50 00 0a 00 00 68 69"}.hex();
    const std::string tunnel = "00 00 00 07";
    SUBCASE("plain") { REQUIRE(test.decode(gtp("30 ff" + u16(length_of(inside)) + tunnel, inside)) == Decoded::packet); }
    SUBCASE("with a sequence number") {
        REQUIRE(test.decode(gtp("32 ff" + u16(length_of(inside) + 4) + tunnel + "00 01 00 00", inside)) == Decoded::packet);
    }
    SUBCASE("with an extension of 4 bytes") {
        REQUIRE(test.decode(gtp("34 ff" + u16(length_of(inside) + 8) + tunnel + "00 00 00 85 01 00 00 00", inside)) ==
                Decoded::packet);
    }
    CHECK(test.packet.src_port.number == 49152);
    CHECK(test.packet.dst_port.number == 80);
    CHECK(text_of(test.packet.payload) == "hi");
    CHECK_FALSE(test.packet.src_mac.known());
}

TEST_CASE("UDP to GTP's port that is none stays UDP") {
    TestDecoder test;
    for (const std::string payload : {"30 ff 00 00 00 00 00 07",                    // nothing inside
                                      "30 01 00 04 00 00 00 07 00 00 00 00",        // an echo request
                                      "34 ff 00 06 00 00 00 07 00 00 00 85 00 45",  // an extension without a length
                                      "30 ff 00 01 00 00 00 07 99",                 // no IP inside
                                      "68 69"}) {
        REQUIRE(test.decode(ipv4(17, "08 68 08 68" + u16(8 + length_of(payload)) + "00 00" + payload)) == Decoded::packet);
        CHECK(test.packet.dst_port.number == 2152);
        CHECK(test.packet.payload.size() == length_of(payload));
    }
}
