// `linnet watch`: the home as a feed tells it, and its picture.
#include "cli/live_home.hpp"
#include "cli/live_view.hpp"
#include "cli/text.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <ctime>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");

Json alert(std::uint64_t id, Severity severity, const std::string& device, AlertState state = AlertState::fresh) {
    Alert made;
    made.id = id;
    made.severity = severity;
    made.detector = "telnet";
    made.signature = "Telnet in use";
    made.device = {{}, *IpAddress::parse("192.168.1." + std::to_string(id)), device};
    made.first_seen = made.last_seen = noon + std::chrono::seconds{id};
    Json eve = to_eve(made);
    put({.state = state,
         .acknowledged = {},
         .muted_until = state == AlertState::muted ? std::optional{noon + 24h} : std::nullopt},
        eve);
    return eve;
}

Json device(const std::string& key, const std::string& name, std::uint64_t sent = 0, std::uint64_t received = 0) {
    Device made;
    made.key = key;
    made.name = name;
    made.first_seen = made.last_seen = noon;
    made.bytes_sent = sent;
    made.bytes_received = received;
    return to_eve(made);
}

Json sensor(bool connected) {
    return {{"sensors", Json::array({{{"id", "pi"}, {"source", "eth0"}, {"connected", connected}, {"finished", false}}})}};
}

Json all(Json alerts, Json devices, bool connected = true) {
    return {{"sequence", 7}, {"alerts", std::move(alerts)}, {"devices", std::move(devices)}, {"status", sensor(connected)}};
}

Json feed(std::uint64_t sequence, Json alerts, Json devices = Json::array()) {
    return {{"sequence", sequence}, {"alerts", std::move(alerts)}, {"devices", std::move(devices)}};
}

LiveHome home_with(Json alerts, bool connected = true) {
    LiveHome home;
    home.begin(all(std::move(alerts), Json::array({device("192.168.1.1", "hub")}), connected), noon);
    return home;
}

const Json none = Json::array();

}  // namespace

TEST_CASE("the verdict: the gravest says it; calm only where somebody listens; what is muted is counted and said") {
    CHECK(home_with(none).verdict().sentence == "All quiet: nothing to do.");
    CHECK(home_with(none).verdict().reach == "Watching 1 device through 1 sensor.");
    CHECK(home_with(none, false).verdict().sentence == "Linnet cannot hear your network.");
    CHECK(home_with(Json::array({alert(1, Severity::worth_knowing, "hub")})).verdict().sentence ==
          "All quiet: 1 thing worth knowing.");
    CHECK(home_with(Json::array({alert(1, Severity::important, "hub")})).verdict().sentence ==
          "Nothing urgent. 1 device deserves a look: hub.");
    const auto two = home_with(Json::array(
        {alert(1, Severity::act_now, "hub"), alert(2, Severity::act_now, "plug"), alert(3, Severity::important, "tv")}));
    CHECK(two.verdict().sentence == "2 devices need you now: hub, plug.");
    CHECK(two.verdict().need == Severity::act_now);
    CHECK(home_with(Json::array({alert(1, Severity::act_now, "hub", AlertState::muted)})).verdict().sentence ==
          "1 device needs you now: hub. You muted 1 alert of it.");
    CHECK(home_with(Json::array({alert(1, Severity::act_now, "hub", AlertState::acknowledged)})).verdict().need ==
          Severity::act_now);
    CHECK_FALSE(home_with(Json::array({alert(1, Severity::act_now, "hub", AlertState::ended)})).verdict().need);
    CHECK(home_with(Json::array({alert(1, Severity::act_now, "a"), alert(2, Severity::act_now, "b"),
                                 alert(3, Severity::act_now, "c"), alert(4, Severity::act_now, "\x1b[31md")}))
              .verdict()
              .sentence == "4 devices need you now: \\x1B[31md, a, b and 1 more.");
}

