// What a process of the sensor gives up, so that who takes it over has nothing.
//
// The parser: no new file, no socket, no other process (seccomp, Landlock), no capability, no new privileges, no core file,
// bounded memory. `strict` allows the few system calls that the parser makes and kills it at any other; `denylist` forbids
// those that open, connect or start something, for a libc that needs a call which strict does not know.
//
// Nothing here throws; what the kernel does not have is said by describe().
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

enum class SandboxMode : std::uint8_t { strict = 0, denylist = 1, off = 2 };
std::string_view to_string(SandboxMode mode);
std::optional<SandboxMode> parse_sandbox_mode(std::string_view name);

/// strict; off in a program that was built with a sanitizer, which makes calls of its own.
SandboxMode default_sandbox_mode();

/// What this kernel can enforce.
struct SandboxSupport {
    bool seccomp = false;
    int landlock = 0;  ///< version of its interface; 0 = none
};
SandboxSupport sandbox_support();

/// For people, in a log and in `linnet status`: "strict", "strict, but this kernel has no Landlock".
std::string describe(SandboxMode mode, const SandboxSupport& support);

/// What the parser cannot do without.
struct ParserNeeds {
    int events = -1;               ///< the one descriptor to which it writes
    bool reads_a_file = false;     ///< from descriptors that are open already
    std::size_t memory_bytes = 0;  ///< the most that it may have for its own; 0 = not limited
};

/// Locks this process, which must have one thread, in. Nothing where all that the kernel has is in force, else one sentence:
/// then the process must not go on.
std::optional<std::string> confine_parser(SandboxMode mode, const ParserNeeds& needs);

}  // namespace linnet
