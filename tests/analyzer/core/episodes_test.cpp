// One alert is one episode: it counts up, ends after a day of silence, and a new one may follow.
#include "home.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

const Endpoint laptop = end("192.168.1.10", 40000, "00:11:22:33:44:55");
const Endpoint camera = end("192.168.1.23", 23, "b8:27:eb:00:00:23");
constexpr double day = 86'400;

Login by(const std::string& user, double seconds) { return login(laptop, camera, Service::telnet, user, seconds); }

}  // namespace

TEST_CASE("a day of silence is within the episode, a second more is not") {
    Core core{{}, signatures()};
    core.apply("s", by("root", 0));
    core.apply("s", by("root", day));
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 2);
    CHECK(core.alerts()[0].first_seen == at(0));
    CHECK(core.alerts()[0].last_seen == at(day));
    core.take_changes();
    core.apply("s", by("root", 2 * day + 1));
    const auto changes = core.take_changes();
    REQUIRE(changes.alerts.size() == 1);
    CHECK(changes.alerts[0].id == 2);
    CHECK(changes.alerts[0].count == 1);
}

TEST_CASE("numbers rise in the order of first occurrence") {
    Core core{{}, signatures()};
    core.apply("s", by("a", 0));
    core.apply("s", by("b", 1));
    core.apply("s", by("a", 2));
    core.apply("s", by("c", 3));
    const auto changes = core.take_changes();
    REQUIRE(changes.alerts.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) CHECK(changes.alerts[i].id == i + 1);
    CHECK(changes.alerts[0].username == "a");
    CHECK(changes.alerts[0].count == 2);
}

TEST_CASE("an episode that ends within a batch is still handed out, with its words") {
    Core core{{}, signatures()};
    core.apply("s", by("root", 0));
    core.apply("s", by("root", 3 * day));
    const auto changes = core.take_changes();
    REQUIRE(changes.alerts.size() == 2);
    CHECK(changes.alerts[0].id == 1);
    CHECK(changes.alerts[1].id == 2);
    CHECK_FALSE(changes.alerts[0].happened.empty());
}

TEST_CASE("so is one that gives way to others in the same batch") {
    Core core{{.max_alerts_open = 2}, signatures()};
    for (int i = 0; i < 5; ++i) core.apply("s", by("user" + std::to_string(i), i));
    const auto changes = core.take_changes();
    REQUIRE(changes.alerts.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK(changes.alerts[i].id == i + 1);
        CHECK_FALSE(changes.alerts[i].happened.empty());
    }
    CHECK(core.alerts().size() == 2);
}

TEST_CASE("a jump of time backwards begins a new episode, a small disorder does not") {
    Core core{{}, signatures()};
    core.apply("s", by("root", 10 * day));
    core.apply("s", by("root", 10 * day - 5));
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 2);
    CHECK(core.alerts()[0].first_seen == at(10 * day - 5));
    CHECK(core.alerts()[0].last_seen == at(10 * day));
    core.apply("s", by("root", 0));
    CHECK(core.alerts()[0].id == 2);
    CHECK(core.alerts()[0].count == 1);
}

TEST_CASE("one device cannot fill the list: behind 256 causes of one detector the newest alert says that there are more") {
    Core core{{}, signatures()};
    for (int i = 0; i < 256; ++i) core.apply("s", by("user" + std::to_string(i), i));
    CHECK(core.alerts().size() == 256);
    CHECK_FALSE(core.alerts().back().evidence.contains("more"));
    core.apply("s", by("one too many", 300));
    CHECK(core.alerts().size() == 256);
    CHECK(core.alerts().back().evidence["more"] == true);
    core.apply("s", by("user0", 301));  // known causes go on counting
    CHECK(core.alerts()[0].count == 2);
    core.apply("s", by("the day after", 301 + day + 1));
    CHECK(core.alerts().back().username == "the day after");
}
