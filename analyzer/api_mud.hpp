// The requests about MUD files (RFC 8520): what was learned of each device, out as a file, and a maker's file in.
#pragma once

#include "api_request.hpp"
#include "core.hpp"

namespace linnet {

struct MudAnswer {
    Json result;
    std::string error;     ///< a sentence; then there is no result
    bool changed = false;  ///< the core's state, which must be saved before the answer goes out
};

bool is_about_mud(const ApiRequest& request);
MudAnswer answer_about_mud(const ApiRequest& request, Core& core);

}  // namespace linnet
