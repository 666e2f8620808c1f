#include "feed_update.hpp"

#include "plain_text.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr std::size_t most_sensors = 256;

std::uint64_t number_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    const bool counts = found != object.end() && found->is_number_integer() && *found >= 0;
    return counts ? found->get<std::uint64_t>() : 0;
}

bool flag_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

QString text_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) return {};
    return plain::line(found->get_ref<const std::string&>());
}

SensorStatus read_sensor(const Json& sensor) {
    return {.id = text_in(sensor, "id"),
            .source = text_in(sensor, "source"),
            .connected = flag_in(sensor, "connected"),
            .finished = flag_in(sensor, "finished"),
            .packets = number_in(sensor, "packets"),
            .dropped = number_in(sensor, "kernel_dropped"),
            .lost = number_in(sensor, "lost")};
}

template <typename Row, typename Read>
std::vector<Row> read_rows(const Json& feed, const char* name, const Read& read, std::size_t& unreadable) {
    std::vector<Row> rows;
    const auto found = feed.find(name);
    if (found == feed.end() || !found->is_array()) return rows;
    rows.reserve(found->size());
    for (const Json& object : *found) {
        try {
            rows.push_back(read(object));
        } catch (const Json::exception&) {
            ++unreadable;
        } catch (const std::invalid_argument&) {
            ++unreadable;
        }
    }
    return rows;
}

}  // namespace

AnalyzerStatus read_status(const Json& status) {
    AnalyzerStatus read;
    if (!status.is_object()) return read;
    read.version = text_in(status, "version");
    const auto sensors = status.find("sensors");
    if (sensors == status.end() || !sensors->is_array()) return read;
    for (const Json& sensor : *sensors)
        if (sensor.is_object() && read.sensors.size() < most_sensors) read.sensors.push_back(read_sensor(sensor));
    return read;
}

FeedUpdate read_update(const Json& feed, UpdateKind kind) {
    FeedUpdate update{.kind = kind, .devices = {}, .alerts = {}, .gone = {}, .status = {}};
    if (!feed.is_object()) return update;
    update.devices = read_rows<Device>(feed, "devices", device_from_eve, update.unreadable);
    update.alerts = read_rows<Alert>(feed, "alerts", alert_from_eve, update.unreadable);
    if (const auto gone = feed.find("gone"); gone != feed.end() && gone->is_array())
        for (const Json& key : *gone)
            if (key.is_string()) update.gone.push_back(key.get<std::string>());
    if (const auto status = feed.find("status"); status != feed.end() && status->is_object())
        update.status = read_status(*status);
    return update;
}

}  // namespace linnet
