// telnet, cleartext-login and default-login: one alert for one source, server, service and user name.
#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const Endpoint laptop = end("192.168.1.10", 40000, "00:11:22:33:44:55");
const Endpoint camera = end("192.168.1.23", 23, "b8:27:eb:00:00:23");
const Endpoint outside = end("203.0.113.9", 21, "00:aa:bb:cc:dd:ee");

Alert only_alert(const Core& core, const std::string& detector) {
    REQUIRE(alerts(core, detector).size() == 1);
    return alerts(core, detector)[0];
}

}  // namespace

TEST_CASE("telnet in use on any port is about the device that offers it") {
    Core core{{}, signatures()};
    Endpoint odd = camera;
    odd.port = {2424};
    core.apply("s", flow(laptop, odd, "telnet", 1));
    const Alert alert = only_alert(core, "telnet");
    CHECK(alert.device.mac == camera.mac);
    CHECK(alert.src == laptop.ip);
    CHECK(alert.dest == camera.ip);
    CHECK(alert.dest_port.number == 2424);
    CHECK(alert.severity == Severity::important);
    CHECK(alert.happened == "192.168.1.10 opened a telnet session on Raspberry Pi 00:23 (port 2424).");
}

TEST_CASE("telnet to the outside is about the device that uses it") {
    Core core{{}, signatures()};
    core.apply("s", flow(laptop, outside, "telnet", 1));
    CHECK(only_alert(core, "telnet").device.mac == laptop.mac);
    CHECK(only_alert(core, "telnet").happened ==
          "192.168.1.10 opened a telnet session on 203.0.113.9 (port 21), outside your home.");
}

TEST_CASE("a knock on the telnet port is no session: both sides must have spoken") {
    Core core{{}, signatures()};
    auto banner_only = flow(laptop, camera, "telnet", 1);
    banner_only.payload_to_server = 0;
    core.apply("s", banner_only);
    auto no_answer = flow(laptop, camera, "telnet", 2);
    no_answer.payload_to_client = 0;
    core.apply("s", no_answer);
    core.apply("s", flow(laptop, camera, "ssh", 3));
    CHECK(core.alerts().empty());
}

TEST_CASE("start, update and end of one session count once; a second session counts again") {
    Core core{{}, signatures()};
    auto session = flow(laptop, camera, "telnet", 1);
    core.apply("s", session);
    session.stage = FlowStage::update;
    core.apply("s", session);
    session.stage = FlowStage::end;
    session.last_seen = at(60);
    core.apply("s", session);
    CHECK(only_alert(core, "telnet").count == 1);
    CHECK(only_alert(core, "telnet").last_seen == at(60));
    auto second = flow(end("192.168.1.10", 40001, "00:11:22:33:44:55"), camera, "telnet", 100);
    second.stage = FlowStage::end;  // it ended before it could start
    core.apply("s", second);
    CHECK(only_alert(core, "telnet").count == 2);
    core.apply("other sensor", flow(laptop, camera, "telnet", 1));  // its own numbers
    CHECK(only_alert(core, "telnet").count == 3);
}

TEST_CASE("one alert per client, server and port") {
    Core core{{}, signatures()};
    core.apply("s", flow(laptop, camera, "telnet", 1));
    core.apply("s", flow(end("192.168.1.11", 40000, "00:11:22:33:44:66"), camera, "telnet", 2));
    Endpoint second_port = camera;
    second_port.port = {2323};
    core.apply("s", flow(laptop, second_port, "telnet", 3));
    CHECK(alerts(core, "telnet").size() == 3);
}

TEST_CASE("thirty logins of one user are one alert that counts to thirty, with the best outcome seen") {
    Core core{{}, signatures()};
    for (int i = 0; i < 30; ++i) {
        Login attempt = login(end("192.168.1.10", static_cast<std::uint16_t>(40000 + i), "00:11:22:33:44:55"), camera,
                              Service::ftp, "bro", i);
        attempt.outcome = i == 7 ? Outcome::unknown : Outcome::failure;
        core.apply("s", attempt);
    }
    Alert alert = only_alert(core, "cleartext-login");
    CHECK(alert.count == 30);
    CHECK(alert.outcome == Outcome::failure);
    CHECK(alert.src_port.number == 40000);
    CHECK(alert.severity == Severity::important);
    Login last = login(laptop, camera, Service::ftp, "bro", 31);
    last.outcome = Outcome::success;
    core.apply("s", last);
    last.outcome = Outcome::failure;
    core.apply("s", last);
    alert = only_alert(core, "cleartext-login");
    CHECK(alert.outcome == Outcome::success);
    CHECK(alert.count == 32);
    CHECK(alert.happened ==
          "192.168.1.10 sent a password to Raspberry Pi 00:23 over FTP file transfer as \"bro\", 32 times so far, and it "
          "could be read on the way.");
}

