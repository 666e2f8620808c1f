// NAT-PMP and PCP answers by hand (RFC 6886, section 3.3; RFC 6887, sections 7.2 and 11.1).
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

Packet answer(std::string_view payload) { return udp(1, {"192.168.1.1", 5351}, {"192.168.1.20", 40000}, payload); }

std::string nat_pmp(unsigned operation, unsigned result, unsigned inner, unsigned outer, std::uint32_t lifetime) {
    return "\0"s + static_cast<char>(operation) + u16(result) + u32(1000) + u16(inner) + u16(outer) + u32(lifetime);
}

std::string pcp(unsigned result, unsigned proto, unsigned inner, unsigned outer, std::uint32_t lifetime) {
    return "\x02\x81\x00"s + static_cast<char>(result) + u32(lifetime) + u32(1000) + std::string(12, '\0') + "twelve bytes" +
           static_cast<char>(proto) + std::string(3, '\0') + u16(inner) + u16(outer) + std::string(10, '\0') + "\xFF\xFF" +
           address("203.0.113.5");
}

PortMapping mapping_of(const std::string& message) {
    sweep(port_mapping, answer(message));
    const auto events = events_of(port_mapping, answer(message));
    REQUIRE(events.size() == 1);
    return std::get<PortMapping>(events[0]);
}

}  // namespace

TEST_CASE("NAT-PMP: who opened which port, for whom and how long") {
    const PortMapping expected{.at = at(1),
                               .client = {ip("192.168.1.20"), {40000}, {}},
                               .router = {ip("192.168.1.1"), {5351}, {}},
                               .protocol = MappingProtocol::nat_pmp,
                               .action = MappingAction::add,
                               .outcome = Outcome::success,
                               .proto = Proto::tcp,
                               .external_port = {8443},
                               .internal_ip = ip("192.168.1.20"),
                               .internal_port = {443},
                               .lifetime = 3600,
                               .description = {}};
    CHECK(mapping_of(nat_pmp(130, 0, 443, 8443, 3600)) == expected);
    CHECK(mapping_of(nat_pmp(129, 0, 443, 8443, 3600)).proto == Proto::udp);
}

TEST_CASE("NAT-PMP: closed again, and refused") {
    CHECK(mapping_of(nat_pmp(130, 0, 443, 0, 0)).action == MappingAction::remove);
    const auto refused = mapping_of(nat_pmp(130, 2, 443, 0, 0));
    CHECK(refused.outcome == Outcome::failure);
    CHECK(refused.action == MappingAction::add);
}

TEST_CASE("PCP: the same, for any protocol and also for a third party") {
    const auto own = mapping_of(pcp(0, 17, 51820, 51820, 7200));
    CHECK(own.protocol == MappingProtocol::pcp);
    CHECK(own.proto == Proto::udp);
    CHECK(own.outcome == Outcome::success);
    CHECK(own.external_port.number == 51820);
    CHECK(own.internal_port.number == 51820);
    CHECK(own.internal_ip == ip("192.168.1.20"));
    CHECK(own.lifetime == 7200);
    const std::string prefer_failure = "\x02\x00\x00\x00"s;
    const std::string third = "\x01\x00\x00\x10"s + std::string(10, '\0') + "\xFF\xFF" + address("192.168.1.30");
    CHECK(mapping_of(pcp(0, 6, 80, 8080, 60) + prefer_failure + third).internal_ip == ip("192.168.1.30"));
    CHECK(mapping_of(pcp(0, 6, 80, 8080, 0)).action == MappingAction::remove);
    const auto refused = mapping_of(pcp(2, 6, 80, 8080, 30));
    CHECK(refused.outcome == Outcome::failure);
    CHECK(refused.lifetime == 0);
}

TEST_CASE("port mappings: what is none") {
    const auto is_silent = [](const std::string& message) { return events_of(port_mapping, answer(message)).empty(); };
    CHECK(is_silent(nat_pmp(128, 0, 0, 0, 0)));  // the external address
    CHECK(is_silent(nat_pmp(2, 0, 443, 8443, 60)));
    CHECK(is_silent("\x01"s + nat_pmp(130, 0, 443, 8443, 60).substr(1)));
    auto peer = pcp(0, 6, 80, 8080, 60);
    peer[1] = '\x82';
    CHECK(is_silent(peer));
    CHECK(events_of(port_mapping, udp(1, {"192.168.1.20", 40000}, {"192.168.1.1", 5351}, nat_pmp(130, 0, 1, 1, 1))).empty());
}
