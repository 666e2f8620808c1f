// `linnet`, the command line that people type.
//
// The way of a command: the arguments are parsed against the table of subcommands, the chosen one runs, writes its result
// to standard output and returns an exit code. What goes wrong is one sentence on standard error. `devices`, `alerts`,
// `status` and `selftest` ask a running analyzer; `inspect` starts a sensor and an analyzer of its own for each capture.
#pragma once

namespace linnet {

/// Returns what main() returns: see wire/exit_code.hpp.
int run_command_line(int argc, char** argv);

}  // namespace linnet
