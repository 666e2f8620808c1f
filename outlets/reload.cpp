#include "reload.hpp"

#include <cerrno>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace linnet {
namespace {

constexpr const char* ourselves = "/proc/self/exe";

}  // namespace

bool would_start(char** arguments) {
    std::vector<char*> words;
    for (char** word = arguments; *word != nullptr; ++word) words.push_back(*word);
    char check[] = "--check-config";
    words.push_back(check);
    words.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    if (::posix_spawn_file_actions_init(&actions) != 0) return false;
    // That all is well is not said twice.
    bool is_ready = ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) == 0;
    pid_t child = -1;
    is_ready = is_ready && ::posix_spawn(&child, ourselves, &actions, nullptr, words.data(), environ) == 0;
    ::posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    while (is_ready && ::waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return false;
    return is_ready && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void start_anew(char** arguments) { ::execv(ourselves, arguments); }

}  // namespace linnet
