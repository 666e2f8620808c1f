// `linnet flows`: what people type, and what they are told where it is not possible.
#include "cli/flow_expression.hpp"

#include "cli/moment.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>
#include <stdexcept>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");

Json arguments(const std::vector<std::string>& terms) { return parse_flow_expression(terms, noon).arguments; }

std::string refusal(const std::vector<std::string>& terms) {
    try {
        parse_flow_expression(terms, noon);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

void use_zone(const char* zone) {
    setenv("TZ", zone, 1);
    tzset();
}

}  // namespace

TEST_CASE("the whole in quotation marks is the same: a term begins behind a space where KEY= does") {
    const auto expression = parse_flow_expression({"device=Hall camera  app=mqtt since=1d", " port=8883"}, noon);
    CHECK(expression.device == "Hall camera");
    CHECK(expression.arguments == arguments({"app=mqtt", "since=1d", "port=8883"}));
    CHECK(parse_flow_expression({"device=a = b"}, noon).device == "a = b");
}

TEST_CASE("each term becomes an argument of the request; the device is left to who knows the devices") {
    const auto expression = parse_flow_expression({"device=Hall camera", "APP=mqtt", "port=8883", "proto=UDP",
                                                   "peer=192.0.2.0/24", "direction=Out", "since=1d", "until=90m"},
                                                  noon);
    CHECK(expression.device == "Hall camera");
    CHECK(expression.arguments == Json{{"app", "mqtt"},
                                       {"port", 8883},
                                       {"proto", "udp"},
                                       {"peer", "192.0.2.0/24"},
                                       {"direction", "out"},
                                       {"since", "2026-02-28T12:00:00.000000Z"},
                                       {"until", "2026-03-01T10:30:00.000000Z"}});
    CHECK(arguments({}).empty());
    CHECK(arguments({"app=a=b"}).at("app") == "a=b");
    CHECK(arguments({"peer=2001:db8::1"}).at("peer") == "2001:db8::1");
    CHECK(arguments({"port=0"}).at("port") == 0);
}

TEST_CASE("what is not possible is a sentence that says what is") {
    CHECK(refusal({"camera"}) == "camera is no KEY=VALUE, such as device=camera, app=mqtt or since=1d.");
    CHECK(refusal({"=camera"}) == "=camera is no KEY=VALUE, such as device=camera, app=mqtt or since=1d.");
    CHECK(refusal({"colour=red"}) ==
          "colour is nothing to choose flows by: device, app, port, proto, peer, direction, since and until are.");
    CHECK(refusal({"app="}) == "app= has no value.");
    CHECK(refusal({"app=a", "app=b"}) == "app= is there twice; each may be there once.");
    CHECK(refusal({"device=a", "device=b"}) == "device= is there twice; each may be there once.");
    for (const std::string port : {"65536", "-1", "443x", "x", "4 4"})
        CHECK(refusal({"port=" + port}) == "port= wants a number from 0 to 65535, such as port=443.");
    CHECK(refusal({"proto=sctp"}) == "proto= wants one of these: tcp, udp, icmp, icmpv6.");
    CHECK(refusal({"direction=up"}) == "direction= wants one of these: out, in, inside.");
    CHECK(refusal({"peer=example.org"}).starts_with("peer= wants an address or a prefix"));
    CHECK(refusal({"since=yesterday"}).starts_with("since= wants how long ago or when, such as 90m"));
    CHECK(refusal({"app=" + std::string(256, 'a')}) == "The value of app= is too long.");
    CHECK(refusal({"\x1b[31mred=1"}).find('\x1b') == std::string::npos);
}

TEST_CASE("spans: a number and a unit, more than nothing and at most ten years") {
    CHECK(parse_span("90s") == 90s);
    CHECK(parse_span("30m") == 30min);
    CHECK(parse_span("12h") == 12h);
    CHECK(parse_span("1d") == 24h);
    CHECK(parse_span("2w") == 336h);
    CHECK(parse_span("3660d"));
    for (const std::string_view none :
         {"", "d", "1", "0d", "-1d", "+1d", "1.5h", "1 d", "1D", "3661d", "99999999999999999999d", "9223372036854775807s"})
        CHECK_FALSE_MESSAGE(parse_span(none), none);
}

TEST_CASE("times: a day, a minute or a second, here or in UTC; or so long ago") {
    use_zone("Europe/Berlin");
    const auto is = [](std::string_view text, const char* utc) { return parse_moment(text, noon) == parse_timestamp(utc); };
    CHECK(is("2026-03-01", "2026-02-28T23:00:00.000000Z"));
    CHECK(is("2026-07-01 18:20", "2026-07-01T16:20:00.000000Z"));  // summer
    CHECK(is("2026-03-01T18:20:11", "2026-03-01T17:20:11.000000Z"));
    CHECK(is("2026-03-01T18:20:11Z", "2026-03-01T18:20:11.000000Z"));
    CHECK(is("2028-02-29Z", "2028-02-29T00:00:00.000000Z"));
    CHECK(is("2d", "2026-02-27T12:00:00.000000Z"));
    for (const std::string_view none :
         {"2026-02-29", "2026-13-01", "2026-3-1", "2026-03-01T24:00", "2026-03-01T18:60", "2026-03-01T18:20:60",
          "2026-03-01T18:20:11x", "1969-12-31", "2026-03-01T", "noon", "20-6-03-01", "2026--3-01"})
        CHECK_FALSE_MESSAGE(parse_moment(none, noon), none);
    use_zone("UTC");
}
