// What a person said of alerts: seen, muted; by hand, with two devices and one clock.
#include "analyzer/attention.hpp"

#include "analyzer/core.hpp"
#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::chrono_literals;

namespace {

const std::string camera = "b8:27:eb:00:00:23", plug = "b8:27:eb:00:00:24", phone = "b8:27:eb:00:00:25";

Alert alert_of(const std::string& device, const std::string& detector = "telnet") {
    Alert alert;
    alert.id = 7;
    alert.severity = Severity::important;
    alert.detector = detector;
    alert.device.mac = mac(device);
    alert.src = ip("192.168.1.23");
    alert.dest = ip("203.0.113.9");
    return alert;
}

/// A core that knows the three.
struct Home {
    Core core{{}, signatures()};
    Home() {
        for (const auto& device : {camera, plug, phone}) core.apply("s", hostname(device, "thing-" + device.substr(15), 1));
    }
    std::optional<Mute> mute(const std::string& device, const std::string& detector = "", const std::string& peer = "") {
        return core.attention().mute({.device = device,
                                      .detector = detector,
                                      .peer = IpAddress::parse(peer).value_or(IpAddress{}),
                                      .since = at(10),
                                      .until = at(100)},
                                     core.household(), at(10));
    }
    [[nodiscard]] bool is_muted(const Alert& alert, double seconds = 50) const {
        return core.attention().muted_until(alert, core.household(), at(seconds)).has_value();
    }
    /// As a store does it.
    void restart_into(Core& other) {
        core.save_changes([&other](StateRow&& row) { other.restore(row); });
        other.household().wake();
    }
};

}  // namespace

TEST_CASE("a mute is exact: this device, this kind, this peer, until then") {
    Home home;
    REQUIRE(home.mute(camera, "telnet", "203.0.113.9"));
    CHECK(home.is_muted(alert_of(camera)));
    CHECK(home.is_muted(alert_of(camera), 99.999999));
    CHECK_FALSE(home.is_muted(alert_of(camera), 100));
    CHECK_FALSE(home.is_muted(alert_of(plug)));
    CHECK_FALSE(home.is_muted(alert_of(camera, "mirai-scan")));
    Alert other = alert_of(camera);
    other.dest = ip("203.0.113.10");
    CHECK_FALSE(home.is_muted(other));
    other.src = ip("203.0.113.9");  // the peer may be at either end
    CHECK(home.is_muted(other));
}

TEST_CASE("a mute goes with the device: joined it holds for all of it, and apart again for its own address only") {
    Home home;
    REQUIRE(home.mute(plug));
    CHECK_FALSE(home.is_muted(alert_of(camera)));
    REQUIRE(home.core.household().merge_devices(camera, plug, at(20)).empty());
    CHECK(home.is_muted(alert_of(camera)));
    CHECK(home.is_muted(alert_of(plug)));
    CHECK_FALSE(home.is_muted(alert_of(phone)));
    REQUIRE(home.core.household().split_device(camera, plug, at(30)).empty());
    CHECK_FALSE(home.is_muted(alert_of(camera)));
    CHECK(home.is_muted(alert_of(plug)));
}

TEST_CASE("the same again moves the end; a number is never given twice; the longest counts") {
    Home home;
    auto& attention = home.core.attention();
    CHECK(home.mute(camera)->id == 1);
    CHECK(home.mute(camera)->id == 1);
    CHECK(home.mute(camera, "telnet")->id == 2);
    CHECK(attention.mutes(at(50)).size() == 2);
    CHECK(attention.mutes(at(100)).empty());
    REQUIRE(attention.unmute(2));
    CHECK_FALSE(attention.unmute(2));
    CHECK(home.mute(camera, "telnet")->id == 3);
    attention.mute({.device = camera, .detector = "flood", .peer = {}, .since = at(10), .until = at(500)},
                   home.core.household(), at(10));
    CHECK(attention.muted_until(alert_of(camera, "flood"), home.core.household(), at(50)) == at(500));
    CHECK(attention.muted_until(alert_of(camera), home.core.household(), at(50)) == at(100));
}

TEST_CASE("as many mutes as there may be: one more is refused, until one has ended") {
    Home home;
    for (std::size_t i = 0; i < Attention::max_mutes; ++i)
        REQUIRE(home.mute(camera, "", to_string(IpAddress::v4(0xcb007100 + static_cast<std::uint32_t>(i)))));
    CHECK_FALSE(home.mute(plug));
    CHECK(home.core.attention().mute({.device = plug, .detector = "", .peer = {}, .since = at(100), .until = at(200)},
                                     home.core.household(), at(100)));
    CHECK(home.core.attention().mutes(at(100)).size() == 1);
}

