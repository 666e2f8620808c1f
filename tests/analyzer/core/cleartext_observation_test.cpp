// cleartext-media and cleartext-control: what was seen to be carried in clear.
#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const Endpoint laptop = end("192.168.1.10", 40000, "00:11:22:33:44:55"),
               camera = end("192.168.1.30", 554, "b8:27:eb:00:00:23"),
               outside = end("203.0.113.9", 1883, "00:11:22:33:44:01");

Observation seen(ObservationKind kind, const std::string& protocol, const Endpoint& server = camera, double seconds = 0,
                 const std::string& subject = "") {
    Observation observation;
    observation.at = at(seconds);
    observation.flow_id = 7;
    observation.client = laptop;
    observation.server = server;
    observation.kind = kind;
    observation.protocol = protocol;
    observation.subject = subject;
    return observation;
}

}  // namespace

TEST_CASE("a camera that shows its pictures in clear is told of once, and counts; other observations are none") {
    Core core{{}, signatures()};
    core.apply("s", seen(ObservationKind::open_service, "rtsp"));
    core.apply("s", seen(ObservationKind::firmware, "http"));
    CHECK(alerts(core, "cleartext-media").empty());
    for (int i = 0; i < 3; ++i) core.apply("s", seen(ObservationKind::media_stream, "rtsp", camera, i));
    core.apply("s", seen(ObservationKind::media_stream, "mjpeg"));
    REQUIRE(alerts(core, "cleartext-media").size() == 2);
    const Alert alert = alerts(core, "cleartext-media")[0];
    CHECK(alert.count == 3);
    CHECK(alert.device.mac == camera.mac);
    CHECK(alert.severity == Severity::worth_knowing);
    CHECK(alert.app_proto == "rtsp");
    CHECK(alert.proto == "TCP");
}

TEST_CASE("pictures for anybody are important; those from outside are the watcher's matter") {
    Core core{{}, signatures()};
    core.apply("s", seen(ObservationKind::media_stream, "rtsp", camera, 0, "for anybody"));
    core.apply("s", seen(ObservationKind::media_stream, "rtmp", outside, 0, "for anybody"));
    REQUIRE(alerts(core, "cleartext-media").size() == 2);
    CHECK(alerts(core, "cleartext-media")[0].severity == Severity::important);
    CHECK(alerts(core, "cleartext-media")[1].severity == Severity::worth_knowing);
    CHECK(alerts(core, "cleartext-media")[1].device.mac == laptop.mac);
}

TEST_CASE("a device that anybody can steer is told of once for each protocol") {
    Core core{{}, signatures()};
    core.apply("s", seen(ObservationKind::media_stream, "rtsp"));
    core.apply("s", seen(ObservationKind::open_service, "vnc", end("127.0.0.1", 5900)));
    CHECK(alerts(core, "cleartext-control").empty());
    for (int i = 0; i < 3; ++i) core.apply("s", seen(ObservationKind::open_control, "http", camera, i, "Shelly switch"));
    core.apply("s", seen(ObservationKind::open_control, "mqtt", outside));
    REQUIRE(alerts(core, "cleartext-control").size() == 2);
    const Alert alert = alerts(core, "cleartext-control")[0];
    CHECK(alert.count == 3);
    CHECK(alert.severity == Severity::worth_knowing);
    CHECK(alert.device.mac == camera.mac);
    CHECK(alert.evidence["what"] == "Shelly switch");
    CHECK(alerts(core, "cleartext-control")[1].device.mac == laptop.mac);
}

TEST_CASE("a service that asks nobody who they are; a command line among them is important") {
    Core core{{}, signatures()};
    core.apply("s", seen(ObservationKind::open_service, "redis", camera, 0, "a database that asks for no password"));
    core.apply("s", seen(ObservationKind::open_service, "adb"));
    REQUIRE(alerts(core, "cleartext-control").size() == 2);
    CHECK(alerts(core, "cleartext-control")[0].severity == Severity::worth_knowing);
    CHECK(alerts(core, "cleartext-control")[1].severity == Severity::important);
}
