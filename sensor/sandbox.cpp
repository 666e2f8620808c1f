#include "sandbox.hpp"

#include "wire/privileges.hpp"

#include <fmt/format.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <utility>

namespace linnet {
namespace {

constexpr std::array<std::string_view, 3> mode_names{"strict", "denylist", "off"};

// --- seccomp ---

struct ReleaseFilter {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, ReleaseFilter>;

/// Calls by name: what this architecture does not have needs no rule.
bool add(const Filter& filter, std::uint32_t action, std::initializer_list<const char*> names,
         std::initializer_list<scmp_arg_cmp> conditions = {}) {
    for (const char* name : names) {
        const int number = seccomp_syscall_resolve_name(name);
        if (number < 0) continue;
        if (seccomp_rule_add_array(filter.get(), action, number, static_cast<unsigned>(conditions.size()),
                                   conditions.begin()) != 0)
            return false;
    }
    return true;
}

scmp_arg_cmp equals(unsigned argument, std::uint64_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp masked(unsigned argument, std::uint64_t mask, std::uint64_t value) {
    return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

/// The parser's system calls; docs/reliability.md lists them with their reasons.
bool allow_what_a_parser_does(const Filter& filter, const ParserNeeds& needs) {
    const auto allow = SCMP_ACT_ALLOW;
    const auto self = static_cast<std::uint64_t>(getpid());
    bool good = add(filter, allow, {"write"}, {equals(0, static_cast<std::uint64_t>(needs.events))});
    // memory, never executable, never a file's
    good = good && add(filter, allow, {"brk", "munmap", "mremap", "madvise"});
    good = good && add(filter, allow, {"mmap", "mmap2"}, {masked(2, PROT_EXEC, 0), masked(3, MAP_ANONYMOUS, MAP_ANONYMOUS)});
    good = good && add(filter, allow, {"mprotect"}, {masked(2, PROT_EXEC, 0)});
    // time, sleep, chance, the end
    good = good && add(filter, allow,
                       {"clock_gettime", "clock_gettime64", "gettimeofday", "futex", "futex_time64", "getrandom", "alarm",
                        "setitimer", "restart_syscall", "rt_sigreturn", "sigreturn", "exit_group", "exit"});
    // abort()
    good = good && add(filter, allow, {"rt_sigprocmask", "getpid", "gettid"});
    good = good && add(filter, allow, {"tgkill"}, {equals(0, self)});
    if (needs.reads_a_file) good = good && add(filter, allow, {"read", "poll", "ppoll", "ppoll_time64", "close"});
    return good;
}

/// What opens, connects, starts, traces or loads something.
bool deny_what_takes_over(const Filter& filter) {
    return add(filter, SCMP_ACT_KILL_PROCESS,
               {"open",
                "openat",
                "openat2",
                "creat",
                "open_by_handle_at",
                "name_to_handle_at",
                "memfd_create",
                "memfd_secret",
                "unlink",
                "unlinkat",
                "rename",
                "renameat",
                "renameat2",
                "link",
                "linkat",
                "symlink",
                "symlinkat",
                "mkdir",
                "mkdirat",
                "mknod",
                "mknodat",
                "chmod",
                "fchmod",
                "fchmodat",
                "chown",
                "fchown",
                "fchownat",
                "lchown",
                "truncate",
                "mount",
                "umount2",
                "pivot_root",
                "chroot",
                "chdir",
                "fchdir",
                "socket",
                "socketpair",
                "connect",
                "bind",
                "listen",
                "accept",
                "accept4",
                "sendto",
                "sendmsg",
                "sendmmsg",
                "fork",
                "vfork",
                "clone",
                "clone3",
                "execve",
                "execveat",
                "ptrace",
                "process_vm_readv",
                "process_vm_writev",
                "kill",
                "tkill",
                "pidfd_open",
                "pidfd_getfd",
                "pidfd_send_signal",
                "bpf",
                "perf_event_open",
                "userfaultfd",
                "io_uring_setup",
                "io_uring_enter",
                "io_uring_register",
                "keyctl",
                "add_key",
                "request_key",
                "init_module",
                "finit_module",
                "delete_module",
                "kexec_load",
                "reboot",
                "setns",
                "unshare",
                "ioctl",
                "prctl",
                "seccomp",
                "capset",
                "setuid",
                "setgid",
                "setresuid",
                "setresgid",
                "prlimit64",
                "setrlimit",
                "shmget",
                "shmat",
                "msgget",
                "mq_open",
                "inotify_init1",
                "fanotify_init"});
}

bool enter_seccomp(SandboxMode mode, const ParserNeeds& needs) {
    const bool strict = mode == SandboxMode::strict;
    const Filter filter{seccomp_init(strict ? SCMP_ACT_KILL_PROCESS : SCMP_ACT_ALLOW)};
    if (!filter) return false;
    if (seccomp_attr_set(filter.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) != 0) return false;
    const bool made = strict ? allow_what_a_parser_does(filter, needs) : deny_what_takes_over(filter);
    return made && seccomp_load(filter.get()) == 0;
}

// --- Landlock ---

/// struct landlock_ruleset_attr as the newest kernels have it; older ones take its beginning.
struct LandlockRuleset {
    std::uint64_t files;    // version 1, more bits later
    std::uint64_t network;  // version 4
    std::uint64_t scoped;   // version 6
};

int landlock_version() {
    const auto version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? static_cast<int>(version) : 0;
}

/// Every right that this version knows is handled and none is granted.
bool enter_landlock(int version) {
    constexpr std::array<unsigned, 6> file_rights{0, 13, 14, 15, 15, 16};  // how many, by version
    const auto known = file_rights[std::min<std::size_t>(static_cast<std::size_t>(version), file_rights.size() - 1)];
    const LandlockRuleset ruleset{.files = (std::uint64_t{1} << known) - 1,
                                  .network = version >= 4 ? 3U : 0U,  // TCP: bind, connect
                                  .scoped = version >= 6 ? 3U : 0U};  // abstract sockets, signals
    const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    const auto fd = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &ruleset, size, 0));
    if (fd < 0) return false;
    const bool entered = ::syscall(SYS_landlock_restrict_self, fd, 0) == 0;
    ::close(fd);
    return entered;
}

void limit(__rlimit_resource what, std::size_t most) {
    const rlimit bound{most, most};
    setrlimit(what, &bound);
}

}  // namespace

std::string_view to_string(SandboxMode mode) { return mode_names[static_cast<std::size_t>(mode)]; }

std::optional<SandboxMode> parse_sandbox_mode(std::string_view name) {
    for (std::size_t i = 0; i < mode_names.size(); ++i)
        if (mode_names[i] == name) return static_cast<SandboxMode>(i);
    return std::nullopt;
}

SandboxMode default_sandbox_mode() {
#ifdef LINNET_SANITIZED
    return SandboxMode::off;
#else
    return SandboxMode::strict;
#endif
}

SandboxSupport sandbox_support() {
    const std::uint32_t kill = SECCOMP_RET_KILL_PROCESS;
    constexpr unsigned get_action_available = 2;
    return {.seccomp = ::syscall(SYS_seccomp, get_action_available, 0, &kill) == 0, .landlock = landlock_version()};
}

std::string describe(SandboxMode mode, const SandboxSupport& support) {
    std::string text{to_string(mode)};
    if (mode == SandboxMode::off || (support.seccomp && support.landlock > 0)) return text;
    const char* missing = support.seccomp        ? "no Landlock"
                          : support.landlock > 0 ? "no seccomp"
                                                 : "neither seccomp nor Landlock";
    return fmt::format("{}, but this kernel has {}", text, missing);
}

std::optional<std::string> confine_parser(SandboxMode mode, const ParserNeeds& needs) {
    drop_capabilities(KeepFileAccess::no);
    if (needs.memory_bytes > 0) limit(RLIMIT_DATA, needs.memory_bytes);
    if (mode == SandboxMode::off) return std::nullopt;
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NPROC, 0);
    const auto support = sandbox_support();
    if (!refuse_new_privileges()) return "new privileges cannot be refused";
    if (support.landlock > 0 && !enter_landlock(support.landlock))
        return fmt::format("Landlock cannot be entered: {}", std::strerror(errno));
    if (support.seccomp && !enter_seccomp(mode, needs))
        return fmt::format("the filter of system calls cannot be loaded: {}", std::strerror(errno));
    return std::nullopt;
}

}  // namespace linnet
