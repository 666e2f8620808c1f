#include "outlets/metrics.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>

using namespace linnet;

namespace {

Json run(const char* id, std::uint64_t epoch, bool connected, const char* last_event, std::uint64_t packets) {
    return {{"id", id}, {"epoch", epoch}, {"connected", connected}, {"last_event", last_event}, {"packets", packets}};
}

Json status() {
    return {{"version", "1.2"},
            {"uptime_seconds", 61},
            {"since", "2026-03-01T12:00:00.250000Z"},
            {"database", {{"bytes", 4096}, {"events", 12}, {"alerts", 3}}},
            {"sight", {{"devices", 9}, {"followed", 7}}},
            {"alert_latency",
             {{"count", 3},
              {"sum_seconds", 12.25},
              {"buckets", Json::array({{{"le", 0.1}, {"count", 1}}, {{"le", 1.0}, {"count", 2}}})}}},
            {"sensors", Json::array({run("pi", 1, false, "2026-03-01T12:00:00.000000Z", 900),
                                     run("pi", 2, true, "2026-03-01T13:00:00.000000Z", 20),
                                     run("up\"\\\nstairs", 1, false, "1970-01-01T00:00:00.000000Z", 5)})}};
}

bool has_line(const std::string& text, const std::string& line) {
    return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

}  // namespace

TEST_CASE("metrics: the analyzer, coverage, sensors and outlets, each with its help and type") {
    const Json outlets =
        Json::array({{{"name", "phone"}, {"type", "ntfy"}, {"state", "ready"}, {"queue", 4}, {"delivered", 8}},
                     {{"name", "mail"}, {"type", "email"}, {"state", "waiting"}, {"queue", 0}}});
    const auto text = metrics_text(status(), outlets);
    for (const char* line : {"linnet_analyzer_up 1",
                             "# TYPE linnet_analyzer_up gauge",
                             "linnet_build_info{version=\"1.2\"} 1",
                             "linnet_uptime_seconds 61",
                             "linnet_learning_start_time_seconds 1772366400.250000",
                             "linnet_database_size_bytes 4096",
                             "# TYPE linnet_alert_latency_seconds histogram",
                             "linnet_alert_latency_seconds_bucket{le=\"0.1\"} 1",
                             "linnet_alert_latency_seconds_bucket{le=\"1\"} 2",
                             "linnet_alert_latency_seconds_bucket{le=\"+Inf\"} 3",
                             "linnet_alert_latency_seconds_sum 12.25",
                             "linnet_alert_latency_seconds_count 3",
                             "linnet_database_writable 1",
                             "linnet_events_total 12",
                             "# TYPE linnet_events_total counter",
                             "linnet_sight_heard_devices 9",
                             "linnet_sight_followed_devices 7",
                             "linnet_sensor_connected{sensor=\"pi\"} 1",
                             "linnet_sensor_packets_total{sensor=\"pi\"} 20",
                             "linnet_sensor_last_event_time_seconds{sensor=\"pi\"} 1772370000.000000",
                             "linnet_outlet_queue_messages{outlet=\"phone\",type=\"ntfy\"} 4",
                             "linnet_outlet_ready{outlet=\"phone\",type=\"ntfy\"} 1",
                             "linnet_outlet_ready{outlet=\"mail\",type=\"email\"} 0",
                             "linnet_outlet_delivered_messages_total{outlet=\"phone\",type=\"ntfy\"} 8"})
        CHECK_MESSAGE(has_line(text, line), line);
    CHECK(text.find(" 900") == std::string::npos);                                      // a run that is over
    CHECK(has_line(text, R"(linnet_sensor_packets_total{sensor="up\"\\ stairs"} 5)"));  // a name from elsewhere
    CHECK(text.find("linnet_database_flows") == std::string::npos);                     // not told, so not made up
}

TEST_CASE("metrics: every name is declared once, before its samples, and no sample is there twice") {
    const auto text = metrics_text(status(), Json::array());
    std::istringstream in{text};
    std::set<std::string> declared, samples;
    std::string last;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("# TYPE ")) {
            const auto name = line.substr(7, line.find(' ', 7) - 7);
            CHECK(declared.insert(name).second);
            const bool is_histogram = name == "linnet_alert_latency_seconds";
            CHECK(line.ends_with(is_histogram ? " histogram" : name.ends_with("_total") ? " counter" : " gauge"));
            last = name;
        } else if (!line.starts_with("#")) {
            CHECK(line.substr(0, line.find_first_of("{ ")).starts_with(last));
            CHECK(samples.insert(line.substr(0, line.rfind(' '))).second);
        }
    }
    CHECK(text.ends_with('\n'));
    CHECK(samples.size() > 10);
}

TEST_CASE("metrics: an analyzer that is away, and answers that make no sense") {
    CHECK(
        metrics_text({}, Json::array()) ==
        "# HELP linnet_analyzer_up 1 where the analyzer answers.\n# TYPE linnet_analyzer_up gauge\nlinnet_analyzer_up 0\n");
    for (const char* odd : {"[]", "7", R"({"database":3,"sensors":{"id":1},"version":[]})",
                            R"({"sensors":[1,null,{"id":7,"packets":"many"},{"packets":-1.5}],"since":"x"})"})
        CHECK_NOTHROW(metrics_text(Json::parse(odd), Json::parse(odd)));
}
