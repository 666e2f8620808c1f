// The loader is strict: whoever edits the words or numbers is told the file, the line and the reason.
#include "analyzer/signatures.hpp"
#include "analyzer/core.hpp"
#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

const std::string telnet =
    "[telnet]\n"
    "signature_id = 1004\n"
    "revision = 2\n"
    "severity = 2\n"
    "category = \"Insecure service\"\n"
    "title = \"Telnet in use\"\n"
    "guidelines = [5, 6]\n"
    "happened = \"{peer} used telnet on {device}.\"\n"
    "meaning = \"It hides nothing.\"\n"
    "advice = \"Switch it off.\"\n";

Signatures parse(const std::string& alerts, const std::string& thresholds = "") {
    return Signatures::parse(alerts, "alerts.toml", thresholds, "thresholds.toml");
}

std::string error_of(const std::string& alerts, const std::string& thresholds = "") {
    try {
        parse(alerts, thresholds);
    } catch (const SettingsError& error) {
        return error.what();
    }
    return "";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a section holds the words and numbers of an alert") {
    const auto signatures = parse(telnet);
    const Wording& wording = signatures.wording("telnet");
    CHECK(wording.signature_id == 1004);
    CHECK(wording.revision == 2);
    CHECK(wording.severity == Severity::important);
    CHECK(wording.title == "Telnet in use");
    CHECK(wording.guidelines == std::vector{5, 6});
}

TEST_CASE("a section inside says only what differs") {
    const auto signatures = parse(telnet + "[telnet.outside]\nseverity = 3\nhappened = \"Outside.\"\n");
    CHECK(signatures.wording("telnet.outside").happened == "Outside.");
    CHECK(signatures.wording("telnet.outside").severity == Severity::worth_knowing);
    CHECK(signatures.wording("telnet.outside").signature_id == 1004);
    CHECK(signatures.wording("telnet.outside").meaning == "It hides nothing.");
    CHECK(signatures.wording("telnet").severity == Severity::important);
}

TEST_CASE("mistakes in alerts.toml are named with their line") {
    CHECK(error_of(telnet + "mood = \"good\"\n") == "alerts.toml:11: telnet.mood is not known");
    CHECK(error_of(replaced(telnet, "severity = 2\n", "")) == "alerts.toml:1: telnet.severity is missing");
    CHECK(error_of(replaced(telnet, "severity = 2", "severity = 4")) ==
          "alerts.toml:4: telnet.severity must be a whole number from 1 to 3");
    CHECK(error_of(replaced(telnet, "1004", "\"1004\"")) ==
          "alerts.toml:2: telnet.signature_id must be a whole number from 1 to 999999");
    CHECK(error_of(replaced(telnet, "[5, 6]", "[5, 14]")) ==
          "alerts.toml:7: telnet.guidelines must be a list of numbers from 1 to 13");
    CHECK(error_of(replaced(telnet, "\"It hides nothing.\"", "\"\"")) == "alerts.toml:9: telnet.meaning must be text");
    CHECK(error_of("telnet = 3\n") == "alerts.toml:1: telnet must be a section");
    CHECK(error_of("[services]\ntelnetd = \"x\"\n") == "alerts.toml:2: services.telnetd is not known");
    CHECK(error_of("[services]\nftp = 21\n") == "alerts.toml:2: services.ftp must be text");
    CHECK(error_of("[telnet\n").substr(0, 14) == "alerts.toml:1:");
}

TEST_CASE("a placeholder that does not exist is refused, as are braces that do not fit") {
    for (const char* words : {"{password}", "{}", "{device", "device}", "{device}}", "{{device}"}) {
        CAPTURE(words);
        CHECK(error_of(replaced(telnet, "It hides nothing.", words)).substr(0, 67) ==
              "alerts.toml:9: telnet.meaning has a placeholder that does not exist");
    }
}

