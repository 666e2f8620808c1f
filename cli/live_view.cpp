#include "live_view.hpp"

#include "local_time.hpp"
#include "severity.hpp"
#include "table.hpp"
#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

namespace linnet {
namespace {

constexpr std::size_t least_alerts = 3;  ///< lines that alerts get where there are many devices

std::string clock_text(Timestamp time) { return local_time(time).substr(11); }

std::string state_text(const LiveAlert& each) {
    if (each.standing.muted_until && each.standing.state != AlertState::ended)
        return "muted until " + local_time(*each.standing.muted_until).substr(0, 16);
    return std::string{to_string(each.standing.state)};
}

std::string rate_text(double bytes) { return bytes < 1 ? "-" : amount(static_cast<std::uint64_t>(bytes)) + "/s"; }

/// A table that has more columns than a small terminal is cut.
std::vector<std::string> lines_of(const Table& table, const Terminal& terminal) {
    std::istringstream stream{table.render(terminal.columns)};
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(shortened(line, terminal.columns));
    return lines;
}

/// Title and rows, each row painted whole.
std::vector<std::string> alert_lines(const std::vector<LiveAlert>& alerts, std::size_t rows, const Terminal& terminal) {
    Table table{{{"SEVERITY"}, {"LAST"}, {"DEVICE", Align::left, 32}, {"WHAT"}, {"COUNT", Align::right}, {"STATE"}}};
    const auto shown = std::min(alerts.size(), rows);
    for (std::size_t i = 0; i < shown; ++i) {
        const Alert& alert = alerts[i].alert;
        table.add({std::string{look_of(alert.severity).word}, local_time(alert.last_seen), alert.device.name,
                   alert.signature, std::to_string(alert.count), state_text(alerts[i])});
    }
    auto lines = lines_of(table, terminal);
    lines[0] = terminal.painted(Paint::bold, lines[0]);
    for (std::size_t i = 0; i < shown; ++i) {
        const bool over = alerts[i].standing.state == AlertState::ended;
        lines[i + 1] = terminal.painted(over ? Paint::faint : look_of(alerts[i].alert.severity).paint, lines[i + 1]);
    }
    return lines;
}

std::vector<std::string> device_lines(const std::vector<LiveDevice>& devices, std::size_t rows, const Terminal& terminal) {
    Table table{{{"DEVICE", Align::left, 32},
                 {"KIND"},
                 {"ADDRESS"},
                 {"HEARD"},
                 {"SENDS", Align::right},
                 {"RECEIVES", Align::right}}};
    const auto shown = std::min(devices.size(), rows);
    for (std::size_t i = 0; i < shown; ++i) {
        const Device& device = devices[i].device;
        table.add({device.name, device.kind.empty() ? "-" : device.kind,
                   device.ips.empty() ? device.key : to_string(device.ips.back()),
                   device.away ? "away" : local_time(device.last_seen), rate_text(devices[i].sending),
                   rate_text(devices[i].receiving)});
    }
    auto lines = lines_of(table, terminal);
    lines[0] = terminal.painted(Paint::bold, lines[0]);
    for (std::size_t i = 0; i < shown; ++i)
        if (devices[i].device.away) lines[i + 1] = terminal.painted(Paint::faint, lines[i + 1]);
    return lines;
}

void add(std::vector<std::string>& lines, std::vector<std::string>&& more) {
    lines.insert(lines.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

std::vector<std::string> live_view(const LiveHome& home, const std::string& trouble, Timestamp now, const Terminal& terminal,
                                   std::size_t rows) {
    const auto verdict = home.verdict();
    const auto fit = [&](const std::string& text) { return shortened(text, terminal.columns); };
    std::vector<std::string> lines;
    lines.push_back(terminal.painted(verdict.need ? look_of(*verdict.need).paint : Paint::bold, fit(verdict.sentence)));
    lines.push_back(trouble.empty() ? fit(verdict.reach) : terminal.painted(Paint::yellow, fit(escaped(trouble))));
    const auto alerts = home.alerts();
    const auto devices = home.devices(now);
    constexpr std::size_t fixed = 7;  // two lines above, two titles, two gaps, and one below
    const std::size_t room = rows > fixed ? rows - fixed : 0;
    const std::size_t for_devices = std::min(devices.size(), room - std::min(room, std::max(room / 2, least_alerts)));
    const std::size_t for_alerts = std::min(alerts.size(), room - for_devices);
    lines.emplace_back();
    add(lines, alert_lines(alerts, for_alerts, terminal));
    lines.emplace_back();
    add(lines, device_lines(devices, room - for_alerts, terminal));
    if (lines.size() >= rows) lines.resize(rows > 0 ? rows - 1 : 0);
    while (lines.size() + 1 < rows) lines.emplace_back();
    if (rows > 0) lines.push_back(terminal.painted(Paint::faint, fit(fmt::format("{}   q quits", clock_text(now)))));
    return lines;
}

std::vector<std::string> news_lines(const LiveHome::News& news) {
    std::vector<std::string> lines;
    for (const auto& sensor : news.sensors)
        lines.push_back(fmt::format("sensor     {} on {} is {}", escaped(sensor.id), escaped(sensor.source),
                                    sensor.finished    ? "finished"
                                    : sensor.connected ? "connected"
                                                       : "not connected"));
    for (const auto& device : news.devices)
        lines.push_back(
            fmt::format("device     {}  {} ({})", local_time(device.first_seen), escaped(device.name), escaped(device.key)));
    for (const auto& each : news.alerts)
        lines.push_back(fmt::format("alert {:<4} {}  {}: {}: {} ({}, {})", each.alert.id, local_time(each.alert.last_seen),
                                    look_of(each.alert.severity).word, escaped(each.alert.device.name),
                                    escaped(each.alert.signature), counted(each.alert.count, "time", "times"),
                                    state_text(each)));
    return lines;
}

}  // namespace linnet
