// `linnet devices`, `alerts` and `status` as people run them, against a real analyzer.
#include "cli/temporary_directory.hpp"
#include "shell.hpp"
#include "told_household.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

using namespace linnet;
using nlohmann::json;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("devices: a table with a row for each, and EVE records by key") {
    const ToldHousehold household;
    const Ran table = household.ask("devices");
    CHECK(table.exit_code == 0);
    CHECK(table.error.empty());
    const auto lines = lines_of(table.out);
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].rfind("NAME", 0) == 0);
    for (const std::string title : {"KIND", "MAKER", "MODEL", "ADDRESSES", "LAST SEEN"}) CHECK(contains(lines[0], title));
    CHECK(contains(lines[3], "192.168.1.23"));

    const auto records = household.records("devices");
    REQUIRE(records.size() == 3);
    CHECK(records[0].at("linnet").at("device").at("mac") == "02:00:00:00:00:05");
    CHECK(records[1].at("linnet").at("device").at("mac") == "02:00:00:00:00:09");
    CHECK(records[2].at("linnet").at("device").at("mac") == "02:00:00:00:00:17");
}

TEST_CASE("pair, peers, revoke: an analyzer that listens on no network says how it would; one elsewhere asks who we are") {
    const ToldHousehold household;
    for (const std::string command : {"pair", "peers", "revoke attic --yes"}) {
        const Ran ran = household.ask(command);
        CHECK(ran.exit_code == 1);
        CHECK(contains(ran.error, "listens on no network"));
        CHECK(contains(ran.error, "tcp://192.0.2.1:5390"));
    }
    const Ran far = run("linnet status --connect tcp://127.0.0.1:9 --key /dev/null/linnet.key");
    CHECK(far.exit_code == 1);
    CHECK(contains(far.error, "not paired with the analyzer at tcp://127.0.0.1:9: run `linnet pair --dashboard` there"));
    const Ran sensor = run("linnet-sensor --pair nonsense --key /dev/null/sensor.key");
    CHECK(sensor.exit_code == 1);
}

TEST_CASE("alerts: newest first, with stable columns") {
    const ToldHousehold household;
    const Ran table = household.ask("alerts");
    CHECK(table.exit_code == 0);
    const auto lines = lines_of(table.out);
    REQUIRE(lines.size() >= 3);
    CHECK(contains(lines[0], "ID  SEVERITY"));
    for (const std::string title : {"WHEN", "DEVICE", "WHAT", "COUNT"}) CHECK(contains(lines[0], title));

    const auto records = household.records("alerts");
    REQUIRE(records.size() == lines.size() - 1);
    for (std::size_t i = 1; i < records.size(); ++i)
        CHECK(records[i - 1].at("linnet").at("id") > records[i].at("linnet").at("id"));
}

TEST_CASE("alerts: filters by severity, device and number") {
    const ToldHousehold household;
    const auto all = household.records("alerts");
    SUBCASE("severity, by word and by number") {
        const auto urgent = household.records("alerts --severity act-now");
        CHECK_FALSE(urgent.empty());
        CHECK(urgent.size() < all.size());
        for (const json& alert : urgent) CHECK(alert.at("alert").at("severity") == 1);
        CHECK(household.records("alerts --severity 1") == urgent);
    }
    SUBCASE("device, by MAC and by address") {
        const auto camera = household.records("alerts --device 02:00:00:00:00:17");
        CHECK_FALSE(camera.empty());
        CHECK(camera.size() < all.size());
        for (const json& alert : camera) CHECK(alert.at("linnet").at("device").at("mac") == "02:00:00:00:00:17");
        CHECK(household.records("alerts --device 192.168.1.23") == camera);
    }
    SUBCASE("a device that nobody has") {
        const Ran ran = household.ask("alerts --device toaster");
        CHECK(ran.exit_code == 1);
        CHECK(ran.error == "linnet: No device is called toaster; `linnet devices` lists them.\n");
    }
    SUBCASE("limit") {
        const auto one = household.records("alerts --limit 1");
        REQUIRE(one.size() == 1);
        CHECK(one.front() == all.front());
    }
}

TEST_CASE("status: people see what is connected, programs get one object") {
    const ToldHousehold household;
    const Ran text = household.ask("status");
    CHECK(text.exit_code == 0);
    CHECK(contains(text.out, "Linnet analyzer " LINNET_VERSION ", running for "));
    CHECK(contains(text.out, "3 devices"));
    CHECK(contains(text.out, "pi"));
    CHECK(contains(text.out, "home.pcap"));
    CHECK(contains(text.out, "finished"));

    const auto records = household.records("status");
    REQUIRE(records.size() == 1);
    CHECK(records.front().at("sensors").at(0).at("packets") == 19);  // 8 SYNs and 11 packets of FTP
}

