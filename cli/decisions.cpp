// linnet name, merge, split and undo: what a person decides about devices. It stays until a person takes it back.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_choice.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    std::string device, other;
    std::optional<std::string> name, kind, model;
};

/// What all four do: ask, and say what the device is then.
Device decide(AnalyzerConnection& analyzer, const std::string& request, const Json& arguments) {
    return device_from_eve(analyzer.ask(request, arguments));
}

int name_it(const Options& options) {
    Json words = Json::object();
    if (options.name) words["name"] = *options.name;
    if (options.kind) words["kind"] = *options.kind;
    if (options.model) words["model"] = *options.model;
    if (words.empty()) throw std::runtime_error("Say what it is: a NAME, --kind or --model.");
    AnalyzerConnection analyzer{options.analyzer.address};
    words["device"] = chosen_device(analyzer, options.device).key;
    const Device device = decide(analyzer, "device-name", words);
    fmt::print("{} is now called {}.\n", device.key, escaped(device.name));
    return exit_code::ok;
}

int merge(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const std::string a = chosen_device(analyzer, options.device).key, b = chosen_device(analyzer, options.other).key;
    const Device device = decide(analyzer, "device-merge", {{"device", a}, {"other", b}});
    fmt::print("{} has {} now.\n", escaped(device.name),
               counted(device.macs.size(), "hardware address", "hardware addresses"));
    return exit_code::ok;
}

/// An address that the device has is taken out of it; another device is kept apart from it.
int split(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const Device device = chosen_device(analyzer, options.device);
    const bool is_address = MacAddress::parse(options.other) || IpAddress::parse(options.other);
    const std::string other = is_address ? options.other : chosen_device(analyzer, options.other).key;
    decide(analyzer, "device-split", {{"device", device.key}, {"other", other}});
    fmt::print("{} and {} are two devices now, and stay so.\n", escaped(device.name), escaped(other));
    return exit_code::ok;
}

int undo(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const std::string key = chosen_device(analyzer, options.device).key;
    const Device device = decide(analyzer, "device-undo", {{"device", key}});
    if (!device.history.empty()) fmt::print("{}: {}\n", escaped(device.name), escaped(device.history.back().text));
    return exit_code::ok;
}

std::shared_ptr<Options> declare_device(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_option("DEVICE", options->device, "Its MAC, an address or its name")->type_name("")->required();
    options->analyzer.declare_address(app);
    return options;
}

std::function<int()> declare_name(CLI::App& app) {
    const auto options = declare_device(app);
    app.add_option("NAME", options->name, "What to call it; \"\" leaves it to Linnet again")->type_name("");
    app.add_option("--kind", options->kind, "What it is: camera, phone, printer, …")->type_name("KIND");
    app.add_option("--model", options->model, "Its model")->type_name("MODEL");
    return [options] { return name_it(*options); };
}

std::function<int()> declare_merge(CLI::App& app) {
    const auto options = declare_device(app);
    app.add_option("OTHER", options->other, "The same device under another address")->type_name("")->required();
    return [options] { return merge(*options); };
}

std::function<int()> declare_split(CLI::App& app) {
    const auto options = declare_device(app);
    app.add_option("OTHER", options->other, "One of its hardware addresses, or a device that it is not")
        ->type_name("")
        ->required();
    return [options] { return split(*options); };
}

std::function<int()> declare_undo(CLI::App& app) {
    const auto options = declare_device(app);
    return [options] { return undo(*options); };
}

}  // namespace

const Command name_command{"name", "Gives a device a name, a kind or a model that stays", declare_name};
const Command merge_command{"merge", "Says that two devices are one", declare_merge};
const Command split_command{"split", "Says that two addresses or devices are two", declare_split};
const Command undo_command{"undo", "Takes back what was last joined or said of a device", declare_undo};

}  // namespace linnet
