#include "pager.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace linnet {
namespace {

bool has_less() {
    const char* path = std::getenv("PATH");
    std::string_view left = path == nullptr ? "/usr/bin:/bin" : path;
    while (!left.empty()) {
        const auto end = left.find(':');
        if (access((std::string{left.substr(0, end)} + "/less").c_str(), X_OK) == 0) return true;
        left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    }
    return false;
}

/// A shell command; empty = none.
std::string wanted_pager() {
    for (const char* name : {"LINNET_PAGER", "PAGER"})
        if (const char* value = std::getenv(name)) return std::string_view{value} == "cat" ? "" : value;
    return has_less() ? "less" : "";
}

[[noreturn]] void become(const std::string& command, int input) {
    dup2(input, STDIN_FILENO);
    // What fits on the screen needs no paging, colours stay, and nothing is wiped away at the end.
    setenv("LESS", "FRX", 0);
    execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    _exit(127);
}

}  // namespace

void Pager::start() {
    const Terminal terminal = Terminal::of(STDOUT_FILENO);
    const std::string command = terminal.interactive ? wanted_pager() : "";
    std::array<int, 2> pipe{};
    if (command.empty() || pipe2(pipe.data(), O_CLOEXEC) != 0) return;
    pid_ = fork();
    if (pid_ == 0) become(command, pipe[0]);
    close(pipe[0]);
    if (pid_ > 0) {
        std::fflush(stdout);
        dup2(pipe[1], STDOUT_FILENO);
        Terminal::stands_behind(STDOUT_FILENO, terminal);
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGINT, SIG_IGN);  // it is for the pager, whose end is ours
    }
    close(pipe[1]);
}

Pager::~Pager() {
    if (pid_ <= 0) return;
    std::fflush(stdout);
    close(STDOUT_FILENO);  // the end, as the pager sees it
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

}  // namespace linnet
