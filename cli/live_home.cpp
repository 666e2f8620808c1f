#include "live_home.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

namespace linnet {
namespace {

bool has_ended(const LiveAlert& each) { return each.standing.state == AlertState::ended; }

bool is_news(const LiveAlert& before, const LiveAlert& now) {
    return now.alert.severity < before.alert.severity || now.standing.state != before.standing.state;
}

/// "Hall camera, plug and 3 more".
std::string listed(const std::set<std::string>& names) {
    constexpr std::size_t most = 3;
    std::string text;
    std::size_t said = 0;
    for (const auto& name : names) {
        if (said == most) break;
        text += (said++ == 0 ? "" : ", ") + shortened(escaped(name), 40);
    }
    if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
    return text;
}

double rate(std::uint64_t before, std::uint64_t after, Duration time) {
    if (after <= before || time <= Duration{0}) return 0;
    return static_cast<double>(after - before) / std::chrono::duration<double>(time).count();
}

}  // namespace

void LiveHome::begin(const Json& all, Timestamp now) {
    News everything;
    alerts_.clear();
    devices_.clear();
    sensors_.clear();
    sequence_ = all.at("sequence").get<std::uint64_t>();
    for (const Json& eve : all.at("devices")) take_device(eve, now, everything);
    for (const Json& eve : all.at("alerts")) take(eve, everything);
    take_status(all.at("status"), everything);
    for (auto& [key, each] : devices_) each.told = {};
}

std::optional<LiveHome::News> LiveHome::apply(const Json& feed, Timestamp now) {
    if (feed.at("sequence").get<std::uint64_t>() != sequence_ + 1) return std::nullopt;
    ++sequence_;
    News news;
    for (const Json& eve : feed.value("devices", Json::array())) take_device(eve, now, news);
    for (const Json& eve : feed.value("alerts", Json::array())) take(eve, news);
    for (const Json& key : feed.value("gone", Json::array())) devices_.erase(key.get<std::string>());
    if (const auto status = feed.find("status"); status != feed.end()) take_status(*status, news);
    drop_surplus();
    return news;
}

void LiveHome::take(const Json& eve, News& news) {
    LiveAlert fresh{alert_from_eve(eve), standing_from_eve(eve)};
    const auto [place, is_new] = alerts_.try_emplace(fresh.alert.id, fresh);
    if (is_new || is_news(place->second, fresh)) news.alerts.push_back(fresh);
    place->second = std::move(fresh);
}

void LiveHome::take_device(const Json& eve, Timestamp now, News& news) {
    Device fresh = device_from_eve(eve);
    const auto [place, is_new] = devices_.try_emplace(fresh.key);
    LiveDevice& known = place->second;
    if (is_new) {
        news.devices.push_back(fresh);
    } else {
        const Duration time = known.told == Timestamp{} ? Duration{0} : now - known.told;
        known.sending = rate(known.device.bytes_sent, fresh.bytes_sent, time);
        known.receiving = rate(known.device.bytes_received, fresh.bytes_received, time);
    }
    known.device = std::move(fresh);
    known.told = now;
}

void LiveHome::take_status(const Json& status, News& news) {
    std::vector<LiveSensor> fresh;
    for (const Json& sensor : status.value("sensors", Json::array()))
        fresh.push_back({sensor.value("id", ""), sensor.value("source", ""), sensor.value("connected", false),
                         sensor.value("finished", false)});
    for (const auto& sensor : fresh)
        if (std::find(sensors_.begin(), sensors_.end(), sensor) == sensors_.end()) news.sensors.push_back(sensor);
    sensors_ = std::move(fresh);
}

void LiveHome::drop_surplus() {
    while (alerts_.size() > max_alerts) alerts_.erase(alerts_.begin());
    while (devices_.size() > max_devices) devices_.erase(devices_.begin());
}

std::vector<LiveAlert> LiveHome::alerts() const {
    std::vector<LiveAlert> all;
    all.reserve(alerts_.size());
    for (const auto& [id, each] : alerts_) all.push_back(each);
    std::sort(all.begin(), all.end(), [](const LiveAlert& a, const LiveAlert& b) {
        const auto rank = [](const LiveAlert& each) { return has_ended(each) ? 9 : static_cast<int>(each.alert.severity); };
        return std::tuple{rank(a), b.alert.last_seen, b.alert.id} < std::tuple{rank(b), a.alert.last_seen, a.alert.id};
    });
    return all;
}

std::vector<LiveDevice> LiveHome::devices(Timestamp now) const {
    std::vector<LiveDevice> all;
    all.reserve(devices_.size());
    for (const auto& [key, each] : devices_) {
        all.push_back(each);
        if (each.is_quiet(now)) all.back().sending = all.back().receiving = 0;
    }
    std::sort(all.begin(), all.end(), [](const LiveDevice& a, const LiveDevice& b) {
        const double rate_a = a.sending + a.receiving, rate_b = b.sending + b.receiving;
        return std::tie(rate_b, b.device.last_seen, a.device.key) < std::tie(rate_a, a.device.last_seen, b.device.key);
    });
    return all;
}

LiveHome::Verdict LiveHome::verdict() const {
    std::set<std::string> act_now, important;
    std::size_t muted = 0, worth_knowing = 0;
    for (const auto& [id, each] : alerts_) {
        if (has_ended(each)) continue;
        if (each.alert.severity == Severity::worth_knowing) {
            ++worth_knowing;
            continue;
        }
        (each.alert.severity == Severity::act_now ? act_now : important).insert(each.alert.device.name);
        if (each.standing.muted_until) ++muted;
    }
    const auto hearing = static_cast<std::size_t>(std::count_if(
        sensors_.begin(), sensors_.end(), [](const LiveSensor& sensor) { return sensor.connected || sensor.finished; }));
    Verdict verdict;
    verdict.reach = hearing == 0 ? "No sensor is connected, so nothing new can be seen. Is linnet-sensor running?"
                                 : fmt::format("Watching {} through {}.", counted(devices_.size(), "device", "devices"),
                                               counted(hearing, "sensor", "sensors"));
    if (!act_now.empty()) {
        verdict.need = Severity::act_now;
        verdict.sentence = fmt::format("{} {} you now: {}.", counted(act_now.size(), "device", "devices"),
                                       act_now.size() == 1 ? "needs" : "need", listed(act_now));
    } else if (!important.empty()) {
        verdict.need = Severity::important;
        verdict.sentence = fmt::format("Nothing urgent. {} {} a look: {}.", counted(important.size(), "device", "devices"),
                                       important.size() == 1 ? "deserves" : "deserve", listed(important));
    } else if (hearing == 0) {
        verdict.sentence = "Linnet cannot hear your network.";
    } else {
        verdict.sentence = worth_knowing == 0
                               ? "All quiet: nothing to do."
                               : fmt::format("All quiet: {} worth knowing.", counted(worth_knowing, "thing", "things"));
    }
    if (muted > 0) verdict.sentence += fmt::format(" You muted {} of it.", counted(muted, "alert", "alerts"));
    return verdict;
}

}  // namespace linnet
