#include "home_assistant.hpp"

#include "hmac.hpp"

#include "wire/json_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

constexpr std::size_t id_digits = 16, home_digits = 8;
constexpr std::string_view own_name = HomeFrame::linnet;

std::string keyed_hash(const std::string& key, std::string_view text, std::size_t digits) {
    return hmac_sha256(key, text).substr(0, digits);
}

bool is_hexadecimal(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

const char* on_off(bool is) { return is ? "ON" : "OFF"; }

Json text_or_null(const std::string& text) { return text.empty() ? Json{} : Json(text); }

/// A text, or a number as one; empty where there is none.
std::string version_in(const Json& object) {
    if (!object.is_object()) return "";
    const auto found = object.find("version");
    if (found == object.end()) return "";
    if (found->is_string()) return plain_line(found->get_ref<const std::string&>(), HomeAssistant::longest_name);
    return found->is_number_integer() ? found->dump() : "";
}

/// Home Assistant wants texts; what is not known is left out.
Json versions(const std::string& installed, const std::string& latest) {
    if (installed.empty()) return Json::object();
    return {{"installed_version", installed}, {"latest_version", latest}};
}

bool listens(const Json& sensors) {
    return sensors.is_array() && !sensors.empty() && std::all_of(sensors.begin(), sensors.end(), [](const Json& sensor) {
               const auto found = sensor.is_object() ? sensor.find("connected") : sensor.end();
               return sensor.is_object() && found != sensor.end() && found->is_boolean() && found->get<bool>();
           });
}

}  // namespace

HomeAssistant::HomeAssistant(Setup setup)
    : key_{std::move(setup.key)},
      frame_{.prefix = std::move(setup.prefix),
             .base = std::move(setup.base),
             .home = keyed_hash(key_, "home", home_digits),
             .link = std::move(setup.link),
             .with_macs = setup.with_macs} {
    set_heard(false);
}

std::string HomeAssistant::id_of(std::string_view device_key) const {
    return keyed_hash(key_, fmt::format("device {}", device_key), id_digits);
}

std::vector<std::string> HomeAssistant::own_topics() const {
    return {frame_.prefix + "/device/+/config", frame_.state_topic("+")};
}

void HomeAssistant::begin(const Json& all) {
    const auto& list = all.at("devices");
    episodes_.clear();
    std::map<std::string, Known> before;
    before.swap(devices_);
    too_many_ = 0;
    read_devices(list);
    for (const auto& [key, known] : before) {
        if (devices_.contains(key)) continue;
        retained_.set(frame_.config_topic(known.id), "");
        retained_.set(frame_.state_topic(known.id), "");
    }
    read_alerts(all.at("alerts"));
    read_status(all);
    has_begun_ = true;
    show();
}

void HomeAssistant::follow(const Json& feed) {
    read_devices(feed.at("devices"));
    if (const auto gone = feed.find("gone"); gone != feed.end())
        for (const auto& key : *gone) drop(key.get<std::string>());
    read_alerts(feed.at("alerts"));
    read_status(feed);
    show();
}

void HomeAssistant::read_devices(const Json& list) {
    for (const auto& eve : list) {
        Device device;
        try {
            device = device_from_eve(eve);
        } catch (const std::exception&) {  // one of another version: it keeps no other from being shown
            continue;
        }
        seen_ = std::max(seen_, device.last_seen);
        const auto found = devices_.find(device.key);
        if (found == devices_.end() && devices_.size() >= max_devices) {
            ++too_many_;
            continue;
        }
        auto& known = found == devices_.end() ? devices_[device.key] : found->second;
        if (known.id.empty()) known.id = id_of(device.key);
        known.device = std::move(device);
        retained_.set(frame_.config_topic(known.id), dump(device_config(frame_, known.device, known.id)));
    }
}

void HomeAssistant::read_alerts(const Json& list) {
    for (const auto& eve : list) {
        try {
            const auto alert = alert_from_eve(eve);
            seen_ = std::max(seen_, alert.last_seen);
            episodes_[alert.id] = {device_key(alert.device), alert.severity, alert.last_seen,
                                   plain_line(alert.signature, longest_state)};
        } catch (const std::exception&) {  // as above
            continue;
        }
    }
    while (episodes_.size() > max_alerts) episodes_.erase(episodes_.begin());
}

/// The feed's time goes on while nothing is said of devices: episodes end by it.
void HomeAssistant::read_status(const Json& feed) {
    const auto status = feed.find("status");
    if (status == feed.end() || !status->is_object()) return;
    status_ = *status;
    if (const auto sensors = status_.find("sensors"); sensors != status_.end() && sensors->is_array())
        for (const auto& sensor : *sensors) {
            if (!sensor.is_object() || !sensor.contains("last_event") || !sensor.at("last_event").is_string()) continue;
            const auto at = parse_timestamp(sensor.at("last_event").get_ref<const std::string&>());
            if (at) seen_ = std::max(seen_, *at);
        }
}

