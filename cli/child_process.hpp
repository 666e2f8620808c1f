// A program that runs for us and never outlives us.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace linnet {

/// The executable beside the running program, or else the first in PATH. Throws std::runtime_error, what() being a
/// sentence for people.
std::filesystem::path find_program(const std::string& name);

enum class StandardInput : unsigned char { none, ours };

class ChildProcess {
 public:
    struct End {
        int exit_code = 0;
        int signal = 0;  ///< not 0: it was ended by this signal and has no exit code
    };

    /// Starts it, in a process group of its own, so that Ctrl-C in the terminal reaches us alone and what it starts can
    /// be ended with it. What it writes to standard output and standard error goes to the file `log`.
    /// Throws std::system_error.
    ChildProcess(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                 const std::filesystem::path& log, StandardInput input);

    /// Ends it at once where it still runs (SIGKILL to its group) and waits for it. Should we die first, the kernel ends it.
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Readable when it has ended.
    [[nodiscard]] int descriptor() const { return descriptor_; }
    /// How it ended, or nothing while it runs. Does not wait.
    [[nodiscard]] std::optional<End> ended() const;

 private:
    pid_t pid_ = -1;
    int descriptor_ = -1;
};

}  // namespace linnet
