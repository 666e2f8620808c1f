// linnet devices: who lives here.
#include "analyzer_connection.hpp"
#include "command.hpp"
#include "device_table.hpp"
#include "terminal.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <vector>

#include <unistd.h>

namespace linnet {
namespace {

int run(const AnalyzerOptions& options) {
    AnalyzerConnection analyzer{options.address};
    std::vector<Device> devices;
    for (const Json& eve : analyzer.ask("devices")) {
        if (options.json)
            fmt::print("{}\n", dump(eve));
        else
            devices.push_back(device_from_eve(eve));
    }
    if (!options.json) fmt::print("{}", device_table(devices, Terminal::of(STDOUT_FILENO)));
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<AnalyzerOptions>();
    options->declare(app);
    return [options] { return run(*options); };
}

}  // namespace

const Command devices_command{"devices", "Lists the devices of the home", declare, true};

}  // namespace linnet
