#include "home_assistant.hpp"

#include "wire/json_fields.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <utility>

namespace linnet {
namespace {

constexpr std::string_view own_name = "linnet";
constexpr std::size_t longest_slug = 40, id_digits = 16, home_digits = 8;

std::string keyed_hash(const std::string& key, std::string_view text, std::size_t digits) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const auto* data = reinterpret_cast<const unsigned char*>(text.data());
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(), digest.data(), &length) == nullptr)
        throw std::runtime_error{"HMAC-SHA256 cannot be computed."};
    std::string hexadecimal;
    for (unsigned int i = 0; i < length && hexadecimal.size() < digits; ++i)
        hexadecimal += fmt::format("{:02x}", digest.at(i));
    return hexadecimal;
}

bool is_hexadecimal(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// Only the letters and digits, small.
std::string bare(std::string_view text) {
    std::string bare;
    for (const char c : text) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) bare += c;
        if (c >= 'A' && c <= 'Z') bare += static_cast<char>(c - 'A' + 'a');
    }
    return bare;
}

/// Does the text hold one of the device's addresses, however written?
bool holds_address(std::string_view text, const Device& device) {
    const auto letters = bare(text);
    const auto holds = [&](const std::string& address) { return letters.find(bare(address)) != std::string::npos; };
    if (!device.key.empty() && holds(device.key)) return true;
    return (device.mac.known() && holds(to_string(device.mac))) ||
           std::any_of(device.macs.begin(), device.macs.end(), [&](const auto& mac) { return holds(to_string(mac)); }) ||
           std::any_of(device.ips.begin(), device.ips.end(), [&](const auto& ip) { return holds(to_string(ip)); });
}

std::string name_of(const Device& device, std::string_view id) {
    for (const auto* text : {&device.name, &device.kind, &device.maker})
        if (!text->empty() && !holds_address(*text, device)) return plain_line(*text, HomeAssistant::longest_name);
    return fmt::format("Device {}", id.substr(0, 6));
}

std::vector<MacAddress> hardware_addresses(const Device& device) {
    auto macs = device.macs;
    if (device.mac.known() && std::find(macs.begin(), macs.end(), device.mac) == macs.end()) macs.push_back(device.mac);
    std::erase_if(macs, [](const auto& mac) { return !mac.known() || mac.is_group() || mac.is_locally_administered(); });
    return macs;
}

const char* on_off(bool is) { return is ? "ON" : "OFF"; }

/// Makes the entities of one device.
class Entities {
 public:
    Entities(std::string unique, std::string slug, std::string state_topic)
        : unique_{std::move(unique)}, slug_{std::move(slug)}, state_topic_{std::move(state_topic)} {}

    Json& add(const char* platform, const char* part, const char* name) {
        return all_[part] = {{"p", platform},
                             {"name", name},
                             {"unique_id", fmt::format("{}_{}", unique_, part)},
                             {"default_entity_id", fmt::format("{}.{}_{}", platform, slug_, part)}};
    }
    Json& add_value(const char* platform, const char* part, const char* name) {
        Json& entity = add(platform, part, name);
        entity["state_topic"] = state_topic_;
        entity["value_template"] = fmt::format("{{{{ value_json.{} }}}}", part);
        return entity;
    }
    void add_flag(const char* part, const char* name, const char* device_class) {
        add_value("binary_sensor", part, name)["device_class"] = device_class;
    }
    void add_bytes(const char* part, const char* name) {
        add_value("sensor", part, name)
            .update({{"device_class", "data_size"},
                     {"unit_of_measurement", "B"},
                     {"state_class", "total_increasing"},
                     {"entity_category", "diagnostic"}});
    }
    /// Where the device is, as attributes.
    void add_tracker() {
        add("device_tracker", "presence", "Presence")
            .update({{"source_type", "router"},
                     {"json_attributes_topic", state_topic_},
                     {"json_attributes_template", "{{ value_json.presence | tojson }}"}});
    }
    void add_update(const char* part, const char* name) {
        Json& entity = add("update", part, name);
        entity.update({{"state_topic", state_topic_},
                       {"value_template", fmt::format("{{{{ value_json.{} | tojson }}}}", part)},
                       {"title", name},
                       {"entity_category", "diagnostic"}});
    }
    [[nodiscard]] Json take() { return std::move(all_); }

