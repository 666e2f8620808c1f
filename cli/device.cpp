// linnet device: what Linnet knows of one device, and why it thinks so.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_choice.hpp"
#include "device_history.hpp"
#include "local_time.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include <unistd.h>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    std::string device;
};

constexpr std::size_t longest_line = 100, width_of_labels = 11;

/// Where there is something to say; what does not fit stands under it.
void print_line(std::string_view label, const std::string& text, std::size_t columns) {
    if (text.empty()) return;
    for (const auto& line : wrapped(escaped(text), columns - width_of_labels)) {
        fmt::print("{:<{}}{}\n", label, width_of_labels, line);
        label = {};
    }
}

std::string sure(const Device& device, const char* aspect, const std::string& value) {
    const auto known = device.confidence.find(aspect);
    if (value.empty() || known == device.confidence.end() || !known->is_number_integer()) return value;
    return fmt::format("{} ({} % sure)", value, known->get<int>());
}

/// What it sent and received on the last days, each by this computer's time.
void print_volume(const Json& hours, std::size_t columns) {
    constexpr std::size_t days_shown = 7;
    std::map<std::string, std::pair<std::uint64_t, std::uint64_t>, std::greater<>> days;
    for (const Json& hour : hours) {
        const auto time = parse_timestamp(hour.value("hour", ""));
        if (!time) continue;
        auto& [out, in] = days[local_time(*time).substr(0, 10)];
        out += hour.value("bytes_out", std::uint64_t{0});
        in += hour.value("bytes_in", std::uint64_t{0});
    }
    const char* label = "Traffic";
    std::size_t shown = 0;
    for (const auto& [day, volume] : days) {
        if (shown++ == days_shown) break;
        print_line(label, fmt::format("{}  {} sent, {} received", day, amount(volume.first), amount(volume.second)),
                   columns);
        label = "";
    }
}

void print(const Device& device, std::size_t columns, const Json& hours) {
    std::string addresses;
    for (const IpAddress& ip : device.ips) addresses += (addresses.empty() ? "" : ", ") + to_string(ip);
    print_line("Name", device.name, columns);
    print_line("Kind", sure(device, "kind", device.kind), columns);
    print_line("Maker", sure(device, "maker", device.maker), columns);
    print_line("Model", sure(device, "model", device.model), columns);
    print_line("System", sure(device, "os", device.os), columns);
    print_line("Address", addresses, columns);
    print_line("MAC",
               device.mac.known() ? to_string(device.mac) + (device.randomized_mac ? " (made up by the device)" : "") : "",
               columns);
    print_line("Seen", local_time(device.first_seen) + " to " + local_time(device.last_seen), columns);
    print_volume(hours, columns);
    if (device.reasons.empty()) fmt::print("\nNothing that it showed so far says what it is.\n");
    for (const auto& reason : device.reasons) {
        fmt::print("\n");
        for (const auto& line : wrapped(escaped(reason), columns)) fmt::print("{}\n", line);
    }
}

int run(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const Device device = chosen_device(analyzer, options.device);
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    if (options.analyzer.json) {
        fmt::print("{}\n", dump(to_eve(device)));
    } else {
        const auto columns =
            terminal.interactive ? std::clamp<std::size_t>(terminal.columns, 40, longest_line) : longest_line;
        print(device, columns, analyzer.ask("hours", {{"device", device.key}, {"limit", 5'000}}));
        fmt::print("\n{}", device_history(device, terminal));
    }
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    options->analyzer.declare(app);
    app.add_option("device", options->device, "Its name or a part of it, its MAC, or an address")->required();
    return [options] { return run(*options); };
}

}  // namespace

const Command device_command{"device", "Tells what a device is, and why Linnet thinks so", declare, true};

}  // namespace linnet
