#include "device_history.hpp"

#include "local_time.hpp"
#include "text.hpp"

#include <fmt/format.h>

namespace linnet {
namespace {

constexpr std::size_t time_width = 21;  // "2026-03-01 18:20:11" and two spaces

/// A time, and text that goes on under itself.
std::string entry(const std::string& time, const std::string& text, std::size_t columns) {
    std::string lines;
    for (const auto& line : wrapped(escaped(text), columns - time_width))
        lines += fmt::format("{:<{}}{}\n", lines.empty() ? time : "", time_width, line);
    return lines;
}

}  // namespace

std::string device_history(const Device& device, const Terminal& terminal) {
    std::string text = terminal.painted(Paint::bold, "History") + "\n";
    const std::string& known_as = device.macs.empty() ? device.key : to_string(device.macs.front());
    text += entry(local_time(device.first_seen), "First seen, as " + known_as + ".", terminal.columns);
    for (const auto& each : device.history) text += entry(local_time(each.at), each.text, terminal.columns);
    text += entry(local_time(device.last_seen), device.away ? "Last seen; it is away." : "Last seen.", terminal.columns);
    if (device.suggestions.empty()) return text;
    text += "\n" + terminal.painted(Paint::bold, "Perhaps the same device") + "\n";
    for (const auto& other : device.suggestions)
        text += fmt::format("{} ({} %): {}.\n  linnet merge {} {}    or    linnet split {} {}\n", escaped(other.key),
                            other.confidence, escaped(other.why), device.key, escaped(other.key), device.key,
                            escaped(other.key));
    return text;
}

}  // namespace linnet
