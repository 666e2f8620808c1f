// linnet alerts: what was found, newest first.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_choice.hpp"
#include "local_time.hpp"
#include "severity.hpp"
#include "table.hpp"
#include "terminal.hpp"

#include "wire/alert_standing.hpp"
#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <unistd.h>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    std::string severity;
    std::string device;
    std::size_t limit = 100;
};

std::optional<Severity> severity_of(const std::string& option) {
    for (const SeverityLook& look : severity_looks)
        if (option == look.option || option == std::to_string(static_cast<int>(look.severity))) return look.severity;
    return std::nullopt;
}

/// For CLI11: the complaint, or nothing.
std::string check_severity(const std::string& option) {
    return severity_of(option) ? std::string{} : option + " is none of act-now, important, worth-knowing";
}

std::vector<Json> matching_alerts(AnalyzerConnection& analyzer, const Options& options) {
    Json arguments = Json::object();
    if (!options.device.empty()) arguments["device"] = chosen_device(analyzer, options.device).key;
    const std::optional<Severity> wanted = severity_of(options.severity);
    std::vector<Json> found;
    analyzer.ask_for_rows("alerts", std::move(arguments), [&](const Json& eve) {
        if (!wanted || alert_from_eve(eve).severity == *wanted) found.push_back(eve);
        return found.size() < options.limit;
    });
    return found;
}

std::string state_of(const Json& eve) {
    const AlertStanding standing = standing_from_eve(eve);
    if (standing.state == AlertState::muted && standing.muted_until)
        return "muted until " + local_time(*standing.muted_until);
    return std::string{to_string(standing.state)};
}

void print_table(const std::vector<Json>& alerts) {
    Table table{{{"ID", Align::right},
                 {"SEVERITY"},
                 {"WHEN"},
                 {"DEVICE", Align::left, 40},
                 {"WHAT"},
                 {"COUNT", Align::right},
                 {"STATE"}}};
    for (const Json& eve : alerts) {
        const Alert alert = alert_from_eve(eve);
        table.add({std::to_string(alert.id), std::string{look_of(alert.severity).word}, local_time(alert.last_seen),
                   alert.device.name, alert.signature, std::to_string(alert.count), state_of(eve)});
    }
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    fmt::print("{}", table.render(terminal.interactive ? terminal.columns : 0));
}

int run(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const std::vector<Json> alerts = matching_alerts(analyzer, options);
    if (options.analyzer.json)
        for (const Json& eve : alerts) fmt::print("{}\n", dump(eve));
    else
        print_table(alerts);
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    options->analyzer.declare(app);
    app.add_option("--severity", options->severity, "Only these: act-now, important or worth-knowing (or 1 to 3)")
        ->type_name("SEVERITY")
        ->check(CLI::Validator{check_severity, ""});
    app.add_option("--device", options->device, "Only of this one")->type_name("MAC|ADDRESS|NAME");
    app.add_option("--limit", options->limit, "At most so many, the newest")
        ->type_name("COUNT")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
        ->capture_default_str();
    return [options] { return run(*options); };
}

}  // namespace

const Command alerts_command{"alerts", "Lists what was found, newest first", declare, true};

}  // namespace linnet
