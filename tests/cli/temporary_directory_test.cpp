#include "cli/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>

using namespace linnet;
namespace fs = std::filesystem;

TEST_CASE("temporary directory: ours alone, and gone afterwards with what is in it") {
    fs::path path;
    {
        const TemporaryDirectory directory;
        path = directory.path();
        CHECK(fs::status(path).permissions() == fs::perms::owner_all);
        fs::create_directory(path / "inside");
        std::ofstream{path / "inside/linnet.db"} << "rows";
    }
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE("temporary directory: TMPDIR says where, unless its name leaves no room for sockets") {
    const TemporaryDirectory base;
    SUBCASE("a usual name") {
        setenv("TMPDIR", base.path().c_str(), 1);
        CHECK(TemporaryDirectory{}.path().parent_path() == base.path());
    }
    SUBCASE("a long one: a socket's path may have 107 bytes (unix(7))") {
        const fs::path deep = base.path() / std::string(90, 'd');
        fs::create_directory(deep);
        setenv("TMPDIR", deep.c_str(), 1);
        CHECK(TemporaryDirectory{}.path().parent_path() == "/tmp");
    }
    SUBCASE("one that does not exist is an error") {
        setenv("TMPDIR", (base.path() / "missing").c_str(), 1);
        CHECK_THROWS_AS(TemporaryDirectory{}, std::system_error);
    }
    unsetenv("TMPDIR");
}