TEST_CASE("report: the house, or one device, in each format") {
    const ToldHousehold household;
    const Ran text = household.ask("report");
    CHECK(text.exit_code == 0);
    CHECK(text.error.empty());
    CHECK(contains(text.out, " of your 3 devices need"));
    CHECK(contains(text.out, "What to do"));
    CHECK_FALSE(contains(text.out, "tr0ub4dor"));

    const Ran record = household.ask("report --format json");
    CHECK(record.exit_code == 0);
    const json card = json::parse(record.out);
    CHECK(card.at("devices").size() == 3);
    CHECK(card.at("house").at("act_now") == 1);
    CHECK(card.at("house").at("verdicts").at(6).at("verdict") == "refuted");
    CHECK(household.ask("report --format json").out == record.out);

    const json one = json::parse(household.ask("report --format json 192.168.1.23").out);
    REQUIRE(one.at("devices").size() == 1);
    CHECK(one.at("device") == "02:00:00:00:00:17");
    CHECK(one.at("devices").at(0).at("need") == "act-now");

    CHECK(household.ask("report --format html").out.rfind("<!DOCTYPE html>", 0) == 0);
    CHECK(household.ask("report --format pdf").out.rfind("%PDF-", 0) == 0);
    CHECK(household.ask("report --format docx").exit_code == 2);
    const Ran nobody = household.ask("report toaster");
    CHECK(nobody.exit_code == 1);
    CHECK(nobody.error == "linnet: No device is called toaster; `linnet devices` lists them.\n");
}

TEST_CASE("report: to a file, and no PDF on a terminal") {
    const ToldHousehold household;
    const TemporaryDirectory folder;
    const auto file = (folder.path() / "report.pdf").string();
    const Ran written = household.ask("report --format pdf --output " + file);
    CHECK(written.exit_code == 0);
    CHECK(written.out.empty());
    CHECK(content_of(file).rfind("%PDF-", 0) == 0);
    const Ran terminal = household.on_a_terminal("report --format pdf");
    CHECK(contains(terminal.out, "A PDF is no text for a terminal"));
    CHECK_FALSE(contains(terminal.out, "%PDF-"));
}

TEST_CASE("mud: what was learned goes out, a maker's file comes in and stays until it is removed") {
    const ToldHousehold household;
    const auto list = household.records("mud list");
    REQUIRE(list.size() == 3);
    CHECK(list[0].at("key") == "02:00:00:00:00:05");
    CHECK(list[0].at("profile").at("state") == "learning");
    CHECK(contains(household.ask("mud list").out, "learning, 1 day"));

    const Ran exported = household.ask("mud export 192.168.1.5");
    CHECK(exported.exit_code == 0);
    const json file = json::parse(exported.out);
    CHECK(file.at("ietf-mud:mud").at("mud-version") == 1);

    const TemporaryDirectory folder;
    std::ofstream{folder.path() / "mud.json"} << exported.out;
    const Ran imported = household.ask("mud import 192.168.1.5 " + (folder.path() / "mud.json").string());
    CHECK(imported.exit_code == 0);
    CHECK(contains(imported.out, "is now held to https://02-00-00-00-00-05.linnet.invalid/mud.json"));
    CHECK(household.records("mud list")[0].at("imported").at("rules") == 6);

    CHECK(household.ask("mud remove 192.168.1.5").exit_code == 0);
    CHECK_FALSE(household.records("mud list")[0].contains("imported"));
}

TEST_CASE("mud: what cannot be is a sentence") {
    const ToldHousehold household;
    const auto complains = [&household](const std::string& command, const std::string& sentence) {
        const Ran ran = household.ask(command);
        CHECK(ran.exit_code == 1);
        CHECK(ran.error == "linnet: " + sentence + "\n");
    };
    complains("mud export toaster", "No device is called toaster; `linnet devices` lists them.");
    complains("mud remove 192.168.1.5", "No MUD file was imported for this device.");
    complains("mud import 192.168.1.5 /nowhere", "/nowhere cannot be read: No such file or directory.");
    complains("mud import 192.168.1.5 /etc/passwd", "/etc/passwd is not JSON.");
}

TEST_CASE("no analyzer: one sentence that says what to do, soon, exit code 1") {
    const TemporaryDirectory folder;
    for (const std::string command : {"devices", "alerts", "report", "status", "mud list", "selftest"}) {
        CAPTURE(command);
        const auto begin = std::chrono::steady_clock::now();
        const Ran ran = run("linnet " + command + " --connect ipc://" + (folder.path() / "api").string());
        CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{8});
        CHECK(ran.exit_code == 1);
        CHECK(ran.out.empty());
        CHECK(lines_of(ran.error).size() == 1);
        CHECK(contains(ran.error, "Is linnet-analyzer running?"));
    }
}

TEST_CASE("an endpoint that is none is a sentence too") {
    const Ran ran = run("linnet status --connect nonsense");
    CHECK(ran.exit_code == 1);
    CHECK(lines_of(ran.error).size() == 1);
    CHECK(contains(ran.error, "nonsense"));
}
