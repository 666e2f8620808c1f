#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const Endpoint stranger = end("203.0.113.9", 50000, "00:11:22:33:44:01"),
               camera = end("192.168.1.30", 80, "b8:27:eb:00:00:23");

}  // namespace

TEST_CASE("a stranger who is answered by a device at home: one alert for each port, which counts") {
    Core core{{}, signatures()};
    core.apply("s", flow(stranger, camera, "http", 0));
    core.apply("s", flow(end("198.51.100.7", 50001), camera, "http", 1));
    core.apply("s", flow(stranger, end("192.168.1.30", 81, "b8:27:eb:00:00:23"), "", 2));
    REQUIRE(alerts(core, "exposed-service").size() == 2);
    const Alert alert = alerts(core, "exposed-service")[0];
    CHECK(alert.severity == Severity::important);
    CHECK(alert.device.mac == camera.mac);
    CHECK(alert.src == stranger.ip);
    CHECK(alert.count == 2);
    CHECK(alert.happened.starts_with("203.0.113.9, from outside your home, connected to "));
}

TEST_CASE("a flow is one visit, however often it is told of") {
    Core core{{}, signatures()};
    Flow visit = flow(stranger, camera, "http", 0);
    core.apply("s", visit);
    visit.stage = FlowStage::update;
    core.apply("s", visit);
    visit.stage = FlowStage::end;
    core.apply("s", visit);
    CHECK(alerts(core, "exposed-service")[0].count == 1);
}

TEST_CASE("what is no service for strangers") {
    Core core{{.strangers_are_local = true}, signatures()};
    Flow f = flow(stranger, camera, "http");
    SUBCASE("a knock, or an answer of which nobody asked for") { f.payload_to_server = 0; }
    SUBCASE("a question without an answer") { f.payload_to_client = 0; }
    SUBCASE("the middle of a connection: who called whom is a guess") { f.midstream = true; }
    SUBCASE("a neighbour") { f.client.ip = ip("192.168.1.10"); }
    SUBCASE("a server elsewhere") { f.server.ip = ip("198.51.100.7"); }
    SUBCASE("UDP finds its way back without a door") { f.proto = Proto::udp; }
    SUBCASE("the data connection of active FTP") { f.client.port = {20}; }
    core.apply("s", f);
    CHECK(alerts(core, "exposed-service").empty());
}

TEST_CASE("where a device meets its like, visitors are worth knowing; at a port that malware looks for they are more") {
    const auto severity_of = [](std::uint16_t port, const std::string& app, bool calls) {
        Core core{{}, signatures()};
        const Endpoint console = end("192.168.1.40", port, "00:11:22:33:44:40");
        Flow call = flow(console, end("198.51.100.7", 30'000, "00:11:22:33:44:01"), "", 0);
        call.proto = Proto::udp;
        if (calls) core.apply("s", call);
        core.apply("s", flow(stranger, console, app, 1));
        core.apply("s", flow(end("198.51.100.8", 50001), console, "", 2));
        REQUIRE(alerts(core, "exposed-service").size() == 1);
        CHECK(alerts(core, "exposed-service")[0].count == 2);
        return alerts(core, "exposed-service")[0].severity;
    };
    CHECK(severity_of(40'123, "", false) == Severity::important);
    CHECK(severity_of(40'123, "", true) == Severity::worth_knowing);
    CHECK(severity_of(51'413, "bittorrent", false) == Severity::worth_knowing);
    CHECK(severity_of(8080, "http", true) == Severity::important);
}

TEST_CASE("a question to a server's everyday port makes no port a meeting place, nor does a call of long ago") {
    for (const bool everyday : {true, false}) {
        Core core{{}, signatures()};
        const Endpoint device = end("192.168.1.40", 40'123, "00:11:22:33:44:40");
        Flow call = flow(device, end("198.51.100.7", everyday ? 123 : 30'000, "00:11:22:33:44:01"), "", 0);
        call.proto = Proto::udp;
        core.apply("s", call);
        core.apply("s", flow(stranger, device, "", everyday ? 1 : 2 * 86'400));
        REQUIRE(alerts(core, "exposed-service").size() == 1);
        CHECK(alerts(core, "exposed-service")[0].severity == Severity::important);
    }
}
