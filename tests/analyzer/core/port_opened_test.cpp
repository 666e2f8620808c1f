#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const Endpoint camera = end("192.168.1.30", 40000, "b8:27:eb:00:00:23"),
               router = end("192.168.1.1", 5000, "00:11:22:33:44:01");

PortMapping mapping(std::uint16_t outer, std::uint16_t inner, double seconds = 0) {
    return {.at = at(seconds),
            .client = camera,
            .router = router,
            .protocol = MappingProtocol::upnp_igd,
            .action = MappingAction::add,
            .outcome = Outcome::success,
            .proto = Proto::tcp,
            .external_port = {outer},
            .internal_ip = camera.ip,
            .internal_port = {inner},
            .lifetime = 3600,
            .description = "cam"};
}

Flow visit(std::uint16_t inner, double seconds = 60) {
    return flow(end("203.0.113.9", 50000, "00:11:22:33:44:01"), end("192.168.1.30", inner, "b8:27:eb:00:00:23"), "",
                seconds);
}

}  // namespace

TEST_CASE("a door that a device opens is worth knowing: who, which port, whom strangers reach, for how long") {
    Core core{{}, signatures()};
    core.apply("s", mapping(40123, 40123));
    REQUIRE(alerts(core, "port-opened").size() == 1);
    const Alert alert = alerts(core, "port-opened")[0];
    CHECK(alert.severity == Severity::worth_knowing);
    CHECK(alert.device.mac == camera.mac);
    CHECK(alert.dest_port.number == 40123);
    CHECK(alert.evidence["internal_port"] == 40123);
    CHECK(alert.evidence["lifetime"] == 3600);
    CHECK(alert.evidence["protocol"] == "upnp");
    CHECK(alert.evidence["open"] == true);
    CHECK(alert.happened ==
          "192.168.1.30 asked your router to let strangers on the internet in through port 40123; they then reach "
          "192.168.1.30.");
}

TEST_CASE("what the router refused, and what was only closed, is no door") {
    Core core{{}, signatures()};
    PortMapping refused = mapping(80, 80);
    refused.outcome = Outcome::failure;
    core.apply("s", refused);
    PortMapping closed = mapping(80, 80);
    closed.action = MappingAction::remove;
    core.apply("s", closed);
    CHECK(core.alerts().empty());
}

TEST_CASE("renewals are the same door; other doors of the same device are the same alert") {
    Core core{{}, signatures()};
    for (int i = 0; i < 5; ++i) core.apply("s", mapping(40123, 40123, 1800 * i));
    CHECK(alerts(core, "port-opened")[0].count == 1);
    core.apply("s", mapping(40124, 40124, 9001));
    REQUIRE(alerts(core, "port-opened").size() == 1);
    CHECK(alerts(core, "port-opened")[0].count == 2);
}

TEST_CASE("a door to what malware looks for is important, each of its own") {
    Core core{{}, signatures()};
    core.apply("s", mapping(18080, 80));
    core.apply("s", mapping(10554, 554));
    REQUIRE(alerts(core, "port-opened").size() == 2);
    CHECK(alerts(core, "port-opened")[0].severity == Severity::important);
    CHECK(alerts(core, "port-opened")[0].dest_port.number == 18080);
}

TEST_CASE("once a stranger has come in and was answered, the door's alert says so: one alert tells the whole story") {
    Core core{{}, signatures()};
    core.apply("s", mapping(40123, 40123));
    Flow unanswered = visit(40123);
    unanswered.payload_to_client = 0;
    core.apply("s", unanswered);
    core.apply("s", visit(40124));
    core.apply("s", flow(end("192.168.1.10", 50000, "00:11:22:33:44:55"), end("192.168.1.30", 40123, "b8:27:eb:00:00:23")));
    REQUIRE(alerts(core, "port-opened").size() == 1);
    CHECK(alerts(core, "port-opened")[0].severity == Severity::worth_knowing);
    CHECK_FALSE(alerts(core, "port-opened")[0].evidence.contains("used_from_outside"));
    Flow first = visit(40123);
    core.apply("s", first);
    first.stage = FlowStage::end;
    core.apply("s", first);
    core.apply("s", visit(40123, 70));
    REQUIRE(alerts(core, "port-opened").size() == 1);
    const Alert used = alerts(core, "port-opened")[0];
    CHECK(used.severity == Severity::important);
    CHECK(used.signature == "Strangers came in through an opened door");
    CHECK(used.count == 1);  // door
    CHECK(used.evidence["used_from_outside"] == true);
    CHECK(used.evidence["visits"] == 2);
    CHECK(used.evidence["visitor"] == "203.0.113.9");
    CHECK(used.happened ==
          "Somebody on the internet came in through port 40123 of your router, which Raspberry Pi 00:23 had opened, and "
          "Raspberry Pi 00:23 answered.");
    REQUIRE(alerts(core, "exposed-service").size() == 1);  // where no door was seen to be opened
    CHECK(alerts(core, "exposed-service")[0].dest_port.number == 40124);
}

