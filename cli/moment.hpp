// Times as people type them.
#pragma once

#include "wire/types.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace linnet {

/// "90s", "30m", "12h", "1d", "2w": a whole number and one unit, at most ten years; more than nothing.
std::optional<std::chrono::seconds> parse_span(std::string_view text);

/// A span before `now`; or a day or time, "2026-03-01", "2026-03-01 18:20", "2026-03-01T18:20:11", in the time zone of $TZ
/// or the system; with Z at its end in UTC.
std::optional<Timestamp> parse_moment(std::string_view text, Timestamp now);

inline constexpr const char* moment_examples = "such as 90m, 12h, 7d, 2026-03-01 or 2026-03-01T18:20";

}  // namespace linnet
