// linnet flows: conversations, newest first, of those that fit what was asked for.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_choice.hpp"
#include "flow_expression.hpp"
#include "local_time.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    std::vector<std::string> terms;
    std::size_t limit = 100;
};

using Names = std::map<std::string, std::string>;  ///< by address

/// A kind of device ("camera") means all of that kind, unless one is called exactly so.
void choose_device(const std::string& wanted, const std::vector<Device>& devices, Json& arguments) {
    const auto is_called = [&](const Device& device) { return device.name == wanted; };
    const auto is_kind = [&](const Device& device) { return !device.kind.empty() && device.kind == wanted; };
    if (std::none_of(devices.begin(), devices.end(), is_called) && std::any_of(devices.begin(), devices.end(), is_kind))
        arguments["kind"] = wanted;
    else
        arguments["device"] = chosen_device(devices, wanted).key;
}

/// One request looks at api::flows_searched rows; where that gives too few, the next one goes on below.
void visit_flows(AnalyzerConnection& analyzer, Json arguments, std::size_t limit,
                 const std::function<void(const Json& flow)>& visit) {
    constexpr std::size_t page_size = 1000;
    const Json newest = analyzer.ask("flows", {{"limit", 1}});
    if (newest.empty()) return;
    auto before = newest.at(0).at("linnet").at("row").get<std::int64_t>() + 1;
    while (before > 1 && limit > 0) {
        const auto wanted = std::min(page_size, limit);
        arguments["limit"] = wanted;
        arguments["before"] = before;
        const Json page = analyzer.ask("flows", arguments);
        for (const Json& flow : page) visit(flow);
        limit -= std::min(limit, page.size());
        before =
            page.size() == wanted ? page.back().at("linnet").at("row").get<std::int64_t>() : before - api::flows_searched;
    }
}

std::string text_of(const Json& flow, const char* key) {
    const auto found = flow.find(key);
    return found != flow.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string end_of(const Json& flow, const char* ip_key, const char* port_key, const Names& names) {
    const auto ip = text_of(flow, ip_key);
    const auto name = names.find(ip);
    auto text = name != names.end() ? name->second : ip.empty() ? "?" : ip;
    if (const auto port = flow.find(port_key); port != flow.end() && port->is_number_unsigned())
        text +=
            (name == names.end() && ip.find(':') != std::string::npos ? " " : ":") + std::to_string(port->get<unsigned>());
    return text;
}

std::string application_of(const Json& flow) {
    const Json part = flow.value("linnet", Json::object());
    const auto application = text_of(part, "application");
    return application.empty() ? flow.value("app_proto", "-") : application;
}

void add_row(const Json& flow, const Names& names, Table& table) {
    const Json counters = flow.value("flow", Json::object());
    const auto began = parse_timestamp(counters.value("start", ""));
    const auto name = text_of(flow.value("tls", Json::object()), "sni");
    table.add({began ? local_time(*began) : "?", end_of(flow, "src_ip", "", names),
               end_of(flow, "dest_ip", "dest_port", names), flow.value("proto", "-"), application_of(flow),
               name.empty() ? "-" : name, amount(counters.value("bytes_toserver", std::uint64_t{0})),
               amount(counters.value("bytes_toclient", std::uint64_t{0})), counters.value("state", "-")});
}

int run(const Options& options) {
    const auto now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
    FlowExpression expression = parse_flow_expression(options.terms, now);
    AnalyzerConnection analyzer{options.analyzer.address};
    std::vector<Device> devices;
    for (const Json& eve : analyzer.ask("devices")) devices.push_back(device_from_eve(eve));
    if (expression.device) choose_device(*expression.device, devices, expression.arguments);
    Names names;
    for (const Device& device : devices)
        for (const auto& ip : device.ips) names[to_string(ip)] = device.name;
    Table table{{{"BEGAN"},
                 {"FROM", Align::left, 40},
                 {"TO", Align::left, 48},
                 {"PROTO"},
                 {"APP"},
                 {"SERVER NAME", Align::left, 48},
                 {"SENT", Align::right},
                 {"RECEIVED", Align::right},
                 {"STATE"}}};
    visit_flows(analyzer, expression.arguments, options.limit, [&](const Json& flow) {
        if (options.analyzer.json)
            fmt::print("{}\n", dump(flow));
        else
            add_row(flow, names, table);
    });
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    if (!options.analyzer.json) fmt::print("{}", table.render(terminal.interactive ? terminal.columns : 0));
    return exit_code::ok;
}

/// For CLI11: the complaint, or nothing. The times do not matter.
std::string check_term(const std::string& term) {
    try {
        parse_flow_expression({term}, Timestamp{std::chrono::hours{24 * 366 * 20}});
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return {};
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    options->analyzer.declare(app);
    app.add_option("FILTER", options->terms, std::string{"What they must be, all of it: "} + flow_terms)
        ->type_name("")
        ->check(CLI::Validator{check_term, ""});
    app.add_option("--limit", options->limit, "At most so many, the newest")
        ->type_name("COUNT")
        ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
        ->capture_default_str();
    return [options] { return run(*options); };
}

}  // namespace

const Command flows_command{"flows", "Lists conversations, newest first, by device, application, peer, time", declare, true};

}  // namespace linnet
