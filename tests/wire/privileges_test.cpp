// What a daemon gives up is gone: each expectation is looked at in a process of its own, which cannot take it back.
#include "wire/privileges.hpp"

#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

using namespace linnet;
using linnet::test::TemporaryFolder;

namespace {

constexpr uid_t somebody = 4242;

/// What `check` says in a child of this process.
template <class Check>
bool in_child(Check check) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(check() ? 0 : 1);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool opens(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

}  // namespace

TEST_CASE("Started as root, a daemon becomes the owner of its folder, and root no more") {
    if (::geteuid() != 0) return;  // only root can become somebody
    const TemporaryFolder folder;
    const auto home = folder.file("home");
    REQUIRE(std::filesystem::create_directory(home));
    REQUIRE(::chown(home.c_str(), somebody, somebody) == 0);
    CHECK(in_child(
        [&] { return become_owner_of(home) && ::getuid() == somebody && ::getgid() == somebody && ::setuid(0) != 0; }));
    CHECK(::getuid() == 0);  // the child alone
}

TEST_CASE("Where root owns the folder, or it is not there yet, nobody becomes anybody") {
    const TemporaryFolder folder;
    const auto before = ::geteuid();
    CHECK(become_owner_of(folder.file("anything").parent_path()));
    CHECK(become_owner_of(folder.file("not made yet")));
    CHECK(::geteuid() == before);
}

TEST_CASE("Without capabilities root opens what its owner allows, and nothing else") {
    if (::geteuid() != 0) return;
    const TemporaryFolder folder;
    const auto theirs = folder.file("theirs");
    std::ofstream{theirs} << "secret";
    REQUIRE(::chown(theirs.c_str(), somebody, somebody) == 0);
    REQUIRE(::chmod(theirs.c_str(), 0600) == 0);
    CHECK(in_child([&] { return opens(theirs); }));
    CHECK(in_child([&] { return drop_capabilities(KeepFileAccess::no) && !opens(theirs); }));
    CHECK(in_child([&] { return drop_capabilities(KeepFileAccess::yes) && opens(theirs); }));
}

TEST_CASE("No core file, no debugger, no program with more rights") {
    CHECK(in_child([] {
        keep_memory_private();
        rlimit core{};
        return refuse_new_privileges() && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && prctl(PR_GET_DUMPABLE) == 0 &&
               ::getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_max == 0;
    }));
}
