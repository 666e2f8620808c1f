// IPv4 and IPv6, their options and extension headers, and tunnels inside.
#include "packet_bytes.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

std::string raw_ipv4(std::size_t protocol, const std::string& payload) {
    return Ipv4{.payload = payload, .protocol = protocol}.hex();
}
std::string raw_ipv6(std::size_t next, const std::string& payload) { return Ipv6{.payload = payload, .next = next}.hex(); }

/// The packet inside of a tunnel: 10.0.0.1 to 10.0.0.2.
const std::string inner = Ipv4{.payload = udp_data, .src = "0a 00 00 01", .dst = "0a 00 00 02"}.hex();
const std::string inner6 = raw_ipv6(17, udp_data);

void check_inner(const TestDecoder& test) {
    CHECK(to_string(test.packet.src) == "10.0.0.1");
    CHECK(to_string(test.packet.dst) == "10.0.0.2");
    CHECK(test.packet.proto == Proto::udp);
    CHECK(text_of(test.packet.payload) == "data");
    CHECK(test.packet.ip_packet.size() == 32);
    CHECK_FALSE(test.packet.src_mac.known());  // that of a tunnel's end is not the device's
}

void check_inner6(const TestDecoder& test) {
    CHECK(to_string(test.packet.src) == "2001:db8::1");
    CHECK(test.packet.dst_port.number == 53);
    CHECK_FALSE(test.packet.src_mac.known());
}

}  // namespace

TEST_CASE("IPv4 options lie between the header and the transport (RFC 791, section 3.1)") {
    TestDecoder test;
    const std::string router_alert = "94 04 00 00";
    REQUIRE(test.decode(ethernet("08 00", Ipv4{.payload = udp_data, .options = router_alert}.hex())) == Decoded::packet);
    CHECK(test.packet.dst_port.number == 53);
    CHECK(test.packet.ip_packet.size() == 36);
    REQUIRE(test.decode(ethernet("08 00", Ipv4{.payload = udp_data, .options = repeat("01", 40)}.hex())) == Decoded::packet);
    CHECK(text_of(test.packet.payload) == "data");
}

TEST_CASE("IPv4 headers that contradict themselves") {
    TestDecoder test;
    const std::string rest = "00 00 00 00 40 11 00 00" + client_ip + server_ip + udp_data;
    CHECK(test.decode("44 00 00 20" + rest, DLT_RAW) == Decoded::malformed);            // header of 16 bytes
    CHECK(test.decode("45 00 00 13" + rest, DLT_RAW) == Decoded::malformed);            // shorter than its header
    CHECK(test.decode(ethernet("08 00", "65 00 00 20" + rest)) == Decoded::malformed);  // version 6
    CHECK(test.decode("4f 00 00 20" + rest, DLT_RAW) == Decoded::malformed);            // options beyond the end
    CHECK(test.decode("45 00 00 14 00 00 00 00 40 11 00 00 c0 00", DLT_RAW) == Decoded::malformed);  // half a header
    CHECK(test.decoder.counters().malformed == 5);
    CHECK(test.decoder.counters().truncated == 0);
}

TEST_CASE("The IPv4 checksum is not verified: with offloading, a host's own packets are captured before it is filled in") {
    TestDecoder test;
    CHECK(test.decode("45 00 00 20 00 00 00 00 40 11 ff ff" + client_ip + server_ip + udp_data, DLT_RAW) == Decoded::packet);
}

TEST_CASE("A total length of 0 is a packet that the network card will cut into segments: all that was captured counts") {
    TestDecoder test;
    REQUIRE(test.decode(ethernet("08 00", "45 00 00 00 00 00 40 00 40 06 00 00" + client_ip + server_ip + tcp_syn +
                                              repeat("41", 3000))) == Decoded::packet);
    CHECK(test.packet.payload.size() == 3000);
    CHECK_FALSE(test.packet.truncated);
    REQUIRE(test.decode(ethernet("86 dd", "60 00 00 00 00 00 06 40" + client_ip6 + server_ip6 + tcp_syn +
                                              repeat("41", 3000))) == Decoded::packet);
    CHECK(test.packet.payload.size() == 3000);
}

TEST_CASE("A protocol without ports is a packet all the same") {
    TestDecoder test;
    REQUIRE(test.decode(raw_ipv4(2, "11 00 ee ff 00 00 00 00"), DLT_RAW) == Decoded::packet);  // IGMP
    CHECK(static_cast<int>(test.packet.proto) == 2);
    CHECK(test.packet.payload.size() == 8);
    REQUIRE(test.decode(raw_ipv4(50, repeat("aa", 16)), DLT_RAW) == Decoded::packet);  // ESP
    CHECK(static_cast<int>(test.packet.proto) == 50);
    REQUIRE(test.decode(raw_ipv6(59, ""), DLT_RAW) == Decoded::packet);  // no next header
    CHECK(static_cast<int>(test.packet.proto) == 59);
    CHECK(test.packet.payload.empty());
}

