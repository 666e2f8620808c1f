#include "eve_tap.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace linnet {
namespace {

/// What changes with every packet is nothing new about a device.
std::size_t digest_of(Json eve) {
    eve.erase("timestamp");
    for (const char* key : {"last_seen", "bytes_sent", "bytes_received"}) eve["linnet"]["device"].erase(key);
    return std::hash<std::string>{}(dump(eve));
}

}  // namespace

std::string eve_line(Json eve) {
    if (const auto at = eve.find("timestamp"); at != eve.end() && at->is_string()) {
        auto& text = at->get_ref<std::string&>();
        if (text.ends_with('Z')) text.replace(text.size() - 1, 1, "+0000");
    }
    return dump(eve) + '\n';
}

EveTap::EveTap(const std::string& cursor) {
    const auto json = Json::parse(cursor, nullptr, false);
    if (!json.is_object()) return;
    const auto series = json.find("series"), after = json.find("after");
    if (series == json.end() || !series->is_string() || after == json.end() || !after->is_number_unsigned()) return;
    series_ = *series;
    after_ = *after;
}

std::string EveTap::cursor() const { return dump(Json{{"series", series_}, {"after", after_}}); }

Json EveTap::question() const { return {{"after", after_}, {"limit", alerts_at_once}}; }

bool EveTap::take_changes(const Json& answer, std::string& lines) {
    const auto series = answer.at("series").get<std::string>();
    if (series != series_) {
        series_ = series;
        if (std::exchange(after_, 0) != 0) return true;  // the answer leaves out what this series had before
    }
    const auto& alerts = answer.at("alerts");
    for (Json eve : alerts) {
        auto& linnet = eve.at("linnet");
        const auto change = linnet.at("change").get<std::uint64_t>();
        if (change <= after_) continue;
        after_ = change;
        linnet.erase("change");
        lines += eve_line(std::move(eve));
    }
    if (alerts.size() >= alerts_at_once) return true;
    after_ = std::max(after_, answer.at("last").get<std::uint64_t>());
    return false;
}

void EveTap::take_devices(const Json& devices, std::string& lines) {
    std::map<std::string, std::size_t> there;
    for (const auto& eve : devices) {
        const auto key = eve.at("linnet").at("device").at("key").get<std::string>();
        const auto digest = digest_of(eve);
        const auto before = devices_.find(key);
        if (before == devices_.end() || before->second != digest) lines += eve_line(eve);
        there[key] = digest;
    }
    devices_ = std::move(there);
}

void EveTap::take_status(const Json& status, std::string& lines) {
    std::map<std::string, std::string> there;
    for (const auto& sensor : status.at("sensors")) {
        const auto run = sensor.at("id").get<std::string>() + '/' + std::to_string(sensor.at("epoch").get<std::uint64_t>());
        const auto& eve = sensor.at("stats");
        auto line = eve_line(eve);
        const auto before = counters_.find(run);
        const bool is_new = before == counters_.end() || before->second != line;
        if (is_new && eve.contains("timestamp")) lines += line;  // without: that run has not counted yet
        there[run] = std::move(line);
    }
    counters_ = std::move(there);
}

}  // namespace linnet