TEST_CASE("another source, server, service or user is another alert") {
    Core core{{}, signatures()};
    core.apply("s", login(laptop, camera, Service::ftp, "admin"));
    core.apply("s", login(end("192.168.1.11", 1, "00:11:22:33:44:66"), camera, Service::ftp, "admin"));
    core.apply("s", login(laptop, outside, Service::ftp, "admin"));
    core.apply("s", login(laptop, camera, Service::telnet, "admin"));
    core.apply("s", login(laptop, camera, Service::ftp, "root"));
    CHECK(alerts(core, "cleartext-login").size() == 5);
}

TEST_CASE("a login is about the local server, or where that is outside about its sender") {
    Core core{{}, signatures()};
    core.apply("s", login(laptop, camera, Service::telnet, "admin"));
    core.apply("s", login(laptop, outside, Service::ftp, "me"));
    core.apply(
        "s", login(end("198.51.100.7", 5, "00:aa:bb:cc:dd:ee"), camera, Service::telnet, "root"));  // from outside, inwards
    const auto found = alerts(core, "cleartext-login");
    REQUIRE(found.size() == 3);
    CHECK(found[0].device.mac == camera.mac);
    CHECK(found[1].device.mac == laptop.mac);
    CHECK(found[2].device.mac == camera.mac);
    CHECK(found[2].src == ip("198.51.100.7"));
    CHECK(found[2].happened.substr(0, 12) == "198.51.100.7");
}

TEST_CASE("anonymous FTP is worth knowing; a user of that name elsewhere is a login like any other") {
    Core core{{}, signatures()};
    core.apply("s", login(laptop, outside, Service::ftp, "Anonymous"));
    core.apply("s", login(laptop, outside, Service::ftp, "ftp"));
    core.apply("s", login(laptop, outside, Service::pop3, "anonymous"));
    const auto found = alerts(core, "cleartext-login");
    REQUIRE(found.size() == 3);
    CHECK(found[0].severity == Severity::worth_knowing);
    CHECK(found[1].severity == Severity::worth_knowing);
    CHECK(found[2].severity == Severity::important);
}

TEST_CASE("a credential of the default list is told of in addition, and not which entry it was") {
    Core core{{}, signatures()};
    Login attempt = login(laptop, camera, Service::telnet, "root");
    core.apply("s", attempt);
    CHECK(alerts(core, "default-login").empty());
    attempt.default_entry = 7;
    core.apply("s", attempt);
    const Alert alert = only_alert(core, "default-login");
    CHECK(alert.severity == Severity::act_now);
    CHECK(alert.count == 1);
    CHECK(alert.username == "root");
    CHECK(alert.evidence.empty());
    CHECK(only_alert(core, "cleartext-login").count == 2);
}

TEST_CASE("SNMP sends its community with every packet: that is one login") {
    Core core{{}, signatures()};
    for (int i = 0; i < 12; ++i) core.apply("s", login(laptop, end("192.168.1.1", 161), Service::snmp, "", i));
    const Alert alert = only_alert(core, "cleartext-login");
    CHECK(alert.count == 1);
    CHECK(alert.proto == "UDP");
    CHECK(alert.last_seen == at(11));
}

TEST_CASE("where a service knows no user names, the words name none") {
    Core core{{}, signatures()};
    auto community = login(laptop, camera, Service::snmp, "");
    community.default_entry = 1;
    core.apply("s", community);
    CHECK(only_alert(core, "cleartext-login").happened.find(" over device management (SNMP), once so far, ") !=
          std::string::npos);
    CHECK(only_alert(core, "default-login").happened.ends_with(" over device management (SNMP), once so far."));
    CHECK(to_eve(only_alert(core, "cleartext-login"))["linnet"]["username"] == "");
}

TEST_CASE("a recorder's hash is no clear text; on the list of default passwords it is, and wrong ones are guesses") {
    Core core{{}, signatures()};
    Login hashed = login(laptop, camera, Service::dvrip, "admin", 1);
    core.apply("s", hashed);
    CHECK(core.alerts().empty());
    hashed.default_entry = 242;
    core.apply("s", hashed);
    CHECK(alerts(core, "cleartext-login").empty());
    CHECK(only_alert(core, "default-login").device.mac == camera.mac);
    CHECK(only_alert(core, "default-login").happened.find("DVRIP") != std::string::npos);
}
