// What flows a person wants to see: `device=camera app=mqtt since=1d`. One term in each argument, KEY=VALUE; all must be so.
#pragma once

#include "wire/alert.hpp"

#include <optional>
#include <string>
#include <vector>

namespace linnet {

struct FlowExpression {
    std::optional<std::string> device;  ///< as typed: a device, or a kind of device
    Json arguments = Json::object();    ///< of the request `flows`, but for the device
};

/// Throws std::runtime_error: a sentence that says what is possible. `now` is what since=1d counts from.
FlowExpression parse_flow_expression(const std::vector<std::string>& terms, Timestamp now);

/// The same as one line, for --help.
inline constexpr const char* flow_terms =
    "device=NAME|MAC|ADDRESS|KIND, app=NAME, port=NUMBER, proto=tcp|udp|icmp|icmpv6, peer=ADDRESS|PREFIX, "
    "direction=out|in|inside, since=TIME, until=TIME (90m, 12h, 7d, 2026-03-01, 2026-03-01T18:20)";

}  // namespace linnet
