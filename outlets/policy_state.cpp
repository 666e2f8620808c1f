// What the policy remembers, to and from JSON.
#include "policy.hpp"

#include "wire/json_fields.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::array<std::string_view, 4> stage_names{"silent", "piled", "begun", "over"};

Timestamp time_of(const Json& json) { return Timestamp{Duration{json.get<std::int64_t>()}}; }
std::int64_t number_of(Timestamp time) { return time.time_since_epoch().count(); }

Json to_json(const Pile& pile) {
    return {{"count", pile.count},
            {"severity", static_cast<int>(pile.gravest)},
            {"lines", pile.lines},
            {"about", pile.about},
            {"since", number_of(pile.since)}};
}

Pile pile_from(const Json& json) {
    return {.count = json.at("count").get<std::uint64_t>(),
            .gravest = read_severity(json),
            .lines = json.at("lines").get<std::vector<std::string>>(),
            .about = json.at("about").get<std::vector<std::string>>(),
            .since = time_of(json.at("since"))};
}

Json to_json(const std::vector<Timestamp>& times) {
    Json list = Json::array();
    for (const auto time : times) list.push_back(number_of(time));
    return list;
}

std::vector<Timestamp> times_from(const Json& json) {
    std::vector<Timestamp> times;
    for (const auto& time : json) times.push_back(time_of(time));
    return times;
}

}  // namespace

Json to_json(const Told& told) {
    return {{"stage", stage_names.at(static_cast<std::size_t>(told.stage))},
            {"severity", static_cast<int>(told.severity)},
            {"headline", told.headline},
            {"device", told.device},
            {"key", told.key},
            {"count", told.count},
            {"first_seen", number_of(told.first_seen)},
            {"last_seen", number_of(told.last_seen)},
            {"muted_until", number_of(told.muted_until)}};
}

Told told_from_json(const Json& json) {
    Told told;
    const auto stage = json.at("stage").get<std::string>();
    for (std::size_t i = 0; i < stage_names.size(); ++i)
        if (stage == stage_names.at(i)) told.stage = static_cast<Told::Stage>(i);
    told.severity = read_severity(json);
    json.at("headline").get_to(told.headline);
    json.at("device").get_to(told.device);
    json.at("key").get_to(told.key);
    json.at("count").get_to(told.count);
    told.first_seen = time_of(json.at("first_seen"));
    told.last_seen = time_of(json.at("last_seen"));
    if (json.contains("muted_until")) told.muted_until = time_of(json.at("muted_until"));
    return told;
}

Json to_json(const Standing& standing) {
    return {{"sent", to_json(standing.sent)},
            {"sent_urgent", to_json(standing.sent_urgent)},
            {"quiet", to_json(standing.quiet)},
            {"digest", to_json(standing.digest)},
            {"surplus", to_json(standing.surplus)}};
}

Standing standing_from_json(const Json& json) {
    return {.sent = times_from(json.at("sent")),
            .sent_urgent = times_from(json.at("sent_urgent")),
            .quiet = pile_from(json.at("quiet")),
            .digest = pile_from(json.at("digest")),
            .surplus = pile_from(json.at("surplus"))};
}

}  // namespace linnet