TEST_CASE("news: an alert that is new, graver, or stands otherwise; not one that only counts up; a gap is noticed") {
    auto home = home_with(none);
    CHECK(home.apply(feed(8, Json::array({alert(1, Severity::important, "hub")})), noon)->alerts.size() == 1);
    CHECK(home.apply(feed(9, Json::array({alert(1, Severity::important, "hub")})), noon)->alerts.empty());
    CHECK(home.apply(feed(10, Json::array({alert(1, Severity::act_now, "hub")})), noon)->alerts.size() == 1);
    CHECK(home.apply(feed(11, Json::array({alert(1, Severity::act_now, "hub", AlertState::muted)})), noon)->alerts.size() ==
          1);
    const auto first = home.apply(feed(12, none, Json::array({device("192.168.1.2", "plug")})), noon);
    REQUIRE(first);
    CHECK(first->devices.size() == 1);
    CHECK(home.apply(feed(13, none, Json::array({device("192.168.1.2", "plug")})), noon)->devices.empty());
    CHECK_FALSE(home.apply(feed(15, none), noon));
    Json gone = feed(14, none);
    gone["gone"] = Json::array({"192.168.1.2"});
    CHECK(home.apply(gone, noon));
    CHECK(home.device_count() == 1);
    Json lost = feed(15, none);
    lost["status"] = sensor(false);
    const auto news = home.apply(lost, noon);
    REQUIRE(news);
    REQUIRE(news->sensors.size() == 1);
    CHECK(news_lines(*news) == std::vector<std::string>{"sensor     pi on eth0 is not connected"});
}

TEST_CASE("traffic now: what came between two records, and nothing once it is quiet") {
    LiveHome home;
    home.begin(all(none, Json::array({device("192.168.1.1", "hub", 1'000, 0), device("192.168.1.2", "plug")})), noon);
    CHECK(home.devices(noon)[0].sending == 0);
    home.apply(feed(8, none, Json::array({device("192.168.1.2", "plug", 100, 0)})), noon + 1s);
    CHECK(home.devices(noon + 1s)[0].sending == 0);  // since when is not known
    home.apply(feed(9, none, Json::array({device("192.168.1.2", "plug", 5'100, 20'000)})), noon + 6s);
    CHECK(home.devices(noon + 6s)[0].device.name == "plug");
    CHECK(home.devices(noon + 6s)[0].sending == doctest::Approx(1'000));
    CHECK(home.devices(noon + 6s)[0].receiving == doctest::Approx(4'000));
    CHECK(home.devices(noon + 37s)[0].sending == 0);
}

TEST_CASE("no more alerts are kept than there is room for, the newest") {
    auto home = home_with(none);
    for (std::uint64_t id = 1; id <= LiveHome::max_alerts + 5; ++id)
        home.apply(feed(7 + id, Json::array({[&] {
                            Json eve = alert(1 + id % 200, Severity::important, "hub");
                            eve["linnet"]["id"] = id;
                            return eve;
                        }()})),
                   noon);
    CHECK(home.alerts().size() == LiveHome::max_alerts);
    for (const auto& each : home.alerts()) CHECK(each.alert.id > 5);
}

TEST_CASE("the picture fits the terminal, whatever its size; hostile names cannot leave their place") {
    setenv("TZ", "UTC", 1);
    tzset();
    LiveHome home;
    Json alerts = Json::array(), devices = Json::array();
    for (std::uint64_t i = 1; i <= 30; ++i) {
        alerts.push_back(alert(i, i % 2 == 0 ? Severity::act_now : Severity::important, "\x1b]0;evil\x07 camera"));
        devices.push_back(device("192.168.1." + std::to_string(i), "thing \xe2\x80\xae" + std::to_string(i)));
    }
    home.begin(all(alerts, devices), noon);
    Terminal terminal;
    for (const std::size_t columns : {40, 80, 200})
        for (const std::size_t rows : {1, 2, 5, 8, 10, 24, 100}) {
            CAPTURE(columns);
            CAPTURE(rows);
            terminal.columns = columns;
            const auto lines = live_view(home, "", noon, terminal, rows);
            CHECK(lines.size() == rows);
            for (const auto& line : lines) {
                CHECK(display_width(line) <= columns);
                CHECK(line.find('\x1b') == std::string::npos);
                CHECK(line.find('\x07') == std::string::npos);
                CHECK(line.find("\xe2\x80\xae") == std::string::npos);
            }
        }
    terminal.columns = 120;
    const auto lines = live_view(home, "Nothing is heard from the analyzer any more.", noon, terminal, 24);
    CHECK(lines[1] == "Nothing is heard from the analyzer any more.");
    CHECK(lines[3].starts_with("SEVERITY"));
    CHECK(lines[4].starts_with("act now"));
    CHECK(lines.back() == "12:00:00   q quits");
}
