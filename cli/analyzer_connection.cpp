#include "analyzer_connection.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstddef>
#include <stdexcept>

namespace linnet {

void AnalyzerOptions::declare(CLI::App& app) {
    declare_endpoint(app);
    app.add_flag("--json", json, "JSON, one object a line");
}

void AnalyzerOptions::declare_endpoint(CLI::App& app) {
    app.add_option("--connect", endpoint, "The analyzer's API")->type_name("ENDPOINT")->capture_default_str();
}

AnalyzerConnection::AnalyzerConnection(const std::string& endpoint, std::chrono::milliseconds patience)
    : client_(endpoint), patience_(patience) {}

Json AnalyzerConnection::ask(const std::string& request, const Json& arguments) {
    return client_.request(request, arguments, patience_);
}

void AnalyzerConnection::ask_for_rows(const std::string& request, Json arguments,
                                      const std::function<bool(const Json& row)>& visit) {
    constexpr std::size_t page_size = 1000;
    arguments["limit"] = page_size;
    while (true) {
        const Json page = ask(request, arguments);
        for (const Json& row : page)
            if (!visit(row)) return;
        if (page.size() < page_size) return;
        arguments["before"] = page.back().at("linnet").at(request == "flows" ? "row" : "id");
    }
}

Device AnalyzerConnection::device_called(const std::string& name) {
    for (const Json& eve : ask("devices")) {
        const Device device = device_from_eve(eve);
        const bool has_address = std::any_of(device.ips.begin(), device.ips.end(),
                                             [&name](const IpAddress& ip) { return to_string(ip) == name; });
        if (device.key == name || device.name == name || has_address) return device;
    }
    throw std::runtime_error("No device is called " + name + "; `linnet devices` lists them.");
}

}  // namespace linnet
