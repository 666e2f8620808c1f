// linnet ack, mute, mutes and unmute: what a person says of alerts. None of it hides a danger: `linnet alerts`, `linnet
// report` and `linnet watch` show what is muted, and say that it is.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_choice.hpp"
#include "local_time.hpp"
#include "moment.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    std::vector<std::uint64_t> alerts;
    std::string device, kind, peer, span = "1d", which;
};

Timestamp now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

std::string time_text(const Json& entry, const char* key) {
    const auto time = parse_timestamp(entry.value(key, ""));
    return time ? local_time(*time) : "?";
}

/// "telnet of Hall camera with 203.0.113.9".
std::string in_words(const Json& mute) {
    auto text = fmt::format("{} of {}", escaped(mute.value("kind", "any alert")), escaped(mute.value("name", "?")));
    if (mute.contains("peer")) text += " with " + escaped(mute.at("peer").get<std::string>());
    return text;
}

int acknowledge(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    for (const auto id : options.alerts) {
        const Json eve = analyzer.ask("alert-acknowledge", {{"alert", id}});
        const Alert alert = alert_from_eve(eve);
        if (options.analyzer.json)
            fmt::print("{}\n", dump(eve));
        else
            fmt::print("Alert {} ({}, {}) was seen. If it becomes graver, it is new again.\n", alert.id,
                       escaped(alert.device.name), escaped(alert.signature));
    }
    return exit_code::ok;
}

int mute(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    Json arguments{{"device", chosen_device(analyzer, options.device).key},
                   {"until", to_string(now() + parse_span(options.span).value_or(std::chrono::hours{24}))}};
    if (!options.kind.empty()) arguments["kind"] = options.kind;
    if (!options.peer.empty()) arguments["peer"] = options.peer;
    const Json made = analyzer.ask("alert-mute", arguments);
    if (options.analyzer.json)
        fmt::print("{}\n", dump(made));
    else
        fmt::print("Until {} nobody is told of {}. It is kept and counted; `linnet unmute {}` takes this back.\n",
                   time_text(made, "until"), in_words(made), made.value("id", 0U));
    return exit_code::ok;
}

int list(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const Json all = analyzer.ask("mutes");
    Table table{{{"ID", Align::right}, {"DEVICE", Align::left, 40}, {"WHAT"}, {"PEER"}, {"SINCE"}, {"UNTIL"}}};
    for (const Json& mute : all) {
        if (options.analyzer.json) fmt::print("{}\n", dump(mute));
        table.add({std::to_string(mute.value("id", 0U)), mute.value("name", ""), mute.value("kind", "any alert"),
                   mute.value("peer", "-"), time_text(mute, "since"), time_text(mute, "until")});
    }
    if (options.analyzer.json) return exit_code::ok;
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    fmt::print("{}", all.empty() ? "Nothing is muted.\n" : table.render(terminal.interactive ? terminal.columns : 0));
    return exit_code::ok;
}

/// By number; else all of the device.
std::vector<std::uint64_t> meant(AnalyzerConnection& analyzer, const std::string& which) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (which.size() <= 18 && !which.empty() && std::all_of(which.begin(), which.end(), is_digit))
        return {std::stoull(which)};
    const std::string key = chosen_device(analyzer, which).key;
    std::vector<std::uint64_t> ids;
    for (const Json& mute : analyzer.ask("mutes"))
        if (mute.value("device", "") == key) ids.push_back(mute.at("id").get<std::uint64_t>());
    if (ids.empty()) throw std::runtime_error("Nothing of this device is muted; `linnet mutes` lists what is.");
    return ids;
}

int unmute(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    for (const auto id : meant(analyzer, options.which)) {
        const Json gone = analyzer.ask("unmute", {{"mute", id}});
        if (options.analyzer.json)
            fmt::print("{}\n", dump(gone));
        else
            fmt::print("You are told of {} again.\n", in_words(gone));
    }
    return exit_code::ok;
}

/// For CLI11: the complaint, or nothing.
std::string check_span(const std::string& text) {
    constexpr std::chrono::hours year{366 * 24};
    const auto span = parse_span(text);
    return span && *span <= year ? std::string{} : text + " is no time up to a year, such as 90m, 12h, 7d or 2w";
}

std::shared_ptr<Options> declare_common(CLI::App& app) {
    auto options = std::make_shared<Options>();
    options->analyzer.declare(app);
    return options;
}

std::function<int()> declare_ack(CLI::App& app) {
    const auto options = declare_common(app);
    app.add_option("ALERT", options->alerts, "The numbers that `linnet alerts` shows")->type_name("")->required();
    return [options] { return acknowledge(*options); };
}

std::function<int()> declare_mute(CLI::App& app) {
    const auto options = declare_common(app);
    app.add_option("DEVICE", options->device, "Its MAC, an address or its name")->type_name("")->required();
    app.add_option("--kind", options->kind, "Only such alerts: telnet, cleartext-login, new-device, …")->type_name("KIND");
    app.add_option("--peer", options->peer, "Only what it has to do with this address")->type_name("ADDRESS");
    app.add_option("--for", options->span, "How long: 90m, 12h, 7d, 2w, up to a year")
        ->type_name("TIME")
        ->check(CLI::Validator{check_span, ""})
        ->capture_default_str();
    return [options] { return mute(*options); };
}

std::function<int()> declare_mutes(CLI::App& app) {
    const auto options = declare_common(app);
    return [options] { return list(*options); };
}

std::function<int()> declare_unmute(CLI::App& app) {
    const auto options = declare_common(app);
    app.add_option("MUTE", options->which, "Its number in `linnet mutes`; or a device: all of it")
        ->type_name("")
        ->required();
    return [options] { return unmute(*options); };
}

}  // namespace

const Command ack_command{"ack", "Says that an alert was seen", declare_ack};
const Command mute_command{"mute", "Lets nobody be told of a device's alerts for a while", declare_mute};
const Command mutes_command{"mutes", "Lists what is muted, and until when", declare_mutes};
const Command unmute_command{"unmute", "Takes a mute back", declare_unmute};

}  // namespace linnet
