// The requests about one device: all of it, and what a person decides about it (wire/api.hpp).
#pragma once

#include "api_request.hpp"
#include "core.hpp"

namespace linnet {

struct DeviceAnswer {
    Json result;
    std::string error;     ///< a sentence; then there is no result
    bool changed = false;  ///< the core's state, which must be saved before the answer goes out
};

bool is_about_a_device(const ApiRequest& request);
/// Of an alert as EVE: names the device by its present key, where that is another than then.
void bring_up_to_date(Json& alert, const Household& household);
/// `now` is when a person decides.
DeviceAnswer answer_about_a_device(const ApiRequest& request, Core& core, Timestamp now);

}  // namespace linnet
