// A running analyzer, as the commands reach it.
#pragma once

#include "wire/api.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace linnet {

/// What they have in common on the command line.
struct AnalyzerOptions {
    api::Address address{api::default_endpoint};
    bool json = false;

    void declare(CLI::App& app);
    void declare_address(CLI::App& app);  ///< only where the analyzer is, and the key for it
};

class AnalyzerConnection {
 public:
    /// `patience` is for each answer: a person's where nothing may be listening. Throws api::Error.
    explicit AnalyzerConnection(const api::Address& address, std::chrono::milliseconds patience = std::chrono::seconds{4});

    /// Throws api::Error.
    Json ask(const std::string& request, const Json& arguments = Json::object());

    /// All rows of "alerts" or "flows", newest first, page by page, until `visit` returns false. Throws api::Error.
    void ask_for_rows(const std::string& request, Json arguments, const std::function<bool(const Json& row)>& visit);

 private:
    api::Client client_;
    std::chrono::milliseconds patience_;
};

}  // namespace linnet
