// linnet name, merge, split, trust and undo: what a person decides about devices. It stays until a person takes it back.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_choice.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <functional>
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
    bool no_longer = false;
};

/// What all of them do: ask, and say what the device is then; in `words`, or as a record.
int decide(const Options& options, AnalyzerConnection& analyzer, const std::string& request, const Json& arguments,
           const std::function<std::string(const Device& device)>& words) {
    const Json eve = analyzer.ask(request, arguments);
    const auto said = options.analyzer.json ? dump(eve) : words(device_from_eve(eve));
    if (!said.empty()) fmt::print("{}\n", said);
    return exit_code::ok;
}

int name_it(const Options& options) {
    Json words = Json::object();
    if (options.name) words["name"] = *options.name;
    if (options.kind) words["kind"] = *options.kind;
    if (options.model) words["model"] = *options.model;
    if (words.empty()) throw std::runtime_error("Say what it is: a NAME, --kind or --model.");
    AnalyzerConnection analyzer{options.analyzer.address};
    words["device"] = chosen_device(analyzer, options.device).key;
    return decide(options, analyzer, "device-name", words, [](const Device& device) {
        return fmt::format("{} is now called {}.", device.key, escaped(device.name));
    });
}

int merge(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const std::string a = chosen_device(analyzer, options.device).key, b = chosen_device(analyzer, options.other).key;
    return decide(options, analyzer, "device-merge", {{"device", a}, {"other", b}}, [](const Device& device) {
        return fmt::format("{} has {} now.", escaped(device.name),
                           counted(device.macs.size(), "hardware address", "hardware addresses"));
    });
}

/// An address that the device has is taken out of it; another device is kept apart from it.
int split(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const Device device = chosen_device(analyzer, options.device);
    const bool is_address = MacAddress::parse(options.other) || IpAddress::parse(options.other);
    const std::string other = is_address ? options.other : chosen_device(analyzer, options.other).key;
    return decide(
        options, analyzer, "device-split", {{"device", device.key}, {"other", other}}, [&](const Device& /*rest*/) {
            return fmt::format("{} and {} are two devices now, and stay so.", escaped(device.name), escaped(other));
        });
}

int trust(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const std::string key = chosen_device(analyzer, options.device).key;
    return decide(
        options, analyzer, "device-trust", {{"device", key}, {"trusted", !options.no_longer}}, [](const Device& device) {
            return escaped(device.name) + (device.given.trusted
                                               ? " belongs here. You are still told of everything that is dangerous."
                                               : " is a device like any other again.");
        });
}

int undo(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address};
    const std::string key = chosen_device(analyzer, options.device).key;
    return decide(options, analyzer, "device-undo", {{"device", key}}, [](const Device& device) {
        if (device.history.empty()) return std::string{};
        return fmt::format("{}: {}", escaped(device.name), escaped(device.history.back().text));
    });
}

std::shared_ptr<Options> declare_device(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_option("DEVICE", options->device, "Its MAC, an address or its name")->type_name("")->required();
    options->analyzer.declare(app);
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

std::function<int()> declare_trust(CLI::App& app) {
    const auto options = declare_device(app);
    app.add_flag("--no-longer", options->no_longer, "Take it back");
    return [options] { return trust(*options); };
}

std::function<int()> declare_undo(CLI::App& app) {
    const auto options = declare_device(app);
    return [options] { return undo(*options); };
}

}  // namespace

const Command name_command{"name", "Gives a device a name, a kind or a model that stays", declare_name};
const Command merge_command{"merge", "Says that two devices are one", declare_merge};
const Command split_command{"split", "Says that two addresses or devices are two", declare_split};
const Command trust_command{"trust", "Says that a device belongs here: nobody needs to be told that it is new",
                            declare_trust};
const Command undo_command{"undo", "Takes back what was last joined or said of a device", declare_undo};

}  // namespace linnet
