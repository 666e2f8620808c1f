// What Linnet's programs return to the shell.
#pragma once

namespace linnet::exit_code {
inline constexpr int ok = 0;
inline constexpr int failure = 1;         ///< something went wrong; one sentence on stderr says what to do
inline constexpr int usage = 2;           ///< the command line was not understood
inline constexpr int configuration = 78;  ///< a configuration or signature file was refused (sysexits.h: EX_CONFIG)
}  // namespace linnet::exit_code
