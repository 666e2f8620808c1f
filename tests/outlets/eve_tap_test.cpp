#include "outlets/eve_tap.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace linnet;

namespace {

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");

Json alert(std::uint64_t id) {
    Alert alert;
    alert.id = id;
    alert.detector = "telnet";
    alert.signature = "Telnet in use";
    alert.device = {*MacAddress::parse("b8:27:eb:00:00:01"), {}, "thing"};
    alert.first_seen = alert.last_seen = noon;
    return to_eve(alert);
}

/// An answer to `changes` with the alerts of these numbers; the change of each is the number itself.
Json answer(const std::string& series, std::uint64_t first, std::uint64_t last, std::uint64_t newest) {
    Json alerts = Json::array();
    for (auto id = first; id <= last; ++id) alerts.emplace_back(alert(id))["linnet"]["change"] = id;
    return {{"series", series}, {"last", newest}, {"forgets", 0}, {"alerts", alerts}};
}

Json device(const std::string& name, std::uint64_t bytes, Timestamp seen) {
    Device device;
    device.key = "b8:27:eb:00:00:01";
    device.mac = *MacAddress::parse(device.key);
    device.name = name;
    device.first_seen = noon;
    device.last_seen = seen;
    device.bytes_sent = bytes;
    return to_eve(device);
}

/// As dumped, but for the offset of the time.
std::string line(const Json& eve) {
    auto text = dump(eve);
    const std::string from = R"("timestamp":"2026-03-01T12:00:00.000000Z")";
    const auto at = text.find(from);
    REQUIRE(at == 1);
    return text.replace(at, from.size(), R"("timestamp":"2026-03-01T12:00:00.000000+0000")") + '\n';
}

}  // namespace

TEST_CASE("eve tap: only the time of the object itself has another form, and what has none stays") {
    CHECK(eve_line({{"timestamp", "2026-03-01T12:00:00.000000Z"}, {"at", "2026-03-01T12:00:00.000000Z"}}) ==
          "{\"timestamp\":\"2026-03-01T12:00:00.000000+0000\",\"at\":\"2026-03-01T12:00:00.000000Z\"}\n");
    CHECK(eve_line({{"timestamp", 7}}) == "{\"timestamp\":7}\n");
    CHECK(eve_line(Json::object()) == "{}\n");
}

TEST_CASE("eve tap: alerts in order, as linnet inspect prints them, and nothing twice over a restart") {
    EveTap tap{""};
    std::string lines;
    CHECK(tap.question() == Json{{"after", 0}, {"limit", 500}});
    CHECK_FALSE(tap.take_changes(answer("a", 1, 2, 2), lines));
    CHECK(lines == line(alert(1)) + line(alert(2)));

    EveTap again{tap.cursor()};
    lines.clear();
    CHECK(again.question().at("after") == 2);
    CHECK_FALSE(again.take_changes(answer("a", 2, 3, 9), lines));  // 4 to 9 are gone meanwhile
    CHECK(lines == line(alert(3)));
    CHECK(again.question().at("after") == 9);
}

TEST_CASE("eve tap: many alerts are asked for in pieces") {
    EveTap tap{""};
    std::string lines;
    CHECK(tap.take_changes(answer("a", 1, 500, 501), lines));
    CHECK(tap.question().at("after") == 500);
    CHECK_FALSE(tap.take_changes(answer("a", 501, 501, 501), lines));
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 501);
}

TEST_CASE("eve tap: another series is read from its beginning") {
    EveTap tap{R"({"series":"a","after":40})"};
    std::string lines;
    CHECK(tap.take_changes(answer("b", 41, 42, 42), lines));  // 1 to 40 of b are not in it
    CHECK(lines.empty());
    CHECK(tap.question().at("after") == 0);
    CHECK_FALSE(tap.take_changes(answer("b", 1, 42, 42), lines));
    CHECK(std::count(lines.begin(), lines.end(), '\n') == 42);
}

TEST_CASE("eve tap: a cursor that makes no sense is none; an answer that makes none is no end") {
    for (const char* cursor :
         {"{", "[]", "7", R"({"series":1,"after":2})", R"({"series":"a","after":-2})", R"({"after":2})"})
        CHECK(EveTap{cursor}.question().at("after") == 0);
    EveTap tap{""};
    std::string lines;
    CHECK_THROWS_AS(tap.take_changes(Json{{"series", "a"}}, lines), Json::exception);
    CHECK_THROWS_AS(tap.take_changes(Json::array(), lines), Json::exception);
}

TEST_CASE("eve tap: a device is told when something about it is new, not at every packet") {
    EveTap tap{""};
    std::string lines;
    tap.take_devices(Json::array({device("camera", 10, noon)}), lines);
    CHECK(lines == line(device("camera", 10, noon)));
    lines.clear();
    tap.take_devices(Json::array({device("camera", 99, noon + std::chrono::seconds{5})}), lines);
    CHECK(lines.empty());
    tap.take_devices(Json::array({device("hall", 99, noon)}), lines);
    CHECK(lines == line(device("hall", 99, noon)));
    lines.clear();
    tap.take_devices(Json::array(), lines);
    tap.take_devices(Json::array({device("hall", 99, noon)}), lines);  // it was forgotten, and came back
    CHECK(lines == line(device("hall", 99, noon)));
}

TEST_CASE("eve tap: counters are told when they moved, for each run of a sensor") {
    const auto status = [](std::uint64_t packets) {
        SensorStats stats;
        stats.at = noon;
        stats.packets = packets;
        Json sensor{{"id", "s"}, {"epoch", 7}};
        sensor["stats"] = to_eve(stats);
        Json fresh{{"id", "t"}, {"epoch", 1}};
        fresh["stats"] = to_eve(SensorStats{});  // no time: it has not counted
        return Json{{"sensors", Json::array({sensor, fresh})}};
    };
    EveTap tap{""};
    std::string lines;
    tap.take_status(status(1), lines);
    CHECK(lines == line(status(1).at("sensors").at(0).at("stats")));
    lines.clear();
    tap.take_status(status(1), lines);
    CHECK(lines.empty());
    tap.take_status(status(2), lines);
    CHECK(lines.find(R"("pkts":2)") != std::string::npos);
}
