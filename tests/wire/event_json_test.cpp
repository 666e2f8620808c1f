#include "wire/event_json.hpp"

#include "tests/wire/random_event.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace linnet;

namespace {

std::string line_of(const Event& event) {
    std::string line;
    append_json_line(event, line);
    return line;
}

std::string refusal(std::string_view line) {
    std::string error;
    CHECK_FALSE(parse_json_line(line, error));
    return error;
}

}  // namespace

TEST_CASE("an event is one line: keys in the order of event.hpp, zero and empty values left out") {
    Login login;
    login.at = *parse_timestamp("2026-03-01T18:20:11.120345Z");
    login.flow_id = 3;
    login.client = {IpAddress::v4(0xc0a80117), Port{40'000}, MacAddress{{0xb8, 0x27, 0xeb, 0, 0, 0x23}}};
    login.server.ip = *IpAddress::parse("2001:db8::9");
    login.server.port = Port{21};
    login.service = Service::ftp;
    login.outcome = Outcome::success;
    login.user = "o\"hara\n";
    CHECK(line_of(login) ==
          R"({"event":"login","at":"2026-03-01T18:20:11.120345Z","flow_id":3,)"
          R"("client":{"ip":"192.168.1.23","port":40000,"mac":"b8:27:eb:00:00:23"},)"
          R"("server":{"ip":"2001:db8::9","port":21},"service":"ftp","outcome":"success","user":"o\"hara\u000a"})"
          "\n");

    Probe probe;
    probe.source = IpAddress::v4(0xc0a80117);
    probe.kind = ProbeKind::udp;
    probe.attempts = {{IpAddress::v4(0xc6336401), Port{53}, ProbeOutcome::refused, true}, {}};
    CHECK(line_of(probe) ==
          R"({"event":"probe","source":"192.168.1.23","kind":"udp","attempts":[)"
          R"({"target":"198.51.100.1","port":53,"outcome":"refused","hallmark":true},{"outcome":"unanswered"}]})"
          "\n");
    CHECK(line_of(Flow{}) == R"({"event":"flow","stage":"start","proto":"0"})"
                             "\n");
}

TEST_CASE("any event within the limits comes back from its line exactly, and the line is JSON that others can read") {
    test::RandomEvents events{11};
    for (int i = 0; i < 5'000; ++i) {
        const auto event = events.next();
        const auto line = line_of(event);
        REQUIRE(line.find('\n') == line.size() - 1);
        REQUIRE(nlohmann::json::accept(line));
        std::string error;
        const auto parsed = parse_json_line(line, error);
        INFO(line, error);
        REQUIRE(parsed == event);
        REQUIRE(error.empty());
    }
}

TEST_CASE("times are written as to_string writes them") {
    for (const auto* text : {"1970-01-01T00:00:00.000001Z", "2000-02-29T23:59:59.999999Z", "2026-12-31T00:00:00.000000Z",
                             "9999-12-31T23:59:59.999999Z"}) {
        Lost lost;
        lost.to = parse_timestamp(text).value();
        CHECK(line_of(lost) == std::string{R"({"event":"lost","to":")"} + text + "\"}\n");
        CHECK(to_string(lost.to) == text);
    }
}

TEST_CASE("a line that is not a valid event is refused with a reason") {
    CHECK(refusal("") == "the line is not a JSON object");
    CHECK(refusal("[1]") == "the line is not a JSON object");
    CHECK(refusal(R"({"event":"flow")") == "the line is not a JSON object");
    CHECK(refusal("{}") == "the object has no text \"event\"");
    CHECK(refusal(R"({"event":"party"})") == "the event \"party\" is not known");
    CHECK(refusal(R"({"event":"flow","id":-1})") == "\"id\" has a value that is not valid");
    CHECK(refusal(R"({"event":"flow","id":1.5})") == "\"id\" has a value that is not valid");
    CHECK(refusal(R"({"event":"flow","stage":"middle"})") == "\"stage\" has a value that is not valid");
    CHECK(refusal(R"({"event":"flow","proto":"256"})") == "\"proto\" has a value that is not valid");
    CHECK(refusal(R"({"event":"flow","client":{"port":65536}})") == "\"port\" has a value that is not valid");
    CHECK(refusal(R"({"event":"flow","client":7})") == "\"client\" has a value that is not valid");
    CHECK(refusal(R"({"event":"login","password":"secret"})") == "the object has a key that is not known");
    CHECK(refusal(R"({"event":"flow","client":{"name":"x"}})") == "the object has a key that is not known");
    CHECK(refusal(R"({"event":"lost","to":"1969-12-31T23:59:59.999999Z"})") == "to: not between the years 1970 and 9999");
    CHECK(refusal(R"({"event":"login","user":")" + std::string(256, 'u') + "\"}") == "user: longer than 255 bytes");
    CHECK(refusal("{\"event\":\"login\",\"user\":\"caf\xe9\"}") == "the line is not a JSON object");
    std::string attempts;
    for (int i = 0; i < 65; ++i) attempts += i == 0 ? "{}" : ",{}";
    CHECK(refusal(R"({"event":"probe","attempts":[)" + attempts + "]}") == "attempts: more than 64 attempts");
}

TEST_CASE("nesting deeper than any event has costs nothing") {
    const std::string deep = R"({"event":"flow","client":)" + std::string(30'000, '[') + std::string(30'000, ']') + "}";
    CHECK_FALSE(refusal(deep).empty());
}
