// A subcommand of `linnet`: one file each, listed in command_line.cpp.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace linnet {

struct Command {
    const char* name = nullptr;
    const char* summary = nullptr;
    /// Adds its arguments to the parser; what it returns runs once they are parsed, and returns an exit code
    /// (wire/exit_code.hpp). Output goes to stdout; exceptions are for command_line.cpp to report.
    std::function<int()> (*declare)(CLI::App& app) = nullptr;
    bool is_long = false;  ///< what it prints may be longer than a screen: on a terminal it goes through a pager
};

extern const Command ack_command;
extern const Command alerts_command;
extern const Command device_command;
extern const Command completion_command;
extern const Command devices_command;
extern const Command doctor_command;
extern const Command export_command;
extern const Command flows_command;
extern const Command help_command;
extern const Command import_command;
extern const Command inspect_command;
extern const Command report_command;
extern const Command signatures_command;
extern const Command mud_command;
extern const Command selftest_command;
extern const Command status_command;
extern const Command name_command;
extern const Command merge_command;
extern const Command split_command;
extern const Command trust_command;
extern const Command undo_command;
extern const Command mute_command;
extern const Command mutes_command;
extern const Command unmute_command;
extern const Command watch_command;
extern const Command forget_command;
extern const Command erase_command;
extern const Command outlets_command;
extern const Command pair_command;
extern const Command join_command;
extern const Command peers_command;
extern const Command revoke_command;

}  // namespace linnet
