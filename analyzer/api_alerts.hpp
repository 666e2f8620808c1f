// The requests by which a person says something of alerts: seen, not to be told for a while, told again (wire/api.hpp).
#pragma once

#include "api_request.hpp"
#include "core.hpp"
#include "store.hpp"

#include <chrono>

namespace linnet {

inline constexpr std::chrono::hours usual_mute{24}, longest_mute{366 * 24};

struct AlertsAnswer {
    Json result;
    std::string error;     ///< a sentence; then there is no result
    bool changed = false;  ///< the core's state, which must be saved before the answer goes out
};

bool is_about_alerts(const ApiRequest& request);

/// `now` is the time of day.
AlertsAnswer answer_about_alerts(const ApiRequest& request, Core& core, Store& store, Timestamp now);

/// As alerts are told: of the device that there is now, where the one of then was joined with another; and where it stands
/// with the people. `seen` is the newest event time.
void bring_up_to_date(Json& alert, const Core& core, Timestamp seen, Timestamp now);

}  // namespace linnet