TEST_CASE("IPv6 extension headers are passed over (RFC 8200, section 4)") {
    TestDecoder test;
    const std::string padding = "01 04 00 00 00 00";  // PadN, fills a header up to 8 bytes
    const auto extension = [&](std::size_t next) { return u8(next) + "00" + padding; };
    SUBCASE("hop-by-hop options, destination options, routing") {
        REQUIRE(test.decode(raw_ipv6(0, extension(60) + extension(43) + "11 00 04 00 00 00 00 00" + udp_data), DLT_RAW) ==
                Decoded::packet);
    }
    SUBCASE("a longer one: its length is in units of 8 bytes, without the first") {
        REQUIRE(test.decode(raw_ipv6(60, "11 02 01 14" + repeat("00", 20) + udp_data), DLT_RAW) == Decoded::packet);
    }
    SUBCASE("the authentication header counts in units of 4 bytes, without the first two (RFC 4302)") {
        REQUIRE(test.decode(raw_ipv6(51, "11 04 00 00 00 00 00 01 00 00 00 01" + repeat("bb", 12) + udp_data), DLT_RAW) ==
                Decoded::packet);
    }
    SUBCASE("mobility (RFC 6275)") {
        REQUIRE(test.decode(raw_ipv6(135, "11 00 00 00 00 00 00 00" + udp_data), DLT_RAW) == Decoded::packet);
    }
    CHECK(test.packet.proto == Proto::udp);
    CHECK(test.packet.dst_port.number == 53);
    CHECK(text_of(test.packet.payload) == "data");
}

TEST_CASE("IPv6 extension headers that end behind the packet, or do not end at all") {
    TestDecoder test;
    CHECK(test.decode(raw_ipv6(60, "11 09 01 04 00 00 00 00"), DLT_RAW) == Decoded::malformed);
    CHECK(test.decode(raw_ipv6(60, "11"), DLT_RAW) == Decoded::malformed);
    // Twenty of them are a trick; the addresses are still known.
    REQUIRE(test.decode(raw_ipv6(60, repeat("3c 00 01 04 00 00 00 00", 20)), DLT_RAW) == Decoded::packet);
    CHECK(static_cast<int>(test.packet.proto) == 60);
    CHECK(test.packet.src_port.number == 0);
}

TEST_CASE("IPv4 with an authentication header (RFC 4302)") {
    TestDecoder test;
    REQUIRE(test.decode(raw_ipv4(51, "11 04 00 00 00 00 00 01 00 00 00 01" + repeat("bb", 12) + udp_data), DLT_RAW) ==
            Decoded::packet);
    CHECK(test.packet.dst_port.number == 53);
}

TEST_CASE("IP in IP, 6in4, 4in6, and MPLS in IP: the packet is the innermost one") {
    TestDecoder test;
    REQUIRE(test.decode(ethernet("08 00", raw_ipv4(4, inner))) == Decoded::packet);
    check_inner(test);
    REQUIRE(test.decode(ethernet("08 00", raw_ipv4(41, inner6))) == Decoded::packet);
    check_inner6(test);
    REQUIRE(test.decode(ethernet("86 dd", raw_ipv6(4, inner))) == Decoded::packet);
    check_inner(test);
    REQUIRE(test.decode(ethernet("08 00", raw_ipv4(137, "00 01 01 40" + inner))) == Decoded::packet);
    check_inner(test);
    CHECK(test.decode(ethernet("08 00", raw_ipv4(4, "60 01 02 03"))) == Decoded::malformed);
}

TEST_CASE("GRE, with what RFC 2784, RFC 2890 and RFC 1701 let stand before the payload") {
    TestDecoder test;
    const auto gre = [](const std::string& header, const std::string& payload) {
        return ethernet("08 00", raw_ipv4(47, header + payload));
    };
    SUBCASE("nothing") { REQUIRE(test.decode(gre("00 00 08 00", inner)) == Decoded::packet); }
    SUBCASE("a checksum") { REQUIRE(test.decode(gre("80 00 08 00 12 34 00 00", inner)) == Decoded::packet); }
    SUBCASE("a key and a sequence number") {
        REQUIRE(test.decode(gre("30 00 08 00 00 00 00 2a 00 00 00 01", inner)) == Decoded::packet);
    }
    SUBCASE("a source route of one entry, and the entry that ends it") {
        REQUIRE(test.decode(gre("40 00 08 00 00 00 00 00 08 00 00 04 cb 00 71 01 00 00 00 00", inner)) == Decoded::packet);
    }
    SUBCASE("an Ethernet frame") { REQUIRE(test.decode(gre("00 00 65 58", ethernet("08 00", inner))) == Decoded::packet); }
    SUBCASE("PPP of PPTP (RFC 2637): GRE version 1 with call, sequence and acknowledgement numbers") {
        REQUIRE(test.decode(gre("30 81 88 0b 00 24 00 01 00 00 00 05 00 00 00 04 ff 03 00 21", inner)) == Decoded::packet);
    }
    check_inner(test);
    CHECK(test.packet.tunnelled);
}