TEST_CASE("seen is seen, until it becomes graver") {
    Home home;
    auto& attention = home.core.attention();
    Alert alert = alert_of(camera);
    CHECK_FALSE(attention.acknowledged(alert));
    attention.acknowledge(alert, at(20));
    CHECK(attention.acknowledged(alert) == at(20));
    alert.severity = Severity::worth_knowing;
    CHECK(attention.acknowledged(alert) == at(20));
    alert.severity = Severity::act_now;
    CHECK_FALSE(attention.acknowledged(alert));
}

TEST_CASE("where an alert stands: new, acknowledged, muted, ended; each says what else is so") {
    Home home;
    auto& attention = home.core.attention();
    const Alert alert = alert_of(camera);
    const auto standing = [&](bool over, double seconds) {
        return attention.standing(alert, over, home.core.household(), at(seconds));
    };
    CHECK(standing(false, 50) == AlertStanding{});
    attention.acknowledge(alert, at(20));
    CHECK(standing(false, 50) == AlertStanding{AlertState::acknowledged, at(20), std::nullopt});
    REQUIRE(home.mute(camera));
    CHECK(standing(false, 50) == AlertStanding{AlertState::muted, at(20), at(100)});
    CHECK(standing(true, 50) == AlertStanding{AlertState::ended, at(20), at(100)});
    CHECK(standing(true, 100) == AlertStanding{AlertState::ended, at(20), std::nullopt});

    Json eve = to_eve(alert);
    const Json plain = eve;
    put(standing(true, 50), eve);
    CHECK(eve.at("linnet").at("state") == "ended");
    CHECK(standing_from_eve(eve) == standing(true, 50));
    CHECK(alert_from_eve(eve).id == 7);
    remove_standing(eve);
    CHECK(eve == plain);
    CHECK(standing_from_eve(plain) == AlertStanding{});
}

TEST_CASE("what a person said outlives a restart, and new signatures") {
    Home home;
    REQUIRE(home.mute(camera, "telnet", "2001:db8::9"));
    home.core.attention().acknowledge(alert_of(camera), at(20));
    REQUIRE(home.core.household().trust_device(plug, true, at(30)).empty());
    Core other{{}, signatures()};
    home.restart_into(other);
    other.renew(signatures());
    REQUIRE(other.attention().mutes(at(50)).size() == 1);
    const Mute mute = other.attention().mutes(at(50)).front();
    CHECK(mute.id == 1);
    CHECK(mute.device == camera);
    CHECK(mute.detector == "telnet");
    CHECK(mute.peer == ip("2001:db8::9"));
    CHECK(mute.since == at(10));
    CHECK(mute.until == at(100));
    CHECK(other.attention().acknowledged(alert_of(camera)) == at(20));
    CHECK(other.household().device(plug)->given.trusted);
    CHECK(other.damaged_rows() == 0);
}

TEST_CASE("who belongs here still does when it is joined, and a person can take it back") {
    Home home;
    auto& household = home.core.household();
    REQUIRE(household.trust_device(plug, true, at(30)).empty());
    CHECK(household.is_trusted({.mac = mac(plug), .ip = {}, .name = {}}));
    CHECK_FALSE(household.is_trusted({.mac = mac(camera), .ip = {}, .name = {}}));
    CHECK(household.device(plug)->history.back().event == "trusted");
    REQUIRE(household.merge_devices(camera, plug, at(40)).empty());
    CHECK(household.is_trusted({.mac = mac(camera), .ip = {}, .name = {}}));
    REQUIRE(household.trust_device(plug, false, at(50)).empty());
    CHECK_FALSE(household.is_trusted({.mac = mac(camera), .ip = {}, .name = {}}));
    CHECK(household.trust_device("02:00:00:00:00:99", true, at(60)) == "There is no such device.");
}

TEST_CASE("what was decided about open episodes is told once more, as it is") {
    Home home;
    for (int target = 1; target <= 3; ++target)
        home.core.apply("s", hallmark("192.168.1.23", "203.0.113." + std::to_string(target), 23, 2.0 + target));
    REQUIRE(home.core.take_changes().alerts.size() == 1);
    CHECK(home.core.take_changes().alerts.empty());
    home.core.retell([](const Alert& alert) { return alert.detector == "telnet"; });
    CHECK(home.core.take_changes().alerts.empty());
    home.core.retell([](const Alert& alert) { return alert.detector == "mirai-scan"; });
    const auto told = home.core.take_changes().alerts;
    REQUIRE(told.size() == 1);
    CHECK(to_eve(told.front()) == to_eve(home.core.alerts().front()));
}
