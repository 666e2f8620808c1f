// Installing, interrupted before each of its system calls: the place leads to the old set or to the new one, whole.
#include "cli/signature_install.hpp"

#include "cli/temporary_directory.hpp"
#include "shell.hpp"

#include <doctest/doctest.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>

using namespace linnet;
namespace fs = std::filesystem;

namespace {

std::vector<BundledFile> files_of(std::uint64_t version) {
    const auto text = std::to_string(version);
    return {{"alerts.toml", "of " + text}, {"credentials.toml", "of " + text}, {"set.toml", "version = " + text + "\n"}};
}

const auto anything = [](const fs::path&) {};

void install(const fs::path& place, std::uint64_t version) {
    install_set(place, {.version = version, .expires = {}}, files_of(version), anything);
}

/// The version of the set, where all of it is there; 0 where it is not.
std::uint64_t whole(const fs::path& place) {
    for (std::uint64_t version = 1; version <= 9; ++version) {
        const auto files = files_of(version);
        const auto same = [&](const BundledFile& file) { return content_of(place / file.name) == file.text; };
        if (std::all_of(files.begin(), files.end(), same)) return version;
    }
    return 0;
}

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

/// Installs in a process that is killed when it enters system call number `stop`. False where it came to its end before.
bool install_killed_at(const fs::path& place, std::uint64_t version, int stop) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        install(place, version);
        ::_exit(0);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFSTOPPED(status));
    for (int stops = 0; stops < 2 * stop; ++stops) {  // one when it enters, one when it leaves
        ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
        ::waitpid(child, &status, 0);
        if (WIFEXITED(status)) return false;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    return true;
}

}  // namespace

TEST_CASE("a set is installed as a link to a folder beside it; the one before stays, older ones go") {
    const TemporaryDirectory folder;
    const auto place = folder.path() / "deeper" / "signatures";
    CHECK_FALSE(installed_set(place));
    for (std::uint64_t version = 1; version <= 4; ++version) {
        install(place, version);
        CHECK(fs::is_symlink(place));
        CHECK(fs::read_symlink(place).is_relative());
        CHECK(installed_set(place)->version == version);
        CHECK(whole(place) == version);
        CHECK(entries(place.parent_path()) == std::min<std::uint64_t>(version, 2) + 1);
    }
    CHECK(fs::status(place).permissions() == fs::perms{0755});
}

TEST_CASE("an older set, and a set that the check refuses, leave everything as it was") {
    const TemporaryDirectory folder;
    const auto place = folder.path() / "signatures";
    install(place, 4);
    CHECK_THROWS_WITH_AS(install(place, 3), "Version 3 is older than version 4, which is installed.", InstallError);
    const auto refuse = [](const fs::path& fresh) {
        CHECK(whole(fresh) == 5);
        throw InstallError{"no"};
    };
    CHECK_THROWS_WITH_AS(install_set(place, {.version = 5, .expires = {}}, files_of(5), refuse), "no", InstallError);
    CHECK(whole(place) == 4);
    CHECK(entries(folder.path()) == 2);
}

TEST_CASE("what somebody else put there is not touched") {
    const TemporaryDirectory folder;
    const auto place = folder.path() / "signatures";
    fs::create_directory(place);
    std::ofstream{place / "alerts.toml"} << "mine";
    CHECK_THROWS_AS(install(place, 1), InstallError);
    CHECK(content_of(place / "alerts.toml") == "mine");
    fs::create_directory(folder.path() / "signatures.1.abcdef.mine");
    fs::create_directory(folder.path() / "signatures.x.abcdef");
    const auto other = folder.path() / "other";
    install(other, 1);
    install(other, 2);
    install(other, 3);
    CHECK(fs::exists(folder.path() / "signatures.1.abcdef.mine"));
    CHECK(fs::exists(folder.path() / "signatures.x.abcdef"));
}

TEST_CASE("killed before any system call: the old set or the new one, and the next installation clears away") {
    const TemporaryDirectory folder;
    const auto place = folder.path() / "signatures";
    install(place, 1);
    install(place, 2);
    bool old_seen = false, new_seen = false;
    int stop = 1;
    for (; stop < 2'000; ++stop) {
        CAPTURE(stop);
        const bool killed = install_killed_at(place, 3, stop);
        const auto version = whole(place);
        CHECK((version == 2 || version == 3));
        (version == 2 ? old_seen : new_seen) = true;
        if (!killed) break;
        if (version == 3) {  // back to the beginning
            fs::remove(place);
            for (const auto& entry : fs::directory_iterator{folder.path()}) fs::remove_all(entry.path());
            install(place, 2);
        }
    }
    CHECK(stop > 20);
    CHECK(stop < 2'000);
    CHECK(old_seen);
    CHECK(new_seen);
    install(place, 4);
    CHECK(whole(place) == 4);
    CHECK(entries(folder.path()) == 3);
}