TEST_CASE("what comes inside another IP packet is marked; labels and mirrors are no tunnel") {
    TestDecoder test;
    const auto tunnelled = [&test](const std::string& frame) {
        REQUIRE(test.decode(frame) == Decoded::packet);
        return test.packet.tunnelled;
    };
    CHECK(tunnelled(ethernet("08 00", raw_ipv4(4, inner))));
    CHECK(tunnelled(ethernet("08 00", raw_ipv4(41, inner6))));
    CHECK_FALSE(tunnelled(ethernet("08 00", inner)));
    CHECK_FALSE(tunnelled(ethernet("88 47", "00 01 01 40" + inner)));
    CHECK_FALSE(tunnelled(ethernet("08 00", raw_ipv4(47, "00 00 88 be" + ethernet("08 00", inner)))));
}

TEST_CASE("GRE that carries IPv6, and GRE whose content is not understood") {
    TestDecoder test;
    REQUIRE(test.decode(ethernet("08 00", raw_ipv4(47, "00 00 86 dd" + inner6))) == Decoded::packet);
    check_inner6(test);
    // The two ends of the tunnel still speak with each other, so that is the packet.
    for (const auto* const content : {"00 00 88 3e 01 02 03 04", "20 01 88 0b 00 00 00 01", "00 05 08 00"}) {
        REQUIRE(test.decode(ethernet("08 00", raw_ipv4(47, content))) == Decoded::packet);
        CHECK(static_cast<int>(test.packet.proto) == 47);
        CHECK(to_string(test.packet.src) == "192.0.2.1");
        CHECK(to_string(test.packet.src_mac) == "02:00:00:00:00:01");
    }
    CHECK(test.decode(ethernet("08 00", raw_ipv4(47, "80 00 08 00 12 34"))) == Decoded::malformed);
}

TEST_CASE("ERSPAN is a switch that mirrors frames to the sensor: their MAC addresses are those of the devices") {
    TestDecoder test;
    const std::string frame = ethernet("08 00", inner);
    const auto mirrored = [&](const std::string& gre) {
        return server_mac + "02 00 00 00 00 99" + "08 00" + raw_ipv4(47, gre + frame);
    };
    SUBCASE("type I: no header") { REQUIRE(test.decode(mirrored("00 00 88 be")) == Decoded::packet); }
    SUBCASE("type II: 8 bytes") {
        REQUIRE(test.decode(mirrored("10 00 88 be 00 00 00 01 10 01 00 00 00 00 00 00")) == Decoded::packet);
    }
    SUBCASE("type III: 12 bytes") {
        REQUIRE(test.decode(mirrored("10 00 22 eb 00 00 00 01 20 01 00 00 00 00 00 00 00 00 00 00")) == Decoded::packet);
    }
    SUBCASE("type III with the platform's 8 bytes") {
        REQUIRE(test.decode(mirrored("10 00 22 eb 00 00 00 01 20 01 00 00 00 00 00 00 00 00 00 01" + repeat("00", 8))) ==
                Decoded::packet);
    }
    CHECK(to_string(test.packet.src) == "10.0.0.1");
    CHECK(to_string(test.packet.src_mac) == "02:00:00:00:00:01");
}

TEST_CASE("A packet that the capture cut short is decoded as far as it goes") {
    TestDecoder test;
    const std::string packet = ethernet("08 00", raw_ipv4(6, tcp_syn + repeat("41", 100)));
    SUBCASE("in the payload") {
        REQUIRE(test.decode_cut(packet, 14 + 20 + 20 + 10) == Decoded::packet);
        CHECK(test.packet.truncated);
        CHECK(test.packet.dst_port.number == 23);
        CHECK(test.packet.payload.size() == 10);
    }
    SUBCASE("in the TCP header: there is a packet, and nothing of TCP") {
        REQUIRE(test.decode_cut(packet, 14 + 20 + 19) == Decoded::packet);
        CHECK(test.packet.truncated);
        CHECK(test.packet.proto == Proto::tcp);
        CHECK(test.packet.dst_port.number == 0);
        CHECK(test.packet.tcp.seq == 0);
    }
    SUBCASE("in the IP header: there is nothing") { CHECK(test.decode_cut(packet, 14 + 19) == Decoded::unsupported); }
    CHECK(test.decoder.counters().truncated == 1);
    CHECK(test.decoder.counters().malformed == 0);
}

TEST_CASE("Where only padding was cut off, nothing is missing") {
    TestDecoder test;
    REQUIRE(test.decode_cut(ethernet("08 00", raw_ipv4(17, udp_data)) + repeat("00", 14), 46) == Decoded::packet);
    CHECK_FALSE(test.packet.truncated);
    CHECK(test.decoder.counters().truncated == 0);
}

TEST_CASE("A packet that says to be longer than its frame is cut short, too, whatever the capture file says") {
    TestDecoder test;
    REQUIRE(test.decode(ethernet("08 00", "45 00 01 00 00 00 00 00 40 06 00 00" + client_ip + server_ip + tcp_syn)) ==
            Decoded::packet);
    CHECK(test.packet.truncated);
}
