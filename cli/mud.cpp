// linnet mud: what each device does, as a Manufacturer Usage Description (RFC 8520): list, export, import, remove.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_choice.hpp"
#include "table.hpp"
#include "terminal.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"
#include "wire/harmless_text.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

#include <unistd.h>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    std::string device, file;
    std::function<int()> action;
};

/// "learning, 3 days", "learned, 9 days", "general-purpose".
std::string state_of(const Json& entry) {
    const auto profile = entry.find("profile");
    if (profile == entry.end()) return "nothing seen";
    const auto state = profile->value("state", "");
    if (state == "general") return "general-purpose";
    return state + ", " + counted(profile->value("days", std::uint64_t{0}), "day", "days");
}

std::string imported_from(const Json& entry) {
    const auto imported = entry.find("imported");
    return imported == entry.end() ? "" : imported->value("mud_url", "");
}

int list(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const Json entries = analyzer.ask("mud");
    Table table{
        {{"NAME", Align::left, 40}, {"MAC"}, {"LEARNED"}, {"HABITS", Align::right}, {"SAYS OF ITSELF"}, {"IMPORTED"}}};
    for (const Json& entry : entries) {
        if (options.analyzer.json) {
            fmt::print("{}\n", dump(entry));
            continue;
        }
        const Json profile = entry.value("profile", Json::object());
        table.add({entry.value("name", ""), entry.value("key", ""), state_of(entry),
                   std::to_string(profile.value("habits", std::uint64_t{0})), entry.value("mud_url", ""),
                   imported_from(entry)});
    }
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    if (!options.analyzer.json) fmt::print("{}", table.render(terminal.interactive ? terminal.columns : 0));
    return exit_code::ok;
}

int export_file(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const Device device = chosen_device(analyzer, options.device);
    const Json file = analyzer.ask("mud-export", {{"device", device.key}});
    fmt::print("{}\n", escaped_json(file.dump(2, ' ', false, Json::error_handler_t::replace)));
    return exit_code::ok;
}

/// As far as it could be a MUD file at all.
std::string content_of(const std::string& name) {
    constexpr std::size_t enough = 64 * 1024;
    std::ifstream file;
    if (name != "-") {
        file.open(name, std::ios::binary);
        if (!file) throw std::runtime_error(name + " cannot be read: " + std::strerror(errno) + ".");
    }
    std::istream& stream = name == "-" ? std::cin : file;
    std::string content(enough, '\0');
    stream.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(stream.gcount()));
    if (content.size() == enough) throw std::runtime_error(name + " is too large for a MUD file.");
    return content;
}

int import_file(const Options& options) {
    const std::string text = content_of(options.file);
    if (!Json::accept(text)) throw std::runtime_error(options.file + " is not JSON.");
    AnalyzerConnection analyzer{options.analyzer.address};
    const Device device = chosen_device(analyzer, options.device);
    const Json entry = analyzer.ask("mud-import", {{"device", device.key}, {"file", text}});
    const auto rules = entry.at("imported").value("rules", std::uint64_t{0});
    fmt::print("{} is now held to {}: {}.\n", escaped(device.name), escaped(imported_from(entry)),
               counted(rules, "rule", "rules"));
    return exit_code::ok;
}

int remove(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const Device device = chosen_device(analyzer, options.device);
    analyzer.ask("mud-remove", {{"device", device.key}});
    fmt::print("{} is now held to what Linnet learned of it.\n", escaped(device.name));
    return exit_code::ok;
}

CLI::App* declare_one(CLI::App& app, const std::shared_ptr<Options>& options, const char* name, const char* summary,
                      int (*action)(const Options&)) {
    CLI::App* one = app.add_subcommand(name, summary);
    one->set_version_flag("--version", "linnet " LINNET_VERSION);
    one->callback([options = options.get(), action] { options->action = [options, action] { return action(*options); }; });
    return one;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    app.require_subcommand(1);
    options->analyzer.declare(
        *declare_one(app, options, "list", "What was learned of each device, and what imported", list));
    CLI::App* exports =
        declare_one(app, options, "export", "Prints what was learned of a device as a MUD file", export_file);
    CLI::App* imports = declare_one(app, options, "import", "Holds a device to its maker's MUD file", import_file);
    CLI::App* removes = declare_one(app, options, "remove", "Forgets an imported file", remove);
    for (CLI::App* one : {exports, imports, removes}) {
        one->add_option("DEVICE", options->device, "Its MAC, an address or its name")->type_name("")->required();
        options->analyzer.declare_address(*one);
    }
    imports->add_option("FILE", options->file, "JSON; - is standard input")->type_name("")->required();
    return [options] { return options->action(); };
}

}  // namespace

const Command mud_command{"mud", "What devices do, as Manufacturer Usage Descriptions (RFC 8520)", declare};

}  // namespace linnet
