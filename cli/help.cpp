// linnet help: what `linnet COMMAND --help` says.
#include "command.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace linnet {
namespace {

/// Of the command that the words lead to: "mud import".
std::string help_of(CLI::App& root, const std::vector<std::string>& words) {
    CLI::App* app = &root;
    std::string name = "linnet";
    for (const auto& word : words) {
        const auto found = app->get_subcommands([&word](const CLI::App* each) { return each->get_name() == word; });
        if (found.empty())
            throw std::runtime_error(
                fmt::format("There is no command {} {}; `{} --help` lists what there is.", name, escaped(word), name));
        app = found.front();
        name += " " + word;
    }
    return app->get_formatter()->make_help(app, name, CLI::AppFormatMode::Normal);  // App::help() would tell of this command
}

std::function<int()> declare(CLI::App& app) {
    const auto words = std::make_shared<std::vector<std::string>>();
    app.add_option("COMMAND", *words, "Of this one; without, of all")->type_name("");
    return [words, &app] {
        fmt::print("{}", help_of(*app.get_parent(), *words));
        return exit_code::ok;
    };
}

}  // namespace

const Command help_command{"help", "Says what a command does and takes", declare};

}  // namespace linnet
