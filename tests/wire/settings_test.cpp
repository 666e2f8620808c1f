#include "wire/settings.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace linnet;

namespace {

/// A file that is gone when the test is over.
class File {
 public:
    explicit File(const std::string& text)
        : path_{std::filesystem::temp_directory_path() / ("linnet-settings-test-" + std::to_string(getpid()) + ".toml")} {
        std::ofstream{path_} << text;
    }
    ~File() { std::filesystem::remove(path_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] Settings read(const std::string& section = "analyzer") const { return Settings{path_, section}; }

 private:
    std::filesystem::path path_;
};

/// What `use` is told by SettingsError, without the folder before the file's name.
template <class Use>
std::string refusal(const File& file, Use use) {
    try {
        auto settings = file.read();
        use(settings);
    } catch (const SettingsError& error) {
        const std::string what = error.what(), name = file.path().string();
        REQUIRE(what.starts_with(name));
        return what.substr(name.size());
    }
    return "";
}

const auto nothing = [](Settings&) {};

}  // namespace

TEST_CASE("sections inside a section are read on their own, and as strictly") {
    const File file{"[analyzer]\ndays = 7\n[analyzer.b]\nname = \"x\"\n[analyzer.a]\nodd = 1\n[sensor.c]\nd = 1\n"};
    auto settings = file.read();
    CHECK(settings.integer("days", 1, 1, 9) == 7);
    auto inner = settings.sections();
    REQUIRE(inner.size() == 2);
    CHECK(inner[0].first == "a");
    CHECK(inner[1].first == "b");
    CHECK(inner[1].second.text("name", "") == "x");
    CHECK_NOTHROW(inner[1].second.finish());
    CHECK_NOTHROW(settings.finish());
    CHECK(refusal(file, [](Settings& outer) { outer.sections().at(0).second.finish(); }) ==
          ":6: odd: there is no such setting");
    CHECK(refusal(file, [](Settings& outer) {
              outer.integer("days", 1, 1, 9);
              outer.finish();
          }).starts_with(":"));
}

TEST_CASE("where several are allowed, one needs no brackets") {
    const auto read = [](const std::string& text) { return File{text}.read("s").text_or_list("a", {"default"}); };
    CHECK(read("[s]\na = \"x\"\n") == std::vector<std::string>{"x"});
    CHECK(read("[s]\na = [\"x\", \"y\"]\n") == std::vector<std::string>{"x", "y"});
    CHECK(read("[s]\n") == std::vector<std::string>{"default"});
    CHECK_THROWS_AS(read("[s]\na = 7\n"), SettingsError);
}

TEST_CASE("values are read from their section, and what is absent is its default") {
    const File file{
        "[sensor]\nring = 1\n[analyzer]\ndatabase = \"a.db\"\ndays = 7\nquiet = true\nhome = [\"10.0.0.0/8\"]\n"};
    auto settings = file.read();
    CHECK(settings.text("database", "b.db") == "a.db");
    CHECK(settings.integer("days", 1, 1, 365) == 7);
    CHECK(settings.flag("quiet", false));
    CHECK(settings.list("home", {}) == std::vector<std::string>{"10.0.0.0/8"});
    CHECK(settings.text("other", "fallback") == "fallback");
    CHECK(settings.integer("more", 3, 1, 5) == 3);
    CHECK_NOTHROW(settings.finish());

    Settings none;
    CHECK(none.text("database", "b.db") == "b.db");
    CHECK(none.list("home", {"x"}) == std::vector<std::string>{"x"});
    CHECK_NOTHROW(none.finish());
    CHECK_NOTHROW(file.read("dashboard").finish());
}

TEST_CASE("a refusal names file, line and reason") {
    const auto days = [](Settings& s) { s.integer("days", 7, 1, 365); };
    CHECK(refusal(File{"[analyzer]\ndays = \"x\"\n"}, days) == ":2: days: must be a whole number");
    CHECK(refusal(File{"[analyzer]\ndays = 7.0\n"}, days) == ":2: days: must be a whole number");
    CHECK(refusal(File{"[analyzer]\n\ndays = 0\n"}, days) == ":3: days: must be between 1 and 365");
    CHECK(refusal(File{"[analyzer]\n\ndays = 366\n"}, days) == ":3: days: must be between 1 and 365");
    CHECK(refusal(File{"[analyzer]\ndays = 1\n"}, days).empty());
    CHECK(refusal(File{"[analyzer]\ndays = 365\n"}, days).empty());
    CHECK(refusal(File{"[analyzer]\na = 1\n"}, [](Settings& s) { s.text("a", ""); }) ==
          ":2: a: must be text in quotation marks");
    CHECK(refusal(File{"[analyzer]\na = 1\n"}, [](Settings& s) { s.flag("a", true); }) == ":2: a: must be true or false");
    CHECK(refusal(File{"[analyzer]\na = 1\n"}, [](Settings& s) {
              s.list("a", {});
          }).starts_with(":2: a: must be a list of texts"));
    CHECK(refusal(File{"[analyzer]\na = [\n\"x\",\n7]\n"}, [](Settings& s) { s.list("a", {}); }) ==
          ":4: a: every item must be text in quotation marks");
}

TEST_CASE("a key that nobody asked for is refused at its line") {
    CHECK(refusal(File{"[analyzer]\ndays = 7\ndaze = 8\n"}, [](Settings& s) {
              s.integer("days", 7, 1, 365);
              s.finish();
          }) == ":3: daze: there is no such setting");
    CHECK(refusal(File{"days = 7\n[analyzer]\n"}, nothing) == ":1: days: belongs into a [section]");
}

TEST_CASE("a value of the right type and the wrong meaning is refused at its line, an absent one at its section's") {
    const auto refuse = [](Settings& s) {
        s.text("home", "");
        s.refuse("home", "not a prefix");
    };
    CHECK(refusal(File{"\n[analyzer]\nhome = \"x\"\n"}, refuse) == ":3: home: not a prefix");
    CHECK(refusal(File{"\n[analyzer]\n"}, refuse) == ":2: home: not a prefix");
}

TEST_CASE("a file that is no TOML or cannot be read is refused") {
    CHECK(refusal(File{"[analyzer]\ndays = \n"}, nothing).starts_with(":2: "));
    CHECK(refusal(File{"[analyzer]\nx = 1\nx = 2\n"}, nothing).starts_with(":3: "));
    CHECK_THROWS_WITH_AS((Settings{"/nonexistent/linnet.toml", "analyzer"}),
                         "/nonexistent/linnet.toml:0: cannot be read: No such file or directory", SettingsError);
    CHECK_THROWS_WITH_AS((Settings{"/", "analyzer"}), "/:0: cannot be read: Is a directory", SettingsError);
}
