#include "child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace linnet {
namespace {

namespace fs = std::filesystem;

void replace_descriptor(int descriptor, const char* path, int flags) {
    constexpr mode_t for_owner = 0600;
    const int opened = open(path, flags, for_owner);
    if (opened < 0 || dup2(opened, descriptor) < 0) _exit(127);
    if (opened != descriptor) close(opened);
}

/// Between fork and exec only what signal-safety(7) lists is allowed: nothing here allocates.
[[noreturn]] void become(char* const* arguments, const char* log, StandardInput input, pid_t parent) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);  // it died before the line above
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    if (input == StandardInput::none) replace_descriptor(STDIN_FILENO, "/dev/null", O_RDONLY);
    replace_descriptor(STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND);
    dup2(STDOUT_FILENO, STDERR_FILENO);
    execv(arguments[0], arguments);
    _exit(127);
}

bool is_program(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

}  // namespace

fs::path find_program(const std::string& name) {
    std::error_code ignored;
    if (fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / name; is_program(beside))
        return beside;
    const char* path = std::getenv("PATH");
    std::istringstream folders{path == nullptr ? "" : path};
    for (std::string folder; std::getline(folders, folder, ':');)
        if (fs::path found = fs::path{folder} / name; !folder.empty() && is_program(found)) return found;
    throw std::runtime_error("The program " + name + " is neither beside linnet nor in PATH; install Linnet again.");
}

ChildProcess::ChildProcess(const fs::path& program, const std::vector<std::string>& arguments, const fs::path& log,
                           StandardInput input) {
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (std::string& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);

    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ == 0) become(pointers.data(), log.c_str(), input, parent);
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "No process could be started");
    setpgid(pid_, pid_);                                               // here too: whoever comes first
    descriptor_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));  // glibc 2.36 declares its wrapper for C alone
    if (descriptor_ >= 0) return;
    const int reason = errno;
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    throw std::system_error(reason, std::generic_category(), "A process cannot be waited for");
}

ChildProcess::~ChildProcess() {
    kill(-pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    close(descriptor_);
}

std::optional<ChildProcess::End> ChildProcess::ended() const {
    siginfo_t info{};
    // WNOWAIT: its number stays taken, so that the destructor's kill cannot hit a stranger.
    if (waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != pid_) return {};
    if (info.si_code == CLD_EXITED) return End{.exit_code = info.si_status, .signal = 0};
    return End{.exit_code = 0, .signal = info.si_status};
}

}  // namespace linnet
