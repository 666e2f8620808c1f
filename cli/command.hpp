// A subcommand of `linnet`: one file each, listed in command_line.cpp.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace linnet {

struct Command {
    const char* name;
    const char* summary;
    /// Adds its arguments to the parser; what it returns runs once they are parsed, and returns an exit code
    /// (wire/exit_code.hpp). Output goes to stdout; exceptions are for command_line.cpp to report.
    std::function<int()> (*declare)(CLI::App& app);
};

extern const Command alerts_command;
extern const Command device_command;
extern const Command devices_command;
extern const Command inspect_command;
extern const Command report_command;
extern const Command signatures_command;
extern const Command mud_command;
extern const Command selftest_command;
extern const Command status_command;
extern const Command name_command;
extern const Command merge_command;
extern const Command split_command;
extern const Command undo_command;
extern const Command forget_command;
extern const Command erase_command;
extern const Command outlets_command;
extern const Command pair_command;
extern const Command join_command;
extern const Command peers_command;
extern const Command revoke_command;

}  // namespace linnet
