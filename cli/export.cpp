// linnet export: the home in a file, to go on with on another machine. The analyzer makes the copy of its database; the rest
// are files beside it.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "home_archive.hpp"
#include "interruption.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"
#include "wire/keys.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

namespace linnet {
namespace {

namespace fs = std::filesystem;

struct Options {
    AnalyzerOptions analyzer;
    std::string file;
    std::string config = "/etc/linnet/linnet.toml";
    bool with_keys = false, replace = false;
    unsigned timeout = 600;
};

Timestamp now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

/// Waits until the analyzer has made, checked and named it.
fs::path copy_of_database(AnalyzerConnection& analyzer, unsigned timeout) {
    constexpr std::chrono::milliseconds interval{250};
    const Interruption interruption;
    const Json begun = analyzer.ask("copy");
    const auto number = begun.at("number").get<std::uint64_t>();
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{timeout};
    while (std::chrono::steady_clock::now() < deadline) {
        interruption.check();
        const Json newest = analyzer.ask("status").at("database").value("copy", Json::object());
        if (newest.value("number", std::uint64_t{0}) >= number) return newest.at("file").get<std::string>();
        usleep(static_cast<useconds_t>(std::chrono::microseconds{interval}.count()));
    }
    throw std::runtime_error("The analyzer made no copy of its database in time; its log says why.");
}

std::vector<HomeSource> sources_of(const Options& options, const fs::path& database, const fs::path& copy) {
    std::vector<HomeSource> sources{{"linnet.db", copy}};
    std::error_code ignored;
    const auto add = [&](const char* name, const fs::path& file) {
        if (fs::exists(file, ignored)) sources.push_back({name, file});
    };
    add("linnet.toml", options.config);
    add("peers.json", database.parent_path() / "peers.json");
    if (!options.with_keys) return sources;
    add("analyzer.key", database.parent_path() / "analyzer.key");
    for (const auto& entry : fs::directory_iterator{fs::path{options.config}.parent_path() / "secrets", ignored})
        if (const auto name = "secrets/" + entry.path().filename().string();
            entry.is_regular_file(ignored) && longest_in_home(name) > 0)
            sources.push_back({name, entry.path()});
    return sources;
}

int run(const Options& options) {
    if (leaves_machine(options.analyzer.address.endpoint))
        throw std::runtime_error("Run this on the analyzer's own machine: the files are there.");
    if (fs::exists(options.file) && !options.replace)
        throw std::runtime_error(options.file + " is there already; --replace overwrites it.");
    AnalyzerConnection analyzer{options.analyzer.address};
    const fs::path database = analyzer.ask("status").at("database").at("path").get<std::string>();
    const auto copy = copy_of_database(analyzer, options.timeout);
    const auto manifest = write_home(options.file, sources_of(options, database, copy), LINNET_VERSION, now());
    if (options.analyzer.json) {
        fmt::print("{}\n", dump(to_json(manifest)));
        return exit_code::ok;
    }
    for (const auto& file : manifest.files) fmt::print("{:<24} {:>10}\n", escaped(file.name), amount(file.bytes));
    fmt::print("\nWritten to {}. It tells all about your home{}: keep it to yourself, and delete it when it has served.\n",
               escaped(options.file), options.with_keys ? ", and opens what its keys open" : "");
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    app.add_option("FILE", options->file, "Where to")->type_name("")->required();
    app.add_flag("--with-keys", options->with_keys, "The analyzer's key and the outlets' secrets as well");
    app.add_option("--config", options->config, "The configuration")->type_name("FILE")->capture_default_str();
    app.add_flag("--replace", options->replace, "Overwrite FILE");
    app.add_option("--timeout", options->timeout, "How long the copy of the database may take")
        ->type_name("SECONDS")
        ->check(CLI::Range(1U, 86'400U))
        ->capture_default_str();
    options->analyzer.declare(app);
    return [options] { return run(*options); };
}

}  // namespace

const Command export_command{"export", "Writes database, configuration and names into a file, to move", declare};

}  // namespace linnet