TEST_CASE("placeholders are replaced in one pass: braces in a value mean nothing") {
    const Placeholders values{
        .device = "{peer}", .peer = "camera", .count = 2, .service = "FTP", .user = "${jndi:x}", .port = 21};
    CHECK(Wording::render("{device} and {peer}: {service}:{port} as {user}, {count}, {times}.", values) ==
          "{peer} and camera: FTP:21 as ${jndi:x}, 2, twice.");
    CHECK(Wording::render("{times}", {{}, {}, 1, {}, {}, 0}) == "once");
    CHECK(Wording::render("{times}", {{}, {}, 30, {}, {}, 0}) == "30 times");
    CHECK(Wording::render("x{as_user}.", values) == "x as \"${jndi:x}\".");
    CHECK(Wording::render("x{as_user}.", {{}, {}, 1, {}, {}, 0}) == "x.");
    CHECK(Wording::render("", values).empty());
}

TEST_CASE("numbers are asked for by path, within their range") {
    auto thresholds =
        parse("", "[scan]\nratio = 0.8\nseconds = 60\nports = [23, 2323]\ndeep.er = 4\nhalf = 0.5\n").thresholds();
    CHECK(thresholds.ratio("scan.ratio") == 0.8);
    CHECK(thresholds.seconds("scan.seconds") == std::chrono::seconds{60});
    CHECK(thresholds.ports("scan.ports") == std::vector<Port>{{23}, {2323}});
    CHECK(thresholds.integer("scan.deep.er", 1, 4) == 4);
    CHECK_THROWS_WITH_AS(thresholds.finish(), "thresholds.toml:6: scan.half is not known", SettingsError);
    CHECK_THROWS_WITH_AS(thresholds.integer("scan.half", 0, 9),
                         "thresholds.toml:6: scan.half must be a whole number from 0 to 9", SettingsError);
    CHECK_THROWS_WITH_AS(thresholds.integer("scan.seconds", 61, 99),
                         "thresholds.toml:3: scan.seconds must be a whole number from 61 to 99", SettingsError);
    CHECK_THROWS_WITH_AS(thresholds.integer("scan.none", 0, 1), "thresholds.toml:0: scan.none is missing", SettingsError);
    CHECK_THROWS_AS(thresholds.ratio("scan.seconds"), SettingsError);
    CHECK_THROWS_AS(thresholds.integer("scan.ports", 0, 9999), SettingsError);
    CHECK(error_of("", "[scan]\nratio = \"much\"\n") ==
          "thresholds.toml:2: scan.ratio must be a number or a list of numbers");
}

TEST_CASE("a core refuses signatures that lack a detector's part, or have one that nobody knows") {
    const auto make = [](const std::string& alerts, const std::string& thresholds) {
        Core core{{}, std::make_shared<const Signatures>(parse(alerts, thresholds))};
    };
    CHECK_THROWS_AS(make(telnet, ""), SettingsError);
    CHECK_THROWS_AS(make("", "[episodes]\nquiet_seconds = 1\n"), SettingsError);
}

TEST_CASE("the shipped words are three plain sentences with nothing left open") {
    const Placeholders values{.device = "D", .peer = "P", .count = 3, .service = "S", .user = "U", .port = 23};
    for (const auto& [section, wording] : test::signatures()->wordings()) {
        const std::string path = section;
        CAPTURE(path);
        CHECK(wording.title.size() < 60);
        for (const auto& words : {wording.happened, wording.meaning, wording.advice}) {
            const auto text = Wording::render(words, values);
            CHECK(text.find_first_of("{}<>\n") == std::string::npos);
            CHECK(text.back() == '.');
            CHECK(text.size() < 250);
        }
    }
}

TEST_CASE("signature ids belong to one kind of alert") {
    std::map<std::uint32_t, std::string> owners;
    for (const auto& [path, wording] : test::signatures()->wordings()) {
        const auto detector = path.substr(0, path.find('.'));
        CHECK(owners.try_emplace(wording.signature_id, detector).first->second == detector);
    }
}