TEST_CASE("of several doors of one device the words name the one that was used; a renewal changes nothing of that") {
    Core core{{}, signatures()};
    core.apply("s", mapping(40123, 40123));
    core.apply("s", mapping(40124, 40124, 1));
    core.apply("s", visit(40124));
    core.apply("s", mapping(40123, 40123, 70));
    REQUIRE(alerts(core, "port-opened").size() == 1);
    CHECK(alerts(core, "port-opened")[0].dest_port.number == 40124);
    CHECK(alerts(core, "port-opened")[0].evidence["used_port"] == 40124);
    CHECK(alerts(core, "port-opened")[0].severity == Severity::important);
}

TEST_CASE("a risky door that is used stays one alert; without a door that was seen to be opened it is an exposed service") {
    Core core{{}, signatures()};
    core.apply("s", mapping(18080, 80));
    core.apply("s", visit(80));
    core.apply("s", mapping(18080, 80, 70));
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].signature == "Strangers came in through a risky door");
    CHECK(core.alerts()[0].severity == Severity::important);
    core.apply("s", visit(8081, 80));
    CHECK(alerts(core, "exposed-service").size() == 1);
}

TEST_CASE("a door that is used long after it was opened is told of anew, as used") {
    constexpr double week = 7 * 86'400;
    Core core{{}, signatures()};
    PortMapping forever = mapping(40123, 40123);
    forever.lifetime = 0;
    core.apply("s", forever);
    const auto before = alerts(core, "port-opened")[0];
    core.apply("s", visit(40123, week));
    REQUIRE(alerts(core, "port-opened").size() == 1);
    const auto after = alerts(core, "port-opened")[0];
    CHECK(after.id > before.id);
    CHECK(after.first_seen == at(week));
    CHECK(after.severity == Severity::important);
}

TEST_CASE("a door is closed by its outer port, by its inner one, or by its time") {
    Core core{{}, signatures()};
    core.apply("s", mapping(40123, 40123));
    PortMapping closed = mapping(40123, 0, 10);
    closed.action = MappingAction::remove;
    closed.internal_ip = {};
    core.apply("s", closed);
    CHECK(alerts(core, "port-opened")[0].evidence["open"] == false);
    CHECK(alerts(core, "port-opened")[0].evidence["open_seconds"] == 10);
    core.apply("s", visit(40123, 20));
    CHECK(alerts(core, "port-opened")[0].severity == Severity::worth_knowing);
    core.apply("s", visit(40123, 9));  // he came before, and his end is told of now
    CHECK(alerts(core, "port-opened")[0].severity == Severity::important);

    PortMapping pmp = mapping(40125, 40125, 30);
    pmp.protocol = MappingProtocol::nat_pmp;
    core.apply("s", pmp);
    CHECK(alerts(core, "port-opened")[0].evidence["open"] == true);
    pmp.action = MappingAction::remove;
    pmp.external_port = {};
    core.apply("s", pmp);
    CHECK(alerts(core, "port-opened")[0].evidence["open"] == false);

    core.apply("s", mapping(40126, 40126, 40));
    core.apply("s", visit(40126, 40 + 3601));
    CHECK(alerts(core, "port-opened")[0].evidence["used_port"] == 40123);
    core.apply("s", visit(40126, 40 + 3600));
    CHECK(alerts(core, "port-opened")[0].evidence["used_port"] == 40126);
}
