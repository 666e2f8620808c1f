#include "sensor/late_ends.hpp"
#include "packets_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace linnet::test;

namespace {

const MacAddress plug = mac("02:00:00:00:00:01");
constexpr std::uint8_t end_of_one = tcp_flag::fin | tcp_flag::ack;

Packet late_end(Side from, Side to, std::uint8_t flags = end_of_one, double seconds = 1) {
    Packet packet = tcp(seconds, from, to, flags, 1, 1);
    packet.src_mac = plug;
    return packet;
}

std::string port_in(const Packet& packet) {
    LateEnds ends;
    const auto hint = ends.served(packet, packet.at);
    return hint ? hint->value : "";
}

}  // namespace

TEST_CASE("a server's end of a connection from before says which port it serves") {
    LateEnds ends;
    const auto hint = ends.served(late_end({"192.168.20.3", 10'000}, {"192.168.20.100", 51'904}), at(2));
    REQUIRE(hint);
    CHECK(*hint == DeviceHint{at(2), plug, {}, "tcp", "served", "10000"});
    CHECK(port_in(late_end({"192.168.20.3", 80}, {"192.168.20.100", 32'768})) == "80");
    CHECK(port_in(late_end({"192.168.20.3", 32'767}, {"192.168.20.100", 32'768})) == "32767");
}

TEST_CASE("who ends it from a short-lived port, or towards a lasting one, is not the server for certain") {
    CHECK(port_in(late_end({"192.168.20.3", 32'768}, {"192.168.20.100", 51'904})).empty());
    CHECK(port_in(late_end({"192.168.20.3", 51'904}, {"192.168.20.100", 10'000})).empty());
    CHECK(port_in(late_end({"192.168.20.3", 2049}, {"192.168.20.100", 780})).empty());
    CHECK(port_in(late_end({"192.168.20.3", 0}, {"192.168.20.100", 51'904})).empty());
}

TEST_CASE("only bare ends, and only between neighbours: a router's address is not the device's") {
    const Side server{"192.168.20.3", 10'000}, client{"192.168.20.100", 51'904};
    for (const std::uint8_t flags : {tcp_flag::fin, tcp_flag::ack, tcp_flag::rst})
        CHECK(port_in(late_end(server, client, flags)).empty());
    CHECK(port_in(late_end(server, client, end_of_one | tcp_flag::rst)).empty());
    CHECK(port_in(late_end(server, client, end_of_one | tcp_flag::syn)).empty());
    CHECK(port_in(late_end({"203.0.113.9", 443}, {"203.0.113.10", 51'904})).empty());
    CHECK(port_in(late_end(server, {"192.168.21.100", 51'904})).empty());
    CHECK(port_in(late_end({"fe80::1", 443}, {"fe80::2", 51'904})).empty());
    Packet packet = late_end(server, client);
    packet.payload = bytes("x");
    CHECK(port_in(packet).empty());
    packet = late_end(server, client);
    packet.tunnelled = true;
    CHECK(port_in(packet).empty());
    packet = late_end(server, client);
    packet.src_mac = {};
    CHECK(port_in(packet).empty());
    packet = late_end(server, client);
    packet.proto = Proto::udp;
    CHECK(port_in(packet).empty());
}

TEST_CASE("a flood of made-up ends is not told") {
    LateEnds ends;
    const auto told = [&ends](int from, int to, double seconds) {
        unsigned count = 0;
        for (int port = from; port < to; ++port) {
            const Side server{"192.168.20.3", static_cast<std::uint16_t>(port)};
            count += ends.served(late_end(server, {"192.168.20.100", 51'904}), at(seconds)).has_value() ? 1 : 0;
        }
        return count;
    };
    CHECK(told(1, 1001, 10) == LateEnds::most_per_second);
    CHECK(told(1001, 1011, 10.9) == 0);
    CHECK(told(1011, 1013, 11) == 2);
    CHECK(told(1, 10, 5) == LateEnds::most_per_second);  // the packets' clock went back
}