 private:
    std::string unique_, slug_, state_topic_;
    Json all_ = Json::object();
};

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

std::string entity_slug(std::string_view text) {
    std::string slug;
    for (const char c : text) {
        if (slug.size() >= longest_slug) break;
        const auto letter = bare(std::string_view{&c, 1});
        if (!letter.empty())
            slug += letter;
        else if (!slug.empty() && slug.back() != '_')
            slug += '_';
    }
    if (!slug.empty() && slug.back() == '_') slug.pop_back();
    return slug;
}

HomeAssistant::HomeAssistant(Setup setup) : setup_{std::move(setup)}, home_{keyed_hash(setup_.key, "home", home_digits)} {
    set_heard(false);
}

std::string HomeAssistant::id_of(std::string_view device_key) const {
    return keyed_hash(setup_.key, fmt::format("device {}", device_key), id_digits);
}

std::string HomeAssistant::status_topic() const { return fmt::format("{}/{}/status", setup_.base, home_); }

std::string HomeAssistant::state_topic(std::string_view id) const {
    return fmt::format("{}/{}/{}/state", setup_.base, home_, id);
}

std::string HomeAssistant::config_topic(std::string_view id) const {
    return id == own_name ? fmt::format("{}/device/linnet_{}/config", setup_.prefix, home_)
                          : fmt::format("{}/device/linnet_{}_{}/config", setup_.prefix, home_, id);
}

std::vector<std::string> HomeAssistant::own_topics() const { return {setup_.prefix + "/device/+/config", state_topic("+")}; }

