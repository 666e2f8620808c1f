// linnet inspect: what is in a capture. Each capture is a household of its own.
#include "capture_run.hpp"
#include "command.hpp"
#include "report.hpp"
#include "report_card/output.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>

#include <unistd.h>

namespace linnet {
namespace {

struct Options {
    std::vector<std::string> captures;
    std::vector<std::string> home;
    bool json = false;
    bool flows = false;
    std::string report;  ///< format of the report card; empty = none
};

void print_json(const CaptureResult& result) {
    for (const Json& alert : result.alerts) fmt::print("{}\n", dump(alert));
    for (const Json& device : result.devices) fmt::print("{}\n", dump(device));
    for (const std::string& flow : result.flows) fmt::print("{}\n", flow);
    if (result.stats) fmt::print("{}\n", dump(*result.stats));
}

void print_report(const CaptureResult& result, const std::string& capture, const Options& options) {
    if (!result.stats) return;
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    if (options.captures.size() > 1) fmt::print("{}\n", terminal.painted(Paint::faint, "== " + escaped(capture)));
    fmt::print("{}", report(result, terminal));
    if (options.captures.size() > 1 && capture != options.captures.back()) fmt::print("\n");
}

void print_report_card(const CaptureResult& result, const Options& options) {
    if (!result.report) return;
    const auto format = parse_report_format(options.report).value_or(ReportFormat::text);
    write_report_card(report_card_from_json(*result.report), format, {});
}

int run(const Options& options) {
    if (!options.report.empty() && options.captures.size() > 1)
        throw std::runtime_error("A report is of one capture: name one, or read them one after the other.");
    int worst = exit_code::ok;
    for (const std::string& capture : options.captures) {
        const CaptureResult result = [&] {
            const Interruption interruption;
            return run_capture({.capture = capture,
                                .home = options.home,
                                .flows = options.flows,
                                .report = !options.report.empty(),
                                .named_records = options.captures.size() > 1},
                               interruption);
        }();
        if (!options.report.empty())
            print_report_card(result, options);
        else if (options.json)
            print_json(result);
        else
            print_report(result, capture, options);
        if (!result.problem.empty()) fmt::print(stderr, "linnet: {}\n", escaped(result.problem));
        worst = std::max(worst, result.exit_code);
    }
    return worst;
}

/// For CLI11: the complaint, or nothing.
std::string check_prefix(const std::string& text) {
    return IpPrefix::parse(text) ? std::string{} : text + " is no prefix such as 192.0.2.0/24 or 2001:db8::/32";
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    app.add_option("CAPTURE", options->captures, "pcap or pcapng files, also compressed with gzip; - is standard input")
        ->type_name("")
        ->required();
    app.add_flag("--json", options->json, "EVE JSON, one object a line: alerts, devices and one stats record");
    app.add_flag("--flows", options->flows, "With --json: every conversation as well")->needs("--json");
    app.add_option("--report", options->report, "The report card instead: text, json, html or pdf; of one capture")
        ->type_name("FORMAT")
        ->excludes("--json")
        ->check(CLI::Validator{check_report_format, ""});
    app.add_option("--home", options->home, "These addresses are at home too, besides the private ones; repeatable")
        ->type_name("PREFIX")
        ->allow_extra_args(false)
        ->check(CLI::Validator{check_prefix, ""});
    return [options] { return run(*options); };
}

}  // namespace

const Command inspect_command{"inspect", "Says what is in a capture", declare};

}  // namespace linnet
