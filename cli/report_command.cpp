// linnet report: what each device does about the 13 guidelines.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_choice.hpp"
#include "report_card/output.hpp"

#include "wire/exit_code.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <string>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    std::string device;
    std::string format = "text";
    std::string output;
};

int run(const Options& options) {
    constexpr std::chrono::seconds patience{30};  // of ten thousand devices it takes a few
    AnalyzerConnection analyzer{options.analyzer.address};
    Json arguments = Json::object();
    if (!options.device.empty()) arguments["device"] = chosen_device(analyzer, options.device).key;
    AnalyzerConnection patient{options.analyzer.address, patience};
    if (options.device.empty()) analyzer.ask("status");  // says soon where nobody answers
    const ReportCard card = report_card_from_json(patient.ask("report", arguments));
    write_report_card(card, parse_report_format(options.format).value_or(ReportFormat::text), options.output);
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    app.add_option("DEVICE", options->device, "Only this one: its MAC, an address, or its name")->type_name("");
    app.add_option("--format", options->format, "text, json, html or pdf")
        ->type_name("FORMAT")
        ->check(CLI::Validator{check_report_format, ""})
        ->capture_default_str();
    app.add_option("--output", options->output, "Write to this file instead of standard output")->type_name("FILE");
    options->analyzer.declare_address(app);
    return [options] { return run(*options); };
}

}  // namespace

const Command report_command{"report", "Says what each device does about the 13 guidelines for its kind", declare, true};

}  // namespace linnet
