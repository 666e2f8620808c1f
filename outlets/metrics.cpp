#include "metrics.hpp"

#include "message.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace linnet {
namespace {

constexpr std::size_t longest_label = 128;

using Labels = std::vector<std::pair<std::string_view, std::string>>;

/// A member, also of a member: "/database/bytes". Null where there is none.
Json at(const Json& json, std::string_view path) {
    const Json::json_pointer pointer{std::string{path}};
    return json.contains(pointer) ? json.at(pointer) : Json{};
}

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : std::string{}; }

/// As a sample's value; nothing where it is none.
std::optional<std::string> number(const Json& value) {
    if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
    if (value.is_number_unsigned()) return std::to_string(value.get<std::uint64_t>());
    if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
    return std::nullopt;
}

std::optional<std::string> seconds(const Json& value) {
    const auto at = parse_timestamp(text_of(value));
    if (!at || *at == Timestamp{}) return std::nullopt;
    const auto count = std::chrono::duration_cast<std::chrono::microseconds>(at->time_since_epoch()).count();
    return fmt::format("{}.{:06}", count / 1'000'000, count % 1'000'000);
}

/// Names come off the network.
std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : plain_line(text, longest_label)) {
        if (c == '\\' || c == '"') out += '\\';
        out += c;  // no line's end is left
    }
    return out;
}

class Page {
 public:
    /// Before the samples of that name, which stand together.
    void begin(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        head_ = fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
    }
    void sample(const Labels& labels, const std::optional<std::string>& value, std::string_view suffix = "") {
        if (!value) return;
        text_ += std::exchange(head_, {}) + name_;
        text_ += suffix;
        for (std::size_t i = 0; i < labels.size(); ++i)
            text_ += fmt::format("{}{}=\"{}\"", i == 0 ? "{" : ",", labels[i].first, escaped(labels[i].second));
        text_ += fmt::format("{} {}\n", labels.empty() ? "" : "}", *value);
    }
    std::string take() { return std::move(text_); }

 private:
    std::string text_, name_, head_;
};

std::optional<std::string> decimal(const Json& value) {
    return value.is_number() ? std::optional{fmt::format("{}", value.get<double>())} : std::nullopt;
}

/// {"count", "sum_seconds", "buckets": [{"le", "count"}]}
void add_histogram(Page& page, const std::string& name, const char* help, const Json& told) {
    const auto count = number(at(told, "/count")), sum = decimal(at(told, "/sum_seconds"));
    const auto buckets = at(told, "/buckets");
    if (!count || !sum || !buckets.is_array()) return;
    page.begin(name, "histogram", help);
    for (const auto& bucket : buckets)
        if (const auto bound = decimal(at(bucket, "/le")))
            page.sample({{"le", *bound}}, number(at(bucket, "/count")), "_bucket");
    page.sample({{"le", "+Inf"}}, count, "_bucket");
    page.sample({}, sum, "_sum");
    page.sample({}, count, "_count");
}

struct Metric {
    std::string_view name, type, path, help;
    std::optional<std::string> (*value)(const Json&) = number;
};

constexpr std::array<Metric, 13> of_analyzer{{
    {"linnet_uptime_seconds", "gauge", "/uptime_seconds", "How long the analyzer runs."},
    {"linnet_learning_start_time_seconds", "gauge", "/since", "When Linnet began to learn this home.", seconds},
    {"linnet_database_size_bytes", "gauge", "/database/bytes", "Size of the database."},
    {"linnet_events_total", "counter", "/database/events", "Events of all sensors that are stored safely."},
    {"linnet_database_flows", "gauge", "/database/flows", "Conversations in the database."},
    {"linnet_database_alerts", "gauge", "/database/alerts", "Alerts in the database."},
    {"linnet_database_devices", "gauge", "/database/devices", "Devices in the database."},
    {"linnet_database_restored_time_seconds", "gauge", "/database/restored/at",
     "When a copy took the place of a damaged database.", seconds},
    {"linnet_link_refused_messages_total", "counter", "/link/refused_messages", "Messages that made no sense."},
    {"linnet_link_gaps_total", "counter", "/link/gaps", "Gaps in what sensors sent."},
    {"linnet_link_unknown_keys_total", "counter", "/link/unknown_keys", "Connections with keys that were never paired."},
    {"linnet_sight_heard_devices", "gauge", "/sight/devices", "Devices heard regularly in the last day."},
    {"linnet_sight_followed_devices", "gauge", "/sight/followed", "Of these, devices whose conversations were seen."},
}};

