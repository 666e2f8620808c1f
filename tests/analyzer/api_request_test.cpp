#include "analyzer/api_request.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

ApiRequest accepted(std::string_view text) { return std::get<ApiRequest>(parse_api_request(text)); }
ApiRefusal refused(std::string_view text) { return std::get<ApiRefusal>(parse_api_request(text)); }

}  // namespace

TEST_CASE("requests are read with their arguments") {
    const auto status = accepted(R"({"id": 7, "request": "status"})");
    CHECK(status.id == 7);
    CHECK(status.question == ApiQuestion::status);
    CHECK(accepted(R"({"id":1,"request":"devices","arguments":{}})").question == ApiQuestion::devices);
    CHECK(accepted(R"({"id":1,"request":"subscribe"})").question == ApiQuestion::subscribe);
    const auto flows =
        accepted(R"({"id":1,"request":"flows","arguments":{"limit":5000,"before":9,"device":"b8:27:eb:00:00:23"}})");
    CHECK(flows.question == ApiQuestion::flows);
    CHECK(flows.page.limit == 5'000);
    CHECK(flows.page.before == 9);
    CHECK(flows.page.device == "b8:27:eb:00:00:23");
    CHECK(accepted(R"({"id":1,"request":"alerts"})").page.limit == 1'000);
    const auto changes = accepted(R"({"id":1,"request":"changes","arguments":{"after":18446744073709551615,"limit":9}})");
    CHECK(changes.question == ApiQuestion::changes);
    CHECK(changes.after == UINT64_MAX);
    CHECK(changes.page.limit == 9);
    CHECK(refused(R"({"id":1,"request":"changes","arguments":{"after":-1}})").code == "bad-request");
}

TEST_CASE("a report may be of one device and as of a time") {
    CHECK(accepted(R"({"id":1,"request":"report"})").question == ApiQuestion::report);
    const auto request = accepted(
        R"({"id":1,"request":"report","arguments":{"device":"192.168.1.5","as_of":"2026-03-01T18:20:11.000000Z"}})");
    CHECK(request.page.device == "192.168.1.5");
    CHECK(request.as_of == parse_timestamp("2026-03-01T18:20:11.000000Z"));
    CHECK(refused(R"({"id":3,"request":"report","arguments":{"limit":1}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"report","arguments":{"as_of":7}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"report","arguments":{"as_of":"noon"}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"alerts","arguments":{"as_of":"2026-03-01T18:20:11.000000Z"}})").code ==
          "bad-request");
}

TEST_CASE("requests about MUD files need what they are about") {
    CHECK(accepted(R"({"id":1,"request":"mud"})").question == ApiQuestion::mud);
    const auto import =
        accepted(R"({"id":1,"request":"mud-import","arguments":{"device":"b8:27:eb:00:00:23","file":"{}"}})");
    CHECK(import.question == ApiQuestion::mud_import);
    CHECK(import.page.device == "b8:27:eb:00:00:23");
    CHECK(import.file == "{}");
    CHECK(refused(R"({"id":1,"request":"mud-import","arguments":{"device":"x"}})").message ==
          "The request needs device and file.");
    CHECK(refused(R"({"id":1,"request":"mud-export"})").message == "The request needs device.");
    CHECK(refused(R"({"id":1,"request":"mud-export","arguments":{"device":"x","file":"y"}})").message ==
          "The request has an argument that is not known: device is.");
    CHECK(refused(R"({"id":1,"request":"mud-import","arguments":{"device":"x","file":{}}})").code == "bad-request");
    CHECK(refused(R"({"id":1,"request":"mud","arguments":{"device":"x"}})").code == "bad-request");
}

TEST_CASE("what makes no sense is refused, with the request's number where there is one") {
    CHECK(refused("").code == "bad-request");
    CHECK(refused("[]").code == "bad-request");
    CHECK(refused(R"({"request":"status"})").code == "bad-request");
    CHECK(refused(R"({"id":-1,"request":"status"})").id == 0);
    CHECK(refused(R"({"id":3})").code == "unknown-request");
    CHECK(refused(R"({"id":3,"request":"dance"})").code == "unknown-request");
    CHECK(refused(R"({"id":3,"request":7})").id == 3);
    CHECK(refused(R"({"id":3,"request":"status","arguments":7})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"status","arguments":{"limit":1}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"alerts","arguments":{"limits":1}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"alerts","arguments":{"limit":0}})").message ==
          "\"limit\" must be a number from 1 to 5000.");
    CHECK(refused(R"({"id":3,"request":"alerts","arguments":{"limit":5001}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"alerts","arguments":{"limit":"9"}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"alerts","arguments":{"before":-1}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"alerts","arguments":{"before":9223372036854775808}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"alerts","arguments":{"device":[]}})").code == "bad-request");
    CHECK(refused(R"({"id":3,"request":"status","more":)" + std::string(60'000, '[')).code == "bad-request");
    CHECK(refused(std::string(max_api_request + 1, ' ')).message == "The request is too long.");
}

TEST_CASE("what a person says of alerts") {
    CHECK(accepted(R"({"id":1,"request":"alert-acknowledge","arguments":{"alert":9}})").alert == 9);
    const auto mute = accepted(
        R"({"id":1,"request":"alert-mute","arguments":{"device":"x","kind":"telnet","peer":"192.0.2.1","until":"2026-03-01T18:20:11.000000Z"}})");
    CHECK(mute.question == ApiQuestion::alert_mute);
    CHECK(mute.page.device == "x");
    CHECK(mute.kind == "telnet");
    CHECK(mute.peer == "192.0.2.1");
    CHECK(mute.until == parse_timestamp("2026-03-01T18:20:11.000000Z"));
    CHECK(accepted(R"({"id":1,"request":"mutes"})").question == ApiQuestion::mutes);
    CHECK(accepted(R"({"id":1,"request":"unmute","arguments":{"mute":3}})").mute == 3);
    CHECK(accepted(R"({"id":1,"request":"device-trust","arguments":{"device":"x","trusted":false}})").trusted == false);
    CHECK(refused(R"({"id":1,"request":"alert-acknowledge"})").message == "The request needs alert.");
    CHECK(refused(R"({"id":1,"request":"alert-acknowledge","arguments":{"alert":-1}})").code == "bad-request");
    CHECK(refused(R"({"id":1,"request":"alert-acknowledge","arguments":{"alert":9223372036854775807}})").code ==
          "bad-request");
    CHECK(refused(R"({"id":1,"request":"alert-mute","arguments":{"device":"x","until":"noon"}})").code == "bad-request");
    CHECK(refused(R"({"id":1,"request":"device-trust","arguments":{"device":"x","trusted":"yes"}})").code == "bad-request");
    CHECK(refused(R"({"id":1,"request":"unmute","arguments":{"mute":"1"}})").code == "bad-request");
}
