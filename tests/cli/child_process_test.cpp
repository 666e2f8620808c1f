#include "cli/child_process.hpp"

#include "cli/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace linnet;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
    std::ifstream stream{file};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

ChildProcess shell(const std::string& script, const fs::path& log) {
    return {find_program("sh"), {"-c", script}, log, StandardInput::none};
}

bool ends_within(const ChildProcess& child, int milliseconds) {
    pollfd waited{.fd = child.descriptor(), .events = POLLIN, .revents = 0};
    return poll(&waited, 1, milliseconds) == 1;
}

/// A process that is gone, or is only waiting to be counted (its parent is not us).
bool gone(pid_t pid) {
    for (int i = 0; i < 500; ++i) {
        const std::string stat = content("/proc/" + std::to_string(pid) + "/stat");
        if (stat.empty() || stat.find(") Z") != std::string::npos) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return false;
}

pid_t number_in(const fs::path& file) {
    for (int i = 0; i < 500; ++i) {
        if (const std::string text = content(file); text.find('\n') != std::string::npos) return std::stoi(text);
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return -1;
}

}  // namespace

TEST_CASE("child process: its exit code and both its outputs arrive") {
    const TemporaryDirectory directory;
    const fs::path log = directory.path() / "log";
    const ChildProcess child = shell("echo out; echo error >&2; exit 7", log);
    REQUIRE(ends_within(child, 10'000));
    REQUIRE(child.ended());
    CHECK(child.ended()->exit_code == 7);
    CHECK(child.ended()->signal == 0);
    CHECK(content(log) == "out\nerror\n");
}

TEST_CASE("child process: the signal that ended it is known") {
    const TemporaryDirectory directory;
    const ChildProcess child = shell("kill -SEGV $$", directory.path() / "log");
    REQUIRE(ends_within(child, 10'000));
    REQUIRE(child.ended());
    CHECK(child.ended()->signal == SIGSEGV);
}

TEST_CASE("child process: without standard input of ours it reads nothing") {
    const TemporaryDirectory directory;
    const ChildProcess child = shell("read line || exit 3", directory.path() / "log");
    REQUIRE(ends_within(child, 10'000));
    CHECK(child.ended()->exit_code == 3);
}

TEST_CASE("child process: a program that cannot run ends with 127, as in a shell") {
    const TemporaryDirectory directory;
    const ChildProcess child{directory.path() / "missing", {}, directory.path() / "log", StandardInput::none};
    REQUIRE(ends_within(child, 10'000));
    CHECK(child.ended()->exit_code == 127);
}

TEST_CASE("child process: destroying it ends it and what it started, even where they refuse") {
    const TemporaryDirectory directory;
    pid_t child_pid = -1;
    pid_t grandchild_pid = -1;
    {
        const ChildProcess child = shell("trap '' TERM INT HUP; sleep 600 & echo $!; wait; wait", directory.path() / "log");
        child_pid = child.pid();
        grandchild_pid = number_in(directory.path() / "log");
        CHECK_FALSE(child.ended());
    }
    CHECK(kill(child_pid, 0) == -1);  // waited for: not even a zombie is left
    REQUIRE(grandchild_pid > 0);
    CHECK(gone(grandchild_pid));
}

TEST_CASE("child process: it does not outlive a parent that is killed") {
    const TemporaryDirectory directory;
    const fs::path log = directory.path() / "log";
    const pid_t parent = fork();
    if (parent == 0) {
        const ChildProcess child = shell("echo $$; sleep 600 & wait", log);
        pause();
        _exit(0);
    }
    const pid_t child = number_in(log);
    kill(parent, SIGKILL);
    waitpid(parent, nullptr, 0);
    REQUIRE(child > 0);
    CHECK(gone(child));
    kill(-child, SIGKILL);  // the test's own sleep: the kernel's promise is for the child alone
}

TEST_CASE("find_program: beside the running program, then in PATH, or a sentence that says what to do") {
    CHECK(find_program("cli_test") == fs::read_symlink("/proc/self/exe"));
    CHECK(find_program("sh").filename() == "sh");
    CHECK_THROWS_WITH(find_program("no-such-program"),
                      "The program no-such-program is neither beside linnet nor in PATH; install Linnet again.");
}