/// Before the device that it was joined with is read, its alerts may still carry its address: they count again with the next
/// change, which tells the new one.
void HomeAssistant::drop(const std::string& key) {
    const auto found = devices_.find(key);
    if (found == devices_.end()) return;
    retained_.set(frame_.config_topic(found->second.id), "");
    retained_.set(frame_.state_topic(found->second.id), "");
    devices_.erase(found);
}

/// What the episodes mean for each device, and for the home.
void HomeAssistant::show() {
    std::map<std::string_view, Known*> by_address;
    std::vector<std::string> addresses;  // what the keys of the map are views of
    std::size_t most = 0;
    for (const auto& [key, known] : devices_) most += 1 + known.device.macs.size();
    addresses.reserve(most);
    for (auto& [key, known] : devices_) {
        by_address[key] = &known;
        for (const auto& mac : known.device.macs) by_address[addresses.emplace_back(to_string(mac))] = &known;
    }
    std::map<Known*, Shown> shown;
    Shown home;
    std::int64_t quiet_seconds = 0;
    if (const auto found = status_.find("quiet_seconds"); found != status_.end() && found->is_number_integer())
        quiet_seconds = std::clamp<std::int64_t>(found->get<std::int64_t>(), 0, 7 * 86'400);
    for (const auto& entry : episodes_) {
        const Episode& episode = entry.second;
        const bool runs = episode.last_seen + std::chrono::seconds{quiet_seconds} >= seen_;
        const bool is_problem = runs && episode.severity != Severity::worth_knowing;
        const auto count = [&](Shown& of) {
            ++of.alerts;
            of.problem = of.problem || is_problem;
            of.last_alert = episode.text;
        };
        count(home);
        if (const auto found = by_address.find(episode.address); found != by_address.end()) count(shown[found->second]);
    }
    for (auto& [key, known] : devices_) {
        auto& now = shown[&known];
        now.connected = !known.device.away;
        show_device(known, now);
    }
    if (has_begun_) show_linnet(home);
}

void HomeAssistant::show_device(Known& known, const Shown& shown) {
    const auto topic = frame_.state_topic(known.id);
    const bool calm = known.shown == shown && retained_.contains(topic);
    known.shown = shown;
    const Json zones = shown.connected ? Json::array({"zone.home"}) : Json::array();
    const Json state{{"problem", on_off(shown.problem)},
                     {"connected", on_off(shown.connected)},
                     {"alerts", shown.alerts},
                     {"last_alert", text_or_null(shown.last_alert)},
                     {"bytes_sent", known.device.bytes_sent},
                     {"bytes_received", known.device.bytes_received},
                     {"presence", {{"in_zones", zones}}}};
    retained_.set(topic, dump(state), calm);
}

/// Linnet asks nobody for a newer version: what is newest is what this machine has. An analyzer that was not restarted since
/// an update is an older one.
void HomeAssistant::show_linnet(const Shown& shown) {
    const auto version = version_in(status_);
    const auto found = status_.find("signatures");
    const auto signatures = found == status_.end() ? std::string{} : version_in(*found);
    const Json state{{"problem", on_off(shown.problem)},
                     {"listening", on_off(status_.contains("sensors") && listens(status_.at("sensors")))},
                     {"alerts", shown.alerts},
                     {"last_alert", text_or_null(shown.last_alert)},
                     {"devices", devices_.size() + too_many_},
                     {"linnet", versions(version, LINNET_VERSION)},
                     {"signatures", versions(signatures, signatures)}};
    retained_.set(frame_.state_topic(own_name), dump(state));
    retained_.set(frame_.config_topic(own_name), dump(linnet_config(frame_)));
}

void HomeAssistant::set_heard(bool heard) { retained_.set(frame_.status_topic(), heard ? "online" : "offline"); }

bool HomeAssistant::is_known(std::string_view id) const {
    return std::any_of(devices_.begin(), devices_.end(), [id](const auto& each) { return each.second.id == id; });
}

/// Nothing is said before it is known which devices there are.
void HomeAssistant::found(std::string_view topic) {
    if (!has_begun_ || retained_.size() >= 2 * max_devices + max_leftovers) return;
    for (const auto& frame : {frame_.config_topic("/"), frame_.state_topic("/")}) {  // no id holds a slash
        const auto hole = frame.find(frame.ends_with("/config") ? "_//" : "///");
        const auto before = std::string_view{frame}.substr(0, hole + 1), after = std::string_view{frame}.substr(hole + 2);
        if (topic.size() != before.size() + id_digits + after.size() || !topic.starts_with(before) ||
            !topic.ends_with(after))
            continue;
        const auto id = topic.substr(before.size(), id_digits);
        if (is_hexadecimal(id) && !is_known(id)) retained_.set(std::string{topic}, "");
    }
}

}  // namespace linnet
