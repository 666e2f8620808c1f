// Events as JSON lines: what `linnet-sensor --print` writes and `linnet-analyzer --replay` reads. One object a line,
// {"event": "flow", …}, keys in the order of event.hpp; zero and empty values are left out,
// names of enumerations are not. Text from the network is escaped; what is not
// UTF-8 never gets this far.
#pragma once

#include "event.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace linnet {

/// Appends one line, newline included. Made for speed: no intermediate document.
void append_json_line(const Event& event, std::string& out);

/// Nothing where the line is not a valid event; then `error` says why, in a sentence.
std::optional<Event> parse_json_line(std::string_view line, std::string& error);

}  // namespace linnet
