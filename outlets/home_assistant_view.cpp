#include "home_assistant_view.hpp"

#include "message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

constexpr std::size_t longest_slug = 40;

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
        if (!text->empty() && !holds_address(*text, device)) return plain_line(*text, HomeFrame::longest_name);
    return fmt::format("Device {}", id.substr(0, 6));
}

std::vector<MacAddress> hardware_addresses(const Device& device) {
    auto macs = device.macs;
    if (device.mac.known() && std::find(macs.begin(), macs.end(), device.mac) == macs.end()) macs.push_back(device.mac);
    std::erase_if(macs, [](const auto& mac) { return !mac.known() || mac.is_group() || mac.is_locally_administered(); });
    return macs;
}

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

Json with_frame(const HomeFrame& frame, Json device, Json components) {
    return {{"dev", std::move(device)},
            {"o", {{"name", "Linnet"}, {"sw", LINNET_VERSION}}},
            {"availability_topic", frame.status_topic()},
            {"cmps", std::move(components)}};
}

}  // namespace

std::string HomeFrame::status_topic() const { return fmt::format("{}/{}/status", base, home); }

std::string HomeFrame::state_topic(std::string_view id) const { return fmt::format("{}/{}/{}/state", base, home, id); }

std::string HomeFrame::config_topic(std::string_view id) const {
    return id == linnet ? fmt::format("{}/device/linnet_{}/config", prefix, home)
                        : fmt::format("{}/device/linnet_{}_{}/config", prefix, home, id);
}

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

Json device_config(const HomeFrame& frame, const Device& device, const std::string& id) {
    const auto unique = fmt::format("linnet_{}_{}", frame.home, id);
    const auto name = name_of(device, id);
    Json about{{"ids", Json::array({unique})}, {"name", name}, {"via_device", "linnet_" + frame.home}};
    if (frame.with_macs)
        for (const auto& mac : hardware_addresses(device)) about["cns"].push_back(Json::array({"mac", to_string(mac)}));
    if (!device.maker.empty() && !holds_address(device.maker, device))
        about["mf"] = plain_line(device.maker, HomeFrame::longest_name);
    if (!device.model.empty() && !holds_address(device.model, device))
        about["mdl"] = plain_line(device.model, HomeFrame::longest_name);
    const auto slug = entity_slug(name);
    Entities entities{unique, slug.empty() ? "device_" + id.substr(0, 6) : slug, frame.state_topic(id)};
    entities.add_flag("problem", "Problem", "problem");
    entities.add_flag("connected", "Connected", "connectivity");
    entities.add_value("sensor", "alerts", "Alerts")["state_class"] = "measurement";
    entities.add_value("sensor", "last_alert", "Last alert");
    entities.add_bytes("bytes_sent", "Bytes sent");
    entities.add_bytes("bytes_received", "Bytes received");
    entities.add_tracker();
    return with_frame(frame, std::move(about), entities.take());
}

Json linnet_config(const HomeFrame& frame) {
    const auto unique = "linnet_" + frame.home;
    Json about{{"ids", Json::array({unique})}, {"name", "Linnet"}, {"mdl", "Home network monitor"}, {"sw", LINNET_VERSION}};
    if (!frame.link.empty()) about["cu"] = frame.link;
    Entities entities{unique, "linnet", frame.state_topic(HomeFrame::linnet)};
    entities.add_flag("problem", "Problem", "problem");
    entities.add_flag("listening", "Listening", "connectivity");
    entities.add_value("sensor", "alerts", "Alerts")["state_class"] = "measurement";
    entities.add_value("sensor", "last_alert", "Last alert");
    entities.add_value("sensor", "devices", "Devices")["state_class"] = "measurement";
    entities.add_update("linnet", "Linnet");
    entities.add_update("signatures", "Signatures");
    return with_frame(frame, std::move(about), entities.take());
}

}  // namespace linnet
