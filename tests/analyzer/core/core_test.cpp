#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

TEST_CASE("a camera that is used over telnet gives one alert with words for people") {
    Core core{{}, signatures()};
    const auto laptop = end("192.168.1.10", 40000, "00:11:22:33:44:55"),
               camera = end("192.168.1.23", 23, "b8:27:eb:00:00:23");
    core.apply("sensor", flow(laptop, camera, "telnet", 1));
    const auto changes = core.take_changes();
    REQUIRE(changes.alerts.size() == 1);
    CHECK(changes.devices.size() == 2);
    const Alert& alert = changes.alerts[0];
    CHECK(alert.id == 1);
    CHECK(alert.device.name == "Raspberry Pi 00:23");
    CHECK(alert.happened == "192.168.1.10 opened a telnet session on Raspberry Pi 00:23 (port 23).");
    MESSAGE(dump(to_eve(alert)));
    MESSAGE(dump(to_eve(changes.devices[1])));
}