void HomeAssistant::begin(const Json& all) {
    const auto& list = all.at("devices");
    episodes_.clear();
    std::map<std::string, Known> before;
    before.swap(devices_);
    too_many_ = 0;
    read_devices(list);
    for (const auto& [key, known] : before) {
        if (devices_.contains(key)) continue;
        set(config_topic(known.id), "");
        set(state_topic(known.id), "");
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
        set(config_topic(known.id), dump(device_config(known)));
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
    set(config_topic(found->second.id), "");
    set(state_topic(found->second.id), "");
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
    for (const auto& [id, episode] : episodes_) {
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
    const auto topic = state_topic(known.id);
    const bool calm = known.shown == shown && slots_.contains(topic);
    known.shown = shown;
    const Json zones = shown.connected ? Json::array({"zone.home"}) : Json::array();
    const Json state{{"problem", on_off(shown.problem)},
                     {"connected", on_off(shown.connected)},
                     {"alerts", shown.alerts},
                     {"last_alert", text_or_null(shown.last_alert)},
                     {"bytes_sent", known.device.bytes_sent},
                     {"bytes_received", known.device.bytes_received},
                     {"presence", {{"in_zones", zones}}}};
    set(topic, dump(state), calm);
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
    set(state_topic(own_name), dump(state));
    set(config_topic(own_name), dump(linnet_config()));
}

Json HomeAssistant::with_frame(Json device, Json components) const {
    return {{"dev", std::move(device)},
            {"o", {{"name", "Linnet"}, {"sw", LINNET_VERSION}}},
            {"availability_topic", status_topic()},
            {"cmps", std::move(components)}};
}

Json HomeAssistant::device_config(const Known& known) const {
    const auto& device = known.device;
    const auto unique = fmt::format("linnet_{}_{}", home_, known.id);
    const auto name = name_of(device, known.id);
    Json about{{"ids", Json::array({unique})}, {"name", name}, {"via_device", "linnet_" + home_}};
    if (setup_.with_macs)
        for (const auto& mac : hardware_addresses(device)) about["cns"].push_back(Json::array({"mac", to_string(mac)}));
    if (!device.maker.empty() && !holds_address(device.maker, device)) about["mf"] = plain_line(device.maker, longest_name);
    if (!device.model.empty() && !holds_address(device.model, device)) about["mdl"] = plain_line(device.model, longest_name);
    const auto slug = entity_slug(name);
    Entities entities{unique, slug.empty() ? "device_" + known.id.substr(0, 6) : slug, state_topic(known.id)};
    entities.add_flag("problem", "Problem", "problem");
    entities.add_flag("connected", "Connected", "connectivity");
    entities.add_value("sensor", "alerts", "Alerts")["state_class"] = "measurement";
    entities.add_value("sensor", "last_alert", "Last alert");
    entities.add_bytes("bytes_sent", "Bytes sent");
    entities.add_bytes("bytes_received", "Bytes received");
    entities.add_tracker();
    return with_frame(std::move(about), entities.take());
}

Json HomeAssistant::linnet_config() const {
    const auto unique = "linnet_" + home_;
    Json about{{"ids", Json::array({unique})}, {"name", "Linnet"}, {"mdl", "Home network monitor"}, {"sw", LINNET_VERSION}};
    if (!setup_.link.empty()) about["cu"] = setup_.link;
    Entities entities{unique, "linnet", state_topic(own_name)};
    entities.add_flag("problem", "Problem", "problem");
    entities.add_flag("listening", "Listening", "connectivity");
    entities.add_value("sensor", "alerts", "Alerts")["state_class"] = "measurement";
    entities.add_value("sensor", "last_alert", "Last alert");
    entities.add_value("sensor", "devices", "Devices")["state_class"] = "measurement";
    entities.add_update("linnet", "Linnet");
    entities.add_update("signatures", "Signatures");
    return with_frame(std::move(about), entities.take());
}

void HomeAssistant::set_heard(bool heard) { set(status_topic(), heard ? "online" : "offline"); }

void HomeAssistant::set(const std::string& topic, std::string payload, bool calm) {
    const auto [slot, is_new] = slots_.try_emplace(topic);
    if (!is_new && slot->second.payload == payload) return;
    slot->second.payload = std::move(payload);
    slot->second.due = true;
    if (!calm) slot->second.urgent = true;
}

std::vector<Publication> HomeAssistant::take(Timestamp now, std::size_t most) {
    std::vector<Publication> taken;
    for (auto it = slots_.begin(); it != slots_.end() && taken.size() < most;) {
        auto& slot = it->second;
        const bool waits = !slot.urgent && now >= slot.at && now - slot.at < calm_pause;
        if (!slot.due || waits) {
            ++it;
            continue;
        }
        taken.push_back({it->first, slot.payload});
        slot.due = slot.urgent = false;
        slot.at = now;
        it = slot.payload.empty() ? slots_.erase(it) : std::next(it);
    }
    return taken;
}

void HomeAssistant::republish() {
    for (auto& [topic, slot] : slots_) slot.due = slot.urgent = true;
}

std::vector<Publication> HomeAssistant::all() const {
    std::vector<Publication> all;
    for (const auto& [topic, slot] : slots_)
        if (!slot.payload.empty()) all.push_back({topic, slot.payload});
    return all;
}

bool HomeAssistant::is_known(std::string_view id) const {
    return std::any_of(devices_.begin(), devices_.end(), [id](const auto& each) { return each.second.id == id; });
}

/// Nothing is said before it is known which devices there are.
void HomeAssistant::found(std::string_view topic) {
    if (!has_begun_ || slots_.size() >= 2 * max_devices + max_leftovers) return;
    for (const auto& frame : {config_topic("/"), state_topic("/")}) {  // no id holds a slash
        const auto hole = frame.find(frame.ends_with("/config") ? "_//" : "///");
        const auto before = std::string_view{frame}.substr(0, hole + 1), after = std::string_view{frame}.substr(hole + 2);
        if (topic.size() != before.size() + id_digits + after.size() || !topic.starts_with(before) ||
            !topic.ends_with(after))
            continue;
        const auto id = topic.substr(before.size(), id_digits);
        if (is_hexadecimal(id) && !is_known(id)) set(std::string{topic}, "");
    }
}

}  // namespace linnet
