// linnet forget and erase: what Linnet knows of one device, or of the whole home, is removed for good.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_choice.hpp"
#include "question.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace linnet {
namespace {

struct Options {
    AnalyzerOptions analyzer;
    std::string device;
    bool yes = false;
};

/// The database is written anew, which takes its time where it is large.
constexpr std::chrono::minutes patience{10};

int forget(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address, patience};
    const Device device = chosen_device(analyzer, options.device);
    const auto name = escaped(device.name);
    if (!options.yes &&
        !is_sure(fmt::format("Linnet forgets {} ({}): its conversations, alerts, names and habits, also in the copies of "
                             "the database, which are made anew.",
                             name, escaped(device.key))))
        return exit_code::failure;
    analyzer.ask("forget", {{"device", device.key}});
    if (options.analyzer.json)
        fmt::print("{}\n", dump({{"forgotten", device.key}}));
    else
        fmt::print("{} is forgotten. If it goes on talking, Linnet meets it as a new device.\n", name);
    return exit_code::ok;
}

int erase(const Options& options) {
    AnalyzerConnection analyzer{options.analyzer.address, patience};
    if (!options.yes &&
        !is_sure("Linnet forgets everything: all devices, conversations, alerts and what you said of them, also in the "
                 "copies of the database."))
        return exit_code::failure;
    analyzer.ask("erase");
    if (options.analyzer.json)
        fmt::print("{}\n", dump({{"forgotten", "everything"}}));
    else
        fmt::print("Everything is erased. Linnet begins anew.\n");
    return exit_code::ok;
}

std::shared_ptr<Options> declare_common(CLI::App& app) {
    auto options = std::make_shared<Options>();
    app.add_flag("--yes", options->yes, "Do not ask");
    options->analyzer.declare(app);
    return options;
}

std::function<int()> declare_forget(CLI::App& app) {
    const auto options = declare_common(app);
    app.add_option("DEVICE", options->device, "Its MAC, an address or its name")->type_name("")->required();
    return [options] { return forget(*options); };
}

std::function<int()> declare_erase(CLI::App& app) {
    const auto options = declare_common(app);
    return [options] { return erase(*options); };
}

}  // namespace

const Command forget_command{"forget", "Removes everything that is known of a device", declare_forget};
const Command erase_command{"erase", "Removes everything that Linnet has stored", declare_erase};

}  // namespace linnet