constexpr std::array<Metric, 15> of_sensor{{
    {"linnet_sensor_connected", "gauge", "/connected", "1 where the sensor is connected."},
    {"linnet_sensor_last_event_time_seconds", "gauge", "/last_event", "Time of the newest event.", seconds},
    {"linnet_sensor_packets_total", "counter", "/packets", "Packets read."},
    {"linnet_sensor_received_bytes_total", "counter", "/bytes", "Bytes of these packets."},
    {"linnet_sensor_malformed_packets_total", "counter", "/malformed", "Packets that are not what they claim to be."},
    {"linnet_sensor_kernel_dropped_packets_total", "counter", "/kernel_dropped",
     "Packets lost before the sensor read them: it is too slow."},
    {"linnet_sensor_interface_dropped_packets_total", "counter", "/stats/stats/capture/kernel_ifdrops",
     "Packets lost by the network interface."},
    {"linnet_sensor_flows_total", "counter", "/stats/stats/flow/total", "Conversations seen."},
    {"linnet_sensor_evicted_flows_total", "counter", "/stats/stats/flow/evicted",
     "Conversations given up because there were too many."},
    {"linnet_sensor_active_flows", "gauge", "/flows_active", "Conversations that go on."},
    {"linnet_sensor_unsupported_packets_total", "counter", "/stats/linnet/unsupported",
     "Packets of protocols that Linnet does not read."},
    {"linnet_sensor_truncated_packets_total", "counter", "/stats/linnet/truncated", "Packets of which a part is missing."},
    {"linnet_sensor_dropped_fragments_total", "counter", "/stats/linnet/fragments_dropped",
     "Pieces of packets that were given up."},
    {"linnet_sensor_lost_events_total", "counter", "/lost", "Events lost between sensor and analyzer."},
    {"linnet_sensor_refused_events_total", "counter", "/refused", "Events that made no sense."},
}};

std::optional<std::string> is_ready(const Json& state) { return text_of(state) == "ready" ? "1" : "0"; }

constexpr std::array<Metric, 5> of_outlet{{
    {"linnet_outlet_ready", "gauge", "/state", "1 where the newest attempt got through.", is_ready},
    {"linnet_outlet_queue_messages", "gauge", "/queue", "Messages that wait to be sent."},
    {"linnet_outlet_delivered_messages_total", "counter", "/delivered", "Messages delivered."},
    {"linnet_outlet_refused_messages_total", "counter", "/refused", "Messages that the server will never take."},
    {"linnet_outlet_last_success_time_seconds", "gauge", "/last_success", "When something was delivered last.", seconds},
}};

/// Of each sensor the newest run: its counters begin anew with the next.
std::map<std::string, Json> newest_runs(const Json& sensors) {
    std::map<std::string, Json> newest;
    if (!sensors.is_array()) return newest;
    for (const auto& sensor : sensors) {
        const auto id = escaped(text_of(at(sensor, "/id")));
        const auto [place, is_new] = newest.try_emplace(id, sensor);
        const auto rank = [](const Json& run) {
            return std::pair{at(run, "/connected") == true, text_of(at(run, "/last_event"))};
        };
        if (!is_new && rank(sensor) > rank(place->second)) place->second = sensor;
    }
    return newest;
}

}  // namespace

std::string metrics_text(const Json& status, const Json& outlets) {
    Page page;
    page.begin("linnet_analyzer_up", "gauge", "1 where the analyzer answers.");
    page.sample({}, status.is_object() ? "1" : "0");
    if (const auto version = text_of(at(status, "/version")); !version.empty()) {
        page.begin("linnet_build_info", "gauge", "The analyzer's version.");
        page.sample({{"version", version}}, "1");
    }
    if (at(status, "/database").is_object()) {
        page.begin("linnet_database_writable", "gauge", "0 where nothing can be stored now.");
        page.sample({}, at(status, "/database/trouble").is_null() ? "1" : "0");
    }
    for (const auto& metric : of_analyzer) {
        page.begin(metric.name, metric.type, metric.help);
        page.sample({}, metric.value(at(status, metric.path)));
    }
    add_histogram(page, "linnet_alert_latency_seconds",
                  "From the newest packet of a new alert until it was stored and told.", at(status, "/alert_latency"));
    const auto sensors = newest_runs(at(status, "/sensors"));
    for (const auto& metric : of_sensor) {
        page.begin(metric.name, metric.type, metric.help);
        for (const auto& [id, sensor] : sensors)
            page.sample({{"sensor", text_of(at(sensor, "/id"))}}, metric.value(at(sensor, metric.path)));
    }
    for (const auto& metric : of_outlet) {
        page.begin(metric.name, metric.type, metric.help);
        for (const auto& outlet : outlets)
            page.sample({{"outlet", text_of(at(outlet, "/name"))}, {"type", text_of(at(outlet, "/type"))}},
                        metric.value(at(outlet, metric.path)));
    }
    return page.take();
}

}  // namespace linnet
