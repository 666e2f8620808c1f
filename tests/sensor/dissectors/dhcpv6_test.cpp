// DHCPv6: what a client says about itself.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

std::string option(unsigned code, const std::string& value) {
    return u16(code) + u16(static_cast<unsigned>(value.size())) + value;
}
Hints told(char type, const std::string& options) {
    return hints_in(dhcpv6, udp(1, {"fe80::30", 546}, {"ff02::1:2", 547}, std::string{type} + "\x01\x02\x03" + options));
}

}  // namespace

TEST_CASE("DHCPv6: a client's identity, classes, name, wishes and their order") {
    const std::string options = option(1, "\x00\x03\x00\x01\x02\x00\x00\x00\x00\x30"s) + option(8, u16(0)) +
                                option(39, "\x00\x03pc7\x04home\x00"s) +
                                option(16, u32(311) + u16(8) + "MSFT 5.0" + u16(1) + "x") +
                                option(6, u16(17) + u16(23) + u16(24)) + option(112, "https://example.com/m.json");
    for (const char type : {'\x01', '\x03', '\x0B'}) {
        CHECK(told(type, options) == Hints{"dhcpv6 duid=00030001020000000030", "dhcpv6 fqdn=pc7.home",
                                           "dhcpv6 vendor-class=311:MSFT 5.0,x", "dhcpv6 parameter-list=17,23,24",
                                           "dhcpv6 mud-url=https://example.com/m.json", "dhcpv6 options=1,8,39,16,6,112"});
    }
}

TEST_CASE("DHCPv6: a server, a relay, a name that is not ended, an option that runs over the end") {
    for (const char type : {'\x02', '\x07', '\x0C', '\x0D'}) CHECK(told(type, option(1, "abcd")).empty());
    CHECK(told('\x01', option(39, "\x01\x03pc7"s)) == Hints{"dhcpv6 fqdn=pc7", "dhcpv6 options=39"});
    CHECK(told('\x01', option(16, u32(311) + u16(9) + "short")) == Hints{"dhcpv6 options=16"});
    CHECK(told('\x01', option(8, u16(0)) + u16(1) + u16(99) + "x") == Hints{"dhcpv6 options=8"});
    CHECK(told('\x01', option(39, ""s)) == Hints{"dhcpv6 options=39"});
}
