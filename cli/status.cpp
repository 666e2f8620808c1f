// linnet status: is everything running, and does anything get lost.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "local_time.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <unistd.h>

namespace linnet {
namespace {

std::uint64_t number(const Json& object, const char* key) { return object.value(key, std::uint64_t{0}); }

/// "3 days 2 hours", "5 minutes": the two largest units.
std::string lasting(std::uint64_t seconds) {
    const std::uint64_t minutes = seconds / 60;
    const std::uint64_t hours = minutes / 60;
    const std::uint64_t days = hours / 24;
    if (days > 0) return counted(days, "day", "days") + " " + counted(hours % 24, "hour", "hours");
    if (hours > 0) return counted(hours, "hour", "hours") + " " + counted(minutes % 60, "minute", "minutes");
    if (minutes > 0) return counted(minutes, "minute", "minutes");
    return counted(seconds, "second", "seconds");
}

std::string state_of(const Json& sensor) {
    if (sensor.value("finished", false)) return "finished";
    return sensor.value("connected", false) ? "connected" : "not connected";
}

/// "strict", "off"; what the kernel lacks stands below the table.
std::string sandbox_of(const Json& sensor) {
    const auto text = sensor.value("sandbox", std::string{});
    if (text.empty()) return "-";
    return text.find(',') == std::string::npos ? text : text.substr(0, text.find(',')) + " (!)";
}

std::string last_event_of(const Json& sensor) {
    const auto text = sensor.value("last_event", std::string{});
    const auto time = parse_timestamp(text);
    return time ? local_time(*time) : text;
}

std::string sensor_table(const Json& sensors, const Terminal& terminal) {
    if (sensors.empty()) return "No sensor has reported yet.\n";
    Table table{{{"SENSOR"},
                 {"SOURCE"},
                 {"STATE"},
                 {"SANDBOX"},
                 {"PACKETS", Align::right},
                 {"MALFORMED", Align::right},
                 {"DROPPED", Align::right},
                 {"LOST", Align::right},
                 {"LAST EVENT"}}};
    for (const Json& sensor : sensors)
        table.add({sensor.value("id", ""), sensor.value("source", ""), state_of(sensor), sandbox_of(sensor),
                   std::to_string(number(sensor, "packets")), std::to_string(number(sensor, "malformed")),
                   std::to_string(number(sensor, "kernel_dropped")), std::to_string(number(sensor, "lost")),
                   last_event_of(sensor)});
    auto text = table.render(terminal.interactive ? terminal.columns : 0);
    for (const Json& sensor : sensors)
        if (const auto sandbox = sensor.value("sandbox", std::string{}); sandbox.find(',') != std::string::npos)
            text += fmt::format("(!) {}: sandbox {}\n", escaped(sensor.value("id", "")), escaped(sandbox));
    return text;
}

std::string signatures_text(const Json& signatures) {
    const auto expires = signatures.value("expires", std::string{});
    auto text = fmt::format("version {}", number(signatures, "version"));
    if (expires.empty()) return text;
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const auto day = parse_timestamp(expires + "T00:00:00Z");
    return text + (day && *day < today ? ", expired " : ", expires ") + escaped(expires);
}

/// What went wrong with the database, and where the person finds what is left of it.
std::string database_trouble(const Json& database) {
    std::string text;
    if (const auto trouble = database.value("trouble", std::string{}); !trouble.empty())
        text += "           " + escaped(trouble) + "\n";
    const Json restored = database.value("restored", Json());
    if (!restored.is_object()) return text;
    const auto when = [&restored](const char* key) {
        const auto time = parse_timestamp(restored.value(key, ""));
        return time ? local_time(*time) : std::string{"?"};
    };
    text += fmt::format("           It was damaged on {}; {}.\n", when("at"),
                        restored.value("copy", "").empty() ? "there was no good copy, so a new one was begun"
                                                           : "the copy of " + when("copied") + " took its place");
    text += fmt::format("           The damaged one is {}; delete it when you no longer need it.\n",
                        escaped(restored.value("broken", "?")));
    return text;
}

std::string status_text(const Json& status, const Terminal& terminal) {
    const Json database = status.value("database", Json::object());
    std::string home;
    for (const Json& prefix : status.value("home", Json::array())) home += " " + escaped(prefix.get<std::string>());
    std::string text = fmt::format("Linnet analyzer {}, running for {}\n", escaped(status.value("version", "?")),
                                   lasting(number(status, "uptime_seconds")));
    text += fmt::format("Home       private addresses{}\n", home.empty() ? "" : " and" + home);
    if (const auto since = parse_timestamp(status.value("since", "")))
        text += fmt::format("Learns     since {}\n", local_time(*since));
    text += "Signatures " + signatures_text(status.value("signatures", Json::object())) + "\n";
    text += fmt::format("Database   {}, {:.1f} MB\n", escaped(database.value("path", "?")),
                        static_cast<double>(number(database, "bytes")) / 1e6);
    text += database_trouble(database);
    text += fmt::format("           {}, {}, {}, {}\n\n", counted(number(database, "devices"), "device", "devices"),
                        counted(number(database, "alerts"), "alert", "alerts"),
                        counted(number(database, "flows"), "flow", "flows"),
                        counted(number(database, "events"), "event", "events"));
    if (const auto sight = status.find("sight"); sight != status.end())
        text += fmt::format("Sight      conversations of {} of {} that are heard every day\n\n", number(*sight, "followed"),
                            counted(number(*sight, "devices"), "device", "devices"));
    return text + sensor_table(status.value("sensors", Json::array()), terminal);
}

int run(const AnalyzerOptions& options) {
    AnalyzerConnection analyzer{options.address};
    const Json status = analyzer.ask("status");
    if (options.json)
        fmt::print("{}\n", dump(status));
    else
        fmt::print("{}", status_text(status, Terminal::of(STDOUT_FILENO)));
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<AnalyzerOptions>();
    options->declare(app);
    return [options] { return run(*options); };
}

}  // namespace

const Command status_command{"status", "Says how the analyzer and its sensors are", declare};

}  // namespace linnet
