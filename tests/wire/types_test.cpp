#include "wire/types.hpp"

#include "wire/event_limits.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

IpAddress ip(const char* text) { return IpAddress::parse(text).value(); }
IpPrefix prefix(const char* text) { return IpPrefix::parse(text).value(); }

}  // namespace

TEST_CASE("time is written as in EVE and read back exactly") {
    // 1772389211 s after 1970 is 2026-03-01T18:20:11Z.
    const Timestamp time{std::chrono::seconds{1'772'389'211} + Duration{120'345}};
    CHECK(to_string(time) == "2026-03-01T18:20:11.120345Z");
    CHECK(parse_timestamp("2026-03-01T18:20:11.120345Z") == time);
    CHECK(parse_timestamp("1970-01-01T00:00:00.000000Z") == Timestamp{});
    CHECK(parse_timestamp("2000-02-29T00:00:00.000000Z"));
    for (const auto* wrong : {"", "2026-03-01T18:20:11Z", "2026-03-01 18:20:11.120345Z", "2026-03-01T24:00:00.000000Z",
                              "2026-02-29T00:00:00.000000Z", "2026-13-01T00:00:00.000000Z", "2026-03-01T18:60:11.120345Z",
                              "2026-03-01T18:20:11.12034xZ", "2026-03-01T18:20:11.120345Z ", "-026-03-01T18:20:11.120345Z"})
        CHECK_FALSE(parse_timestamp(wrong));
}

TEST_CASE("MAC addresses: six pairs of hexadecimal digits between colons") {
    const auto mac = MacAddress::parse("b8:27:EB:00:00:23");
    REQUIRE(mac);
    CHECK(to_string(*mac) == "b8:27:eb:00:00:23");
    CHECK(mac->known());
    CHECK_FALSE(mac->is_group());
    CHECK_FALSE(mac->is_locally_administered());
    CHECK(MacAddress::parse("01:00:5e:00:00:fb")->is_group());
    CHECK(MacAddress::parse("02:00:00:00:00:01")->is_locally_administered());
    CHECK_FALSE(MacAddress::parse("00:00:00:00:00:00")->known());
    for (const auto* wrong : {"", "b8:27:eb:00:00", "b8:27:eb:00:00:2", "b8-27-eb-00-00-23", "b8:27:eb:00:00:2g",
                              "b8:27:eb:00:00:230", "+8:27:eb:00:00:23"})
        CHECK_FALSE(MacAddress::parse(wrong));
}

TEST_CASE("IPv4 is kept as its mapped IPv6 form (RFC 4291, section 2.5.5.2)") {
    CHECK(ip("192.0.2.1") == IpAddress::v4(0xc0000201));
    CHECK(ip("::ffff:192.0.2.1") == ip("192.0.2.1"));
    CHECK(ip("192.0.2.1").is_v4());
    CHECK(ip("192.0.2.1").as_v4() == 0xc0000201);
    CHECK_FALSE(ip("2001:db8::1").is_v4());
    CHECK(to_string(ip("192.0.2.1")) == "192.0.2.1");
    CHECK(to_string(ip("2001:DB8:0:0::1")) == "2001:db8::1");
    for (const auto* wrong : {"", "192.0.2", "192.0.2.256", "2001:db8", "2001:db8::1%eth0", "example.com"})
        CHECK_FALSE(IpAddress::parse(wrong));
}

TEST_CASE("private addresses end where their RFC says") {
    for (const auto* local :
         {"10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255", "100.64.0.0",
          "100.127.255.255", "169.254.0.1", "127.0.0.1", "fc00::1", "fdff::1", "fe80::1", "febf::1", "::1"})
        CHECK_MESSAGE(ip(local).is_private(), local);
    for (const auto* outside :
         {"9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "100.63.255.255",
          "100.128.0.0", "203.0.113.9", "2001:db8::1", "fec0::1", "fbff::1"})
        CHECK_MESSAGE(!ip(outside).is_private(), outside);
}

TEST_CASE("special addresses are known by their kind") {
    CHECK(ip("224.0.0.251").is_multicast());
    CHECK(ip("239.255.255.250").is_multicast());
    CHECK_FALSE(ip("240.0.0.1").is_multicast());
    CHECK(ip("ff02::fb").is_multicast());
    CHECK(ip("255.255.255.255").is_broadcast());
    CHECK(ip("0.0.0.0").is_unspecified());
    CHECK(ip("::").is_unspecified());
    CHECK(ip("127.1.2.3").is_loopback());
    CHECK(ip("::1").is_loopback());
    CHECK_FALSE(IpAddress{}.known());
}

TEST_CASE("a prefix contains its first and last address and neither neighbour") {
    CHECK(prefix("192.168.1.0/24").contains(ip("192.168.1.0")));
    CHECK(prefix("192.168.1.0/24").contains(ip("192.168.1.255")));
    CHECK_FALSE(prefix("192.168.1.0/24").contains(ip("192.168.0.255")));
    CHECK_FALSE(prefix("192.168.1.0/24").contains(ip("192.168.2.0")));
    CHECK(prefix("10.0.0.128/25").contains(ip("10.0.0.200")));
    CHECK_FALSE(prefix("10.0.0.128/25").contains(ip("10.0.0.127")));
    CHECK(prefix("2001:db8::/33").contains(ip("2001:db8:7fff::1")));
    CHECK_FALSE(prefix("2001:db8::/33").contains(ip("2001:db8:8000::1")));
    CHECK(prefix("0.0.0.0/0").contains(ip("203.0.113.9")));
    CHECK_FALSE(prefix("0.0.0.0/0").contains(ip("2001:db8::1")));
    CHECK(prefix("192.0.2.1").contains(ip("192.0.2.1")));
    for (const auto* wrong : {"192.168.1.0/33", "2001:db8::/129", "192.168.1.0/", "192.168.1.0/x", "192.168.1/24", "/24"})
        CHECK_FALSE(IpPrefix::parse(wrong));
}

TEST_CASE("UTF-8 is checked as RFC 3629 defines it") {
    const auto whole = [](std::string_view text) { return utf8_prefix(text) == text.size(); };
    for (const std::string_view good : {"", "plain", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                                        "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
        CHECK(whole(good));
    for (const std::string_view bad : {"\x80", "\xc0\xaf", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
                                       "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"})
        CHECK_FALSE(whole(bad));
    CHECK(utf8_prefix("ab\xff") == 2);
    CHECK(legal_text("a\xff\xfe€") == "a??€");
    CHECK(legal_text(std::string(300, 'x')).size() == max_text);
}
