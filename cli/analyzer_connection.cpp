#include "analyzer_connection.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>

namespace linnet {

void AnalyzerOptions::declare_address(CLI::App& app) {
    app.add_option("--connect", address.endpoint, "The analyzer's API")->type_name("ENDPOINT")->capture_default_str();
    app.add_option("--key", address.key, "This computer's key, for an analyzer on another one")->type_name("FILE");
}

void AnalyzerOptions::declare(CLI::App& app) {
    declare_address(app);
    app.add_flag("--json", json, "JSON, one object a line");
}

AnalyzerConnection::AnalyzerConnection(const api::Address& address, std::chrono::milliseconds patience)
    : client_(address), patience_(patience) {}

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

}  // namespace linnet
