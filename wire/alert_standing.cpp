#include "alert_standing.hpp"

#include "json_fields.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

constexpr std::array<std::string_view, 4> names{"new", "acknowledged", "muted", "ended"};

}  // namespace

std::string_view to_string(AlertState state) { return names.at(static_cast<std::size_t>(state)); }

std::optional<AlertState> parse_alert_state(std::string_view name) {
    const auto* found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<AlertState>(found - names.begin());
}

void put(const AlertStanding& standing, Json& eve) {
    Json& part = eve["linnet"];
    part["state"] = to_string(standing.state);
    if (standing.acknowledged) part["acknowledged"] = to_string(*standing.acknowledged);
    if (standing.muted_until) part["muted_until"] = to_string(*standing.muted_until);
}

AlertStanding standing_from_eve(const Json& eve) {
    AlertStanding standing;
    const Json part = eve.is_object() ? eve.value("linnet", Json::object()) : Json::object();
    read(part, "state", standing.state, parse_alert_state);
    read(part, "acknowledged", standing.acknowledged, parse_timestamp);
    read(part, "muted_until", standing.muted_until, parse_timestamp);
    return standing;
}

void remove_standing(Json& eve) {
    const auto part = eve.find("linnet");
    if (part == eve.end() || !part->is_object()) return;
    for (const char* key : {"state", "acknowledged", "muted_until"}) part->erase(key);
}

}  // namespace linnet
