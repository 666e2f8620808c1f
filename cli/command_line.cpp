#include "command_line.hpp"

#include "command.hpp"
#include "interruption.hpp"
#include "pager.hpp"
#include "text.hpp"

#include "wire/exit_code.hpp"

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <string>

namespace linnet {
namespace {

constexpr std::array commands{&inspect_command,    &devices_command,  &device_command, &alerts_command, &flows_command,
                              &watch_command,      &report_command,   &status_command, &ack_command,    &mute_command,
                              &mutes_command,      &unmute_command,   &trust_command,  &mud_command,    &name_command,
                              &merge_command,      &split_command,    &undo_command,   &forget_command, &erase_command,
                              &pair_command,       &join_command,     &peers_command,  &revoke_command, &signatures_command,
                              &doctor_command,     &selftest_command, &export_command, &import_command, &outlets_command,
                              &completion_command, &help_command};

constexpr const char* footer =
    "Exit codes: 0 all right, 1 failure, 2 the command line was not understood, 78 a configuration file was refused.";

int complain(const std::string& sentence, int exit_code) {
    fmt::print(stderr, "linnet: {}\n", escaped(sentence));
    return exit_code;
}

/// CLI11 has dozens of exit codes; Linnet has one for help and one for mistakes.
int explain(const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    const auto chosen = app.get_subcommands();
    const std::string name = chosen.empty() ? "linnet" : "linnet " + chosen.front()->get_name();
    return complain(fmt::format("{} (see {} --help)", error.what(), name), exit_code::usage);
}

int run_guarded(const std::function<int()>& action, bool is_long) {
    Pager pager;
    try {
        if (is_long) pager.start();
        const int code = action();
        if (pager.is_running()) return code;
        if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
        return complain(fmt::format("The output could not be written: {}.", std::strerror(errno)), exit_code::failure);
    } catch (const Interrupted& interrupted) {
        die_of(interrupted.signal);
    } catch (const std::exception& error) {
        if (pager.is_running() && std::ferror(stdout) != 0) return exit_code::ok;
        return complain(error.what(), exit_code::failure);
    }
}

}  // namespace

int run_command_line(int argc, char** argv) {
    CLI::App app{"Linnet finds the insecure devices in a home, passively.", "linnet"};
    app.require_subcommand(0, 1);
    app.set_version_flag("--version", "linnet " LINNET_VERSION);
    app.footer(footer);
    std::function<int()> action;
    bool is_long = false;
    for (const Command* command : commands) {
        CLI::App* subcommand = app.add_subcommand(command->name, command->summary);
        subcommand->set_version_flag("--version", "linnet " LINNET_VERSION);
        subcommand->callback([&action, &is_long, command, run = command->declare(*subcommand)] {
            action = run;
            is_long = command->is_long;
        });
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return explain(app, error);
    }
    if (!action) return complain("A subcommand is required (see linnet --help)", exit_code::usage);
    return run_guarded(action, is_long);
}

}  // namespace linnet
