// Where an alert stands with the people of the home: what the analyzer's API adds to an EVE alert under "linnet", as "state"
// and, where they are so, "acknowledged" and "muted_until" (times). It is no part of the alert: it changes with the clock.
#pragma once

#include "alert.hpp"

#include <optional>
#include <string_view>

namespace linnet {

enum class AlertState : std::uint8_t {
    fresh = 0,         ///< "new"
    acknowledged = 1,  ///< a person has seen it, and it has not become graver since
    muted = 2,         ///< a person does not want to be told of it for a while
    ended = 3,         ///< quiet for so long that what comes now is another episode
};
std::string_view to_string(AlertState state);
std::optional<AlertState> parse_alert_state(std::string_view name);

struct AlertStanding {
    AlertState state = AlertState::fresh;
    std::optional<Timestamp> acknowledged;  ///< when
    std::optional<Timestamp> muted_until;   ///< also of one that has ended meanwhile
    bool operator==(const AlertStanding&) const = default;
};

void put(const AlertStanding& standing, Json& eve);
/// Of an alert without: new. Throws as alert_from_eve() does.
AlertStanding standing_from_eve(const Json& eve);
/// The alert alone, as it was written down.
void remove_standing(Json& eve);

}  // namespace linnet
