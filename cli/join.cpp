// linnet join: this computer is paired with an analyzer on another one, for `linnet --connect` and the dashboard.
#include "command.hpp"

#include "wire/exit_code.hpp"
#include "wire/keys.hpp"
#include "wire/link.hpp"
#include "wire/pairing_guest.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <filesystem>
#include <memory>
#include <string>

#include <unistd.h>

namespace linnet {
namespace {

struct Options {
    std::string endpoint, name = default_name("desktop");
    std::filesystem::path key = personal_key_file();
};

std::string wrong_name(const std::string& name) {
    return link::is_sensor_name(name) ? "" : "must be 1 to 64 letters, digits, dots, hyphens or underscores";
}

int run(const Options& options) {
    pairing::pair_as_guest({.endpoint = options.endpoint,
                            .key = options.key,
                            .name = options.name,
                            .afterwards = "Now say where its API is: linnet status --connect tcp://ADDRESS:5392"});
    return exit_code::ok;
}

std::function<int()> declare(CLI::App& app) {
    const auto options = std::make_shared<Options>();
    app.add_option("ENDPOINT", options->endpoint, "Where `linnet pair --dashboard` waits: tcp://ADDRESS:5391")
        ->type_name("")
        ->required();
    app.add_option("--name", options->name, "What to call this computer there")
        ->type_name("NAME")
        ->check(CLI::Validator{wrong_name, ""})
        ->capture_default_str();
    app.add_option("--key", options->key, "This computer's key; made where there is none")->type_name("FILE");
    return [options] { return run(*options); };
}

}  // namespace

const Command join_command{"join", "Pairs this computer with an analyzer on another one", declare};

}  // namespace linnet
