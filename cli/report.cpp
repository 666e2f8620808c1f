#include "report.hpp"

#include "device_table.hpp"
#include "local_time.hpp"
#include "severity.hpp"
#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

constexpr std::size_t indent = 3;
constexpr std::size_t longest_line = 100;  // longer ones are hard to read, however wide the window

using Alerts = std::vector<Alert>;

std::size_t count_of(const Alerts& alerts, Severity severity) {
    return static_cast<std::size_t>(
        std::count_if(alerts.begin(), alerts.end(), [severity](const Alert& alert) { return alert.severity == severity; }));
}

std::string summary(const CaptureResult& result, const Alerts& alerts) {
    std::string text = counted(result.devices.size(), "device", "devices");
    if (const auto count = count_of(alerts, Severity::act_now); count > 0)
        text += ", " + counted(count, "thing", "things") + " to act on now";
    if (const auto count = count_of(alerts, Severity::important); count > 0)
        text += ", " + counted(count, "important thing", "important things");
    if (const auto count = count_of(alerts, Severity::worth_knowing); count > 0)
        text += ", " + counted(count, "thing", "things") + " worth knowing";
    return text + (alerts.empty() ? ". Nothing was found that needs your attention." : ".");
}

/// `text` in lines of the terminal's width, all indented.
std::string paragraph(std::string_view text, const Terminal& terminal) {
    std::string out;
    for (const std::string& line : wrapped(escaped(text), std::min(terminal.columns, longest_line) - indent))
        out += std::string(indent, ' ') + line + "\n";
    return out;
}

std::string about(const Alert& alert) {
    const std::string address = alert.device.ip.known()    ? to_string(alert.device.ip)
                                : alert.device.mac.known() ? to_string(alert.device.mac)
                                                           : std::string{};
    std::string text = alert.device.name.empty() ? address : alert.device.name;
    if (!address.empty() && text != address) text += " (" + address + ")";
    if (!text.empty()) text += ", ";
    text += local_time(alert.first_seen);
    if (alert.count > 1) text += ", " + counted(alert.count, "time", "times");
    return text;
}

std::string section(const SeverityLook& look, const Alerts& alerts, const Terminal& terminal) {
    if (count_of(alerts, look.severity) == 0) return {};
    std::string text = terminal.painted(look.paint, fmt::format("{:<3}{}", look.symbol, look.heading)) + "\n\n";
    for (const Alert& alert : alerts) {
        if (alert.severity != look.severity) continue;
        text += std::string(indent, ' ') + terminal.painted(Paint::bold, escaped(alert.signature)) + "\n";
        text += paragraph(about(alert), terminal);
        for (const std::string& sentence : {alert.happened, alert.meaning, alert.advice})
            text += paragraph(sentence, terminal);
        text += "\n";
    }
    return text;
}

}  // namespace

std::string report(const CaptureResult& result, const Terminal& terminal) {
    Alerts alerts;
    for (const Json& eve : result.alerts) alerts.push_back(alert_from_eve(eve));
    std::vector<Device> devices;
    for (const Json& eve : result.devices) devices.push_back(device_from_eve(eve));

    std::string text = terminal.painted(Paint::bold, summary(result, alerts)) + "\n\n";
    for (const SeverityLook& look : severity_looks) text += section(look, alerts, terminal);
    if (!devices.empty()) text += terminal.painted(Paint::bold, "Devices") + "\n\n" + device_table(devices, terminal);
    return text;
}

}  // namespace linnet
