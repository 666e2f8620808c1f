// guidelines.toml is read strictly: file, line and reason.
#include "analyzer/report/guidelines.hpp"

#include "wire/data_directory.hpp"
#include "wire/settings.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

using namespace linnet;

namespace {

std::string shipped() {
    std::ifstream file{signatures_directory() / "guidelines.toml"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// The shipped file with one text replaced.
Guidelines with(const std::string& what, const std::string& by) {
    std::string text = shipped();
    const auto place = text.find(what);
    REQUIRE(place != std::string::npos);
    return Guidelines::parse(text.replace(place, what.size(), by), "g.toml");
}

std::string refusal(const std::string& what, const std::string& by) {
    try {
        with(what, by);
    } catch (const SettingsError& error) {
        return error.what();
    }
    return "accepted";
}

bool says(const std::string& text, const std::string& part) {
    CAPTURE(text);
    return text.starts_with("g.toml:") && text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a provision names its guideline") {
    CHECK(Provision::parse("5.1-1")->guideline == 1);
    CHECK(Provision::parse("5.13-12")->guideline == 13);
    for (const char* bad :
         {"", "5.", "5.1", "5.14-1", "5.0-1", "6.1-1", "5.1-", "5.-1", "5.1-0", "5.1-1a", "5.01-1", "5.1--1"})
        CHECK_FALSE(Provision::parse(bad));
}

TEST_CASE("what is shipped is good, complete and speaks plain words") {
    const Guidelines guidelines = Guidelines::parse(shipped(), "g.toml");
    REQUIRE(guidelines.words().size() == 13);
    for (const auto& words : guidelines.words()) {
        CHECK(words.title.size() <= 60);
        CHECK(words.asks.ends_with('.'));
        CHECK(words.unseen.ends_with('.'));
        CHECK((words.number <= 3) == !words.duty.empty());  // PSTI: passwords, reports, update period
    }
    CHECK_FALSE(guidelines.rules().empty());
}

TEST_CASE("server names that speak of updates do so with a whole word") {
    const Guidelines guidelines = Guidelines::parse(shipped(), "g.toml");
    for (const char* name : {"update.example.com", "fw-update2.ota.example.com", "UPDATES.example.com", "dl.firmware"})
        CHECK(guidelines.names_updates(name));
    for (const char* name : {"", "example.com", "dateup.example.com", "iotattack.example.com", "updater2.example.com"})
        CHECK_FALSE(guidelines.names_updates(name));
}

TEST_CASE("what is wrong is refused with file, line and reason") {
    CHECK(says(refusal("number = 2", "number = 3"), "must be 2"));
    CHECK(says(refusal("number = 13", "number = 14"), "from 1 to 13"));
    CHECK(says(refusal("title = \"No factory passwords\"", ""), "guideline.title is missing"));
    CHECK(says(refusal("title = \"No factory passwords\"", "title = 1"), "must be text"));
    CHECK(says(refusal("[\"5.1-1\", \"5.1-5\"]", "[\"5.1-1\"]"), "first and the last"));
    CHECK(says(refusal("[\"5.1-1\", \"5.1-5\"]", "[\"5.2-1\", \"5.2-2\"]"), "first and the last"));
    CHECK(says(refusal("role = \"server\"", "role = \"butler\""), "client"));
    CHECK(says(refusal("least = 100", "least = 0"), "from 1 to"));
    CHECK(says(refusal("least = 100", "most = 100"), "is not known"));
    CHECK(says(refusal("refutes = [\"5.1-1\"]", "refutes = [\"everything\"]"), "provisions"));
    CHECK(says(refusal("refutes = [\"5.1-1\"]", "refutes = []"), "list of 1 to"));
    CHECK(says(refusal("outcome = \"success\"", "outcome = \"maybe\""), "success"));
    CHECK(says(refusal("[updates]", "[downdates]"), "[updates] is missing"));
    CHECK(says(refusal("[updates]", "more = 1\n[updates]"), "is not known"));
    CHECK(says(refusal("[[guideline]]", "[[guideline"), ""));
    CHECK(says(refusal("words = [", "words = [\"" + std::string(500, 'x') + "\", "), "at most 400"));
    CHECK_THROWS_AS(Guidelines::parse("", "g.toml"), SettingsError);
    CHECK_THROWS_AS(Guidelines::read("/nowhere/guidelines.toml"), SettingsError);
}

TEST_CASE("a rule about a detector that does not exist is refused") {
    const Guidelines guidelines = with("detector = \"telnet\"", "detector = \"telent\"");
    const Guidelines good = Guidelines::parse(shipped(), "g.toml");
    std::set<std::string> known;
    for (const auto& rule : good.rules()) known.insert(rule.detector);
    CHECK_THROWS_AS(guidelines.check_detectors(known), SettingsError);
    CHECK_NOTHROW(good.check_detectors(known));
}
