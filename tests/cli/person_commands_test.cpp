// What a person says of alerts and devices, and sees of conversations, as people run it, against a real analyzer.
#include "told_household.hpp"

#include <algorithm>

using namespace linnet;
using nlohmann::json;

namespace {

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string state_of(const json& alert) { return alert.at("linnet").at("state"); }

}  // namespace

TEST_CASE("ack: an alert is seen, and says so from then on") {
    const ToldHousehold household;
    const auto all = household.records("alerts");
    REQUIRE(all.size() >= 2);
    for (const json& alert : all) CHECK(state_of(alert) == "new");
    const auto number = std::to_string(all[0].at("linnet").at("id").get<int>());
    const Ran ran = household.ask("ack " + number);
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, "Alert " + number + " ("));
    CHECK(contains(ran.out, "was seen"));
    CHECK(state_of(household.records("alerts")[0]) == "acknowledged");
    CHECK(state_of(household.records("alerts")[1]) == "new");
    CHECK(contains(household.ask("alerts").out, "acknowledged"));
    CHECK(household.records("ack " + number).at(0).at("linnet").at("state") == "acknowledged");
    CHECK(household.ask("ack 4711").error == "linnet: There is no such alert.\n");
    CHECK(household.ask("ack").exit_code == 2);
    CHECK(household.ask("ack camera").exit_code == 2);
}

TEST_CASE("mute, mutes, unmute: nobody is told, and everybody who asks sees it all the same") {
    const ToldHousehold household;
    CHECK(household.ask("mutes").out == "Nothing is muted.\n");
    const Ran made = household.ask("mute 192.168.1.23 --kind mirai-scan --for 12h");
    CHECK(made.exit_code == 0);
    CHECK(contains(made.out, "nobody is told of mirai-scan of "));
    CHECK(contains(made.out, "`linnet unmute 1` takes this back"));
    const auto muted = household.records("alerts --severity act-now");
    REQUIRE_FALSE(muted.empty());
    CHECK(state_of(muted[0]) == "muted");
    CHECK(contains(household.ask("alerts").out, "muted until "));
    // The report counts it, and says that it is muted.
    const Ran report = household.ask("report");
    CHECK(contains(report.out, "Muted until "));
    CHECK(json::parse(household.ask("report --format json").out).at("house").at("act_now") == 1);

    CHECK(household.ask("mute 192.168.1.5 --peer 192.168.1.9").exit_code == 0);
    const auto list = household.records("mutes");
    REQUIRE(list.size() == 2);
    CHECK(list[0].at("kind") == "mirai-scan");
    CHECK(list[1].at("peer") == "192.168.1.9");
    CHECK(lines_of(household.ask("mutes").out).size() == 3);
    CHECK(household.ask("unmute 192.168.1.5").exit_code == 0);
    CHECK(contains(household.ask("unmute 1").out, "You are told of mirai-scan of "));
    CHECK(household.records("mutes").empty());
    CHECK(state_of(household.records("alerts --severity act-now")[0]) == "new");

    CHECK(contains(household.ask("unmute 1").error, "There is no such mute"));
    CHECK(contains(household.ask("unmute 192.168.1.5").error, "Nothing of this device is muted"));
    CHECK(contains(household.ask("mute 192.168.1.5 --kind noise").error, "these are: mirai-scan"));
    CHECK(contains(household.ask("mute toaster").error, "No device is called toaster"));
    for (const std::string span : {"2y", "0d", "367d", "-1h", "soon"})
        CHECK(household.ask("mute 192.168.1.5 --for " + span).exit_code == 2);
}

TEST_CASE("trust: it belongs here, which is said of it and can be taken back") {
    const ToldHousehold household;
    const Ran ran = household.ask("trust 192.168.1.23");
    CHECK(ran.exit_code == 0);
    CHECK(contains(ran.out, " belongs here. You are still told of everything that is dangerous."));
    const auto camera = household.records("devices")[2];
    CHECK(camera.at("linnet").at("device").at("given").at("trusted") == true);
    CHECK(contains(household.ask("device 192.168.1.23").out, "It belongs here: so you said."));
    CHECK_FALSE(household.records("alerts --severity act-now").empty());
    CHECK(contains(household.ask("trust 192.168.1.23 --no-longer").out, "like any other"));
    CHECK_FALSE(household.records("devices")[2].at("linnet").at("device").contains("given"));
}

TEST_CASE("flows: stable columns, filters that the analyzer applies, sentences for what is not possible") {
    const ToldHousehold household;
    const Ran table = household.ask("flows");
    CHECK(table.exit_code == 0);
    const auto lines = lines_of(table.out);
    REQUIRE(lines.size() == 2);  // a scan is no conversation: Anna's login is the only one
    for (const std::string title : {"BEGAN", "FROM", "TO", "PROTO", "APP", "SERVER NAME", "SENT", "RECEIVED", "STATE"})
        CHECK(contains(lines[0], title));
    CHECK(contains(lines[1], ":21"));
    const auto count = [&](const std::string& terms) { return household.records("flows " + terms).size(); };
    CHECK(count("") == 1);
    CHECK(count("device=192.168.1.5") == 1);
    CHECK(count("device=192.168.1.23") == 0);
    CHECK(count("port=21 proto=tcp direction=inside peer=192.168.1.9") == 1);
    CHECK(count("port=22") == 0);
    CHECK(count("proto=udp") == 0);
    CHECK(count("direction=out") == 0);
    CHECK(count("peer=192.168.1.0/24") == 1);
    CHECK(count("peer=10.0.0.0/8") == 0);
    CHECK(count("app=ftp") + count("app=ftp_control") == 1);
    CHECK(count("since=2000-01-01") == 1);
    CHECK(count("until=2000-01-01") == 0);
    CHECK(count("--limit 1") == 1);
    for (const std::string wrong : {"colour=red", "port=http", "since=yesterday", "proto=sctp", "camera"}) {
        const Ran ran = household.ask("flows " + wrong);
        CHECK(ran.exit_code == 2);
        CHECK(lines_of(ran.error).size() == 1);
    }
    CHECK(contains(household.ask("flows device=toaster").error, "No device is called toaster"));
}

TEST_CASE("what is decided about a device comes as its record, too") {
    const ToldHousehold household;
    for (const std::string command :
         {"name 192.168.1.23 'Hall camera'", "trust 192.168.1.23", "merge 192.168.1.23 192.168.1.5",
          "split 192.168.1.23 02:00:00:00:00:05", "undo 192.168.1.23"}) {
        CAPTURE(command);
        const auto records = household.records(command);
        REQUIRE(records.size() == 1);
        CHECK(records[0].at("linnet").at("device").at("name") == "Hall camera");
    }
    CHECK(household.records("forget --yes 192.168.1.9") == std::vector<json>{json{{"forgotten", "02:00:00:00:00:09"}}});
    CHECK(household.records("erase --yes") == std::vector<json>{json{{"forgotten", "everything"}}});
}
