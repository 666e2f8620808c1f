// `linnet doctor`: each check once where all is well, and once for each thing that may be wrong.
#include "cli/health.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");
constexpr std::chrono::sys_days today{std::chrono::year{2026} / 3 / 1};

Json sensor(Json more = Json::object()) {
    Json made{{"id", "pi"},        {"source", "eth0"},    {"connected", true},
              {"finished", false}, {"packets", 100'000},  {"kernel_dropped", 0},
              {"lost", 0},         {"sandbox", "strict"}, {"last_event", to_string(noon - 1min)}};
    made.update(more);
    return Json::array({std::move(made)});
}

/// `one_way` of `all` TCP conversations were heard in one direction.
Json flows(int all, int one_way) {
    Json list = Json::array();
    for (int i = 0; i < all; ++i)
        list.push_back({{"proto", "TCP"}, {"flow", {{"pkts_toserver", 3}, {"pkts_toclient", i < one_way ? 0 : 2}}}});
    return list;
}

void is_well(const HealthFinding& finding) {
    CAPTURE(finding.text);
    CHECK(finding.health == Health::ok);
    CHECK(finding.advice.empty());
}

void is_wrong(const HealthFinding& finding, const std::string& text) {
    CAPTURE(finding.text);
    CHECK(finding.health == Health::problem);
    CHECK(finding.text.find(text) != std::string::npos);
    CHECK_FALSE(finding.advice.empty());
}

}  // namespace

TEST_CASE("analyzer: it answers, and is the one that was installed") {
    is_well(analyzer_health("", "0.1.0", "0.1.0"));
    is_wrong(analyzer_health("No analyzer answers.", "", "0.1.0"), "No analyzer answers.");
    is_wrong(analyzer_health("", "0.0.9", "0.1.0"), "0.0.9");
}

TEST_CASE("capture: a sensor listens and hears") {
    is_well(capture_health(sensor(), true));
    is_wrong(capture_health(sensor({{"packets", 0}}), true), "not one packet");
    is_wrong(capture_health(sensor({{"connected", false}}), true), "No sensor listens");
    is_wrong(capture_health(sensor({{"finished", true}}), true), "No sensor listens");
    is_wrong(capture_health(Json::array(), std::nullopt), "No sensor listens");
    CHECK(capture_health(Json::array(), false).advice.find("CAP_NET_RAW") != std::string::npos);
    CHECK(capture_health(Json::array(), true).advice.find("CAP_NET_RAW") == std::string::npos);
}

TEST_CASE("loss: one packet in a thousand is too much, and so is any event") {
    is_well(loss_health(sensor()));
    is_well(loss_health(sensor({{"packets", 100'000}, {"kernel_dropped", 100}})));
    is_wrong(loss_health(sensor({{"packets", 99'900}, {"kernel_dropped", 100}})), "pi (0.1 %)");
    is_wrong(loss_health(sensor({{"lost", 1}})), "1 event were lost");
    is_wrong(loss_health(sensor({{"sandbox", "strict, no Landlock"}})), "locked in");
    is_well(loss_health(sensor({{"sandbox", "off"}, {"connected", false}})));
}

TEST_CASE("visibility: half of the devices, and both directions") {
    const Json sight{{"devices", 10}, {"followed", 5}};
    is_well(visibility_health(sight, flows(100, 50)));
    is_wrong(visibility_health(sight, flows(100, 51)), "51 of 100");
    is_well(visibility_health(sight, flows(19, 19)));  // too few to say
    is_wrong(visibility_health({{"devices", 10}, {"followed", 4}}, flows(0, 0)), "4 of 10 devices");
    CHECK(visibility_health(nullptr, flows(100, 0)).health == Health::unknown);
    Json udp = flows(100, 100);
    for (Json& flow : udp) flow["proto"] = "UDP";  // many of these have no answer
    is_well(visibility_health(sight, udp));
}

TEST_CASE("clock: it is kept right, and sensors agree") {
    is_well(clock_health(noon, true, sensor()));
    is_well(clock_health(noon, std::nullopt, Json::array()));
    is_wrong(clock_health(noon, false, sensor()), "Nobody keeps");
    is_wrong(clock_health(*parse_timestamp("1970-01-01T00:00:10.000000Z"), true, Json::array()), "1970-01-01");
    is_wrong(clock_health(noon, true, sensor({{"last_event", to_string(noon + 121s)}})), "from the future");
    is_well(clock_health(noon, true, sensor({{"last_event", to_string(noon + 119s)}})));
    is_wrong(clock_health(noon, true, sensor({{"last_event", to_string(noon - 61min)}})), "nothing newer");
    is_well(clock_health(noon, true, sensor({{"last_event", to_string(noon - 61min)}, {"finished", true}})));
    is_well(clock_health(noon, true, sensor({{"last_event", "nonsense"}})));
}

TEST_CASE("disk: room, and a database that was never damaged") {
    const Json database{{"bytes", 12'000'000}};
    is_well(disk_health(database, DiskSpace{200'000'000, 1'000'000'000}));
    is_wrong(disk_health(database, DiskSpace{199'999'999, 1'000'000'000}), "200.0 MB");
    CHECK(disk_health(database, std::nullopt).health == Health::unknown);
    is_wrong(disk_health({{"trouble", "The disk is full."}}, std::nullopt), "The disk is full.");
    is_wrong(disk_health({{"restored", {{"broken", "/x/linnet.db.broken-1"}}}}, std::nullopt), "/x/linnet.db.broken-1");
}

TEST_CASE("link: nobody was refused") {
    is_well(link_health({{"refused_messages", 0}, {"gaps", 3}, {"unknown_keys", 0}}));
    is_wrong(link_health({{"refused_messages", 0}, {"unknown_keys", 2}}), "2 connections");
    is_wrong(link_health({{"refused_messages", 1}, {"unknown_keys", 0}}), "1 message");
    CHECK(link_health(nullptr).health == Health::unknown);
}

TEST_CASE("keys: nobody but their owner may read them") {
    is_well(keys_health({}));
    is_well(keys_health({{"/a", 0600}, {"/b", 0400}}));
    is_wrong(keys_health({{"/a", 0600}, {"/b", 0640}}), "/b");
    is_wrong(keys_health({{"/a", 0604}}), "/a");
}

TEST_CASE("signatures: good until their last day, and the newest that is here") {
    is_well(signatures_health({7, "2026-03-01", 7}, today));
    is_wrong(signatures_health({7, "2026-02-28", 7}, today), "2026-02-28");
    is_wrong(signatures_health({7, "2027-01-01", 8}, today), "Version 8 is here");
    is_well(signatures_health({7, "", 6}, today));
    is_well(signatures_health({7, "", std::nullopt}, today));
    CHECK(to_json(signatures_health({7, "", 7}, today)) ==
          Json{{"check", "signatures"}, {"health", "ok"}, {"text", "Version 7, as it came with Linnet."}});
}
