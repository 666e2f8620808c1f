#include "outlets/line_file.hpp"

#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <fstream>

#include <sys/resource.h>
#include <sys/stat.h>

using namespace linnet;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

Timestamp now() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

std::string content(const fs::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

void put(const fs::path& file, const std::string& text) { std::ofstream{file, std::ios::trunc} << text; }

}  // namespace

TEST_CASE("line file: lines follow each other, also after a restart, and strangers cannot read them") {
    const test::TemporaryFolder folder;
    const auto path = folder.file("eve.json");
    LineFile{path, {}}.write("one\ntwo\n", now());
    LineFile{path, {}}.write("three\n", now());
    CHECK(content(path) == "one\ntwo\nthree\n");
    CHECK((fs::status(path).permissions() & fs::perms::others_all) == fs::perms::none);
    CHECK((fs::status(path).permissions() & fs::perms::group_write) == fs::perms::none);
}

TEST_CASE("line file: a big one is begun anew, and no more than agreed are kept") {
    const test::TemporaryFolder folder;
    const auto path = folder.file("eve.json");
    LineFile file{path, {.bytes = 8, .age = 24h, .keep = 2}};
    for (const char* line : {"aaa\n", "bbb\n", "ccc\n", "ddd\n", "eee\n", "fff\n", "ggg\n"}) file.write(line, now());
    CHECK(content(path) == "ggg\n");
    CHECK(content(path.string() + ".1") == "eee\nfff\n");
    CHECK(content(path.string() + ".2") == "ccc\nddd\n");
    CHECK_FALSE(fs::exists(path.string() + ".3"));

    LineFile none{path, {.bytes = 4, .age = 24h, .keep = 0}};
    none.write("hhh\n", now());
    CHECK(content(path) == "hhh\n");
    CHECK(content(path.string() + ".1") == "eee\nfff\n");
}

TEST_CASE("line file: an old one is begun anew, an empty one is not") {
    const test::TemporaryFolder folder;
    const auto path = folder.file("eve.json");
    LineFile file{path, {.bytes = 1'000, .age = 24h, .keep = 2}};
    file.write("monday\n", now());
    file.write("later\n", now() + 23h);
    CHECK(content(path) == "monday\nlater\n");
    file.write("tuesday\n", now() + 25h);
    CHECK(content(path) == "tuesday\n");
    CHECK(content(path.string() + ".1") == "monday\nlater\n");
    file.write("still tuesday\n", now() + 26h);
    CHECK(content(path) == "tuesday\nstill tuesday\n");
}

TEST_CASE("line file: what a crash left of a line is cut off") {
    const test::TemporaryFolder folder;
    const auto path = folder.file("eve.json");
    SUBCASE("after whole lines") {
        put(path, "whole\nhal");
        LineFile{path, {}}.write("half\n", now());
        CHECK(content(path) == "whole\nhalf\n");
    }
    SUBCASE("nothing but half a line") {
        put(path, "hal");
        LineFile{path, {}}.write("half\n", now());
        CHECK(content(path) == "half\n");
    }
    SUBCASE("longer than any line of ours: it stays, and is ended") {
        put(path, "begin\n" + std::string(70'000, 'x'));
        LineFile{path, {}}.write("half\n", now());
        CHECK(content(path) == "begin\n" + std::string(70'000, 'x') + "\nhalf\n");
    }
}

TEST_CASE("line file: who moves it away, removes it or empties it is noticed") {
    const test::TemporaryFolder folder;
    const auto path = folder.file("eve.json");
    LineFile file{path, {}};
    file.write("one\n", now());
    fs::rename(path, folder.file("moved"));
    file.write("two\n", now());
    CHECK(content(folder.file("moved")) == "one\n");
    CHECK(content(path) == "two\n");
    fs::remove(path);
    file.write("three\n", now());
    CHECK(content(path) == "three\n");
    fs::resize_file(path, 0);
    file.write("four\n", now());
    CHECK(content(path) == "four\n");
}

TEST_CASE("line file: a link, a pipe and a folder are no files to write to; a failure says which file") {
    const test::TemporaryFolder folder;
    const auto path = folder.file("eve.json"), other = folder.file("other");
    put(other, "mine\n");
    fs::create_symlink(other, path);
    CHECK_THROWS_AS((LineFile{path, {}}.write("one\n", now())), LineFileError);
    CHECK(content(other) == "mine\n");
    fs::remove(path);
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK_THROWS_AS((LineFile{path, {}}.write("one\n", now())), LineFileError);
    CHECK_THROWS_WITH_AS((LineFile{folder.file("none") / "eve.json", {}}.write("one\n", now())),
                         doctest::Contains("none/eve.json cannot be opened: No such file"), LineFileError);
}

TEST_CASE("line file: of what did not fit on the disk nothing stays, and later it goes on") {
    const test::TemporaryFolder folder;
    const auto path = folder.file("eve.json");
    LineFile file{path, {}};
    file.write("one\n", now());
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit tight{.rlim_cur = 10, .rlim_max = before.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &tight);
    CHECK_THROWS_AS(file.write("two two two\nthree\n", now()), LineFileError);  // six bytes fit
    const auto there = content(path);
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(there == "one\n");
    file.write("two two two\nthree\n", now());
    CHECK(content(path) == "one\ntwo two two\nthree\n");
}
