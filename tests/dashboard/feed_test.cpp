// The feed against a fake analyzer over real sockets: snapshot, changes, a gap, silence, nonsense.
#include "dashboard/feed.hpp"
#include "demo_home.hpp"
#include "fake_analyzer.hpp"
#include "offscreen.hpp"
#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <iostream>

using namespace linnet;
using namespace std::chrono_literals;
using demo::eventually;

namespace {

const Timestamp now = parse_timestamp("2026-03-01T18:20:11.000000Z").value();

/// Like the real ones, ten times as fast.
constexpr Feed::Times quick{.silence = 600ms, .retry = 50ms, .greeting = 500ms, .snapshot = 5'000ms};

Json with_alert(std::uint64_t id, const char* title = "Mirai-style scanning") {
    return {{"alerts", {demo::alert(id, 23, "Hall camera", Severity::act_now, title, now)}}};
}

}  // namespace

TEST_CASE("a subscriber gets all there is, then what changes, in one table") {
    demo::start_application();
    demo::FakeAnalyzer analyzer{demo::quiet_home(now)};
    Home home;
    const Feed feed{analyzer.endpoint(), home, quick};
    REQUIRE(eventually([&] { return home.connection() == Connection::connected; }));
    CHECK(home.devices().rowCount() == 12);
    CHECK(home.status().version.toStdString() == "0.1.0");
    analyzer.tell(with_alert(1));
    analyzer.tell({{"devices", {demo::device(77, "Garage door", now)}}});
    CHECK(eventually([&] { return home.alerts().rowCount() == 1 && home.devices().rowCount() == 13; }));
    // Heartbeats move the time of the last update, and nothing else.
    const Timestamp before = home.last_update();
    CHECK(eventually([&] { return home.last_update() > before; }));
    CHECK(home.devices().rowCount() == 13);
    CHECK(analyzer.subscriptions() == 1);
}

TEST_CASE("an alert is in the table well within a second") {
    demo::start_application();
    demo::FakeAnalyzer analyzer{demo::home(now)};
    Home home;
    const Feed feed{analyzer.endpoint(), home, quick};
    REQUIRE(eventually([&] { return home.connection() == Connection::connected; }));
    QElapsedTimer timer;
    timer.start();
    analyzer.tell(with_alert(99));
    REQUIRE(eventually([&] { return home.alerts().row_of(std::uint64_t{99}) >= 0; }));
    CHECK(timer.elapsed() < 500);
}

TEST_CASE("a gap in the sequence makes it subscribe again, and what was missed is there") {
    demo::start_application();
    demo::FakeAnalyzer analyzer{demo::quiet_home(now)};
    Home home;
    const Feed feed{analyzer.endpoint(), home, quick};
    REQUIRE(eventually([&] { return home.connection() == Connection::connected; }));
    QSignalSpy reset{&home.devices(), &QAbstractItemModel::modelReset};
    analyzer.set_state(demo::home(now));
    analyzer.lose_one();  // the alerts were in this one
    CHECK(eventually([&] { return home.alerts().rowCount() == 6; }));
    CHECK(analyzer.subscriptions() == 2);
    CHECK(home.connection() == Connection::connected);
    CHECK(reset.isEmpty());
}

TEST_CASE("silence means that the connection is lost; what was known stays, and comes up to date again") {
    demo::start_application();
    demo::FakeAnalyzer analyzer{demo::home(now)};
    Home home;
    const Feed feed{analyzer.endpoint(), home, quick};
    REQUIRE(eventually([&] { return home.connection() == Connection::connected; }));
    QElapsedTimer timer;
    timer.start();
    analyzer.fall_silent();
    REQUIRE(eventually([&] { return home.connection() == Connection::lost; }));
    CHECK(timer.elapsed() >= 500);  // not at the first missing heartbeat
    CHECK(home.alerts().rowCount() == 6);
    CHECK(home.verdict().mood == Mood::unknown);
    analyzer.set_state(demo::quiet_home(now));
    analyzer.speak_again();
    REQUIRE(eventually([&] { return home.connection() == Connection::connected; }));
    CHECK(eventually([&] { return home.alerts().rowCount() == 0; }));
}

TEST_CASE("an analyzer that comes late is found") {
    demo::start_application();
    Home home;
    const test::TemporaryFolder folder;
    const auto endpoint = folder.endpoint("api");
    const Feed feed{endpoint, home, quick};
    REQUIRE(eventually([&] { return home.connection() == Connection::unreachable; }));
    CHECK(home.trouble().contains("linnet-analyzer"));
    CHECK(home.last_update() == Timestamp{});
    const demo::FakeAnalyzer analyzer{demo::home(now), 50ms, endpoint};
    CHECK(eventually([&] { return home.connection() == Connection::connected; }));
    CHECK(home.trouble().isEmpty());
}

TEST_CASE("nonsense from the other end is survived, and said") {
    demo::start_application();
    demo::FakeAnalyzer analyzer{demo::home(now)};
    Home home;
    const Feed feed{analyzer.endpoint(), home, quick};
    REQUIRE(eventually([&] { return home.connection() == Connection::connected; }));
    for (const char* bytes : {"\xff\xfe nonsense", "[]", R"({"feed":7})", R"({"feed":{"sequence":"x"}})"}) {
        const int before = analyzer.subscriptions();
        analyzer.tell_raw(bytes);
        CHECK(eventually([&] { return analyzer.subscriptions() > before && home.connection() == Connection::connected; }));
    }
    CHECK(home.alerts().rowCount() == 6);
}

TEST_CASE("an endpoint that is none gives a sentence") {
    demo::start_application();
    Home home;
    const Feed feed{"nonsense", home, quick};
    REQUIRE(eventually([&] { return home.connection() == Connection::unreachable; }));
    CHECK(home.trouble().contains("is not an endpoint"));
}

TEST_CASE("the feed ends in a moment, also where nobody answers") {
    demo::start_application();
    Home home;
    auto feed = std::make_unique<Feed>("ipc:///tmp/linnet-nobody-listens-here", home, Feed::Times{});
    CHECK(eventually([&] { return home.connection() == Connection::unreachable; }));
    QElapsedTimer timer;
    timer.start();
    feed.reset();
    CHECK(timer.elapsed() < 2'000);
}

TEST_CASE("10,000 alerts and 200 devices") {
    demo::start_application();
    const Json state = demo::crowd(200, 10'000, now);
    demo::FakeAnalyzer analyzer{state};
    Home home;
    QElapsedTimer timer;
    timer.start();
    const FeedUpdate read = read_update(state, UpdateKind::snapshot);
    const auto read_ms = timer.restart();
    home.apply(read, now);
    const auto applied_ms = timer.restart();
    home.apply(read, now);
    const auto again_ms = timer.elapsed();
    Home followed;
    timer.restart();
    const Feed feed{analyzer.endpoint(), followed, quick};
    REQUIRE(eventually([&] { return followed.alerts().rowCount() == 10'000; }, 20'000));
    std::cout << "snapshot of 10,000 alerts and 200 devices (" << state.dump().size() / 1'000'000 << " MB of JSON): read "
              << read_ms << " ms (feed's thread), applied " << applied_ms << " ms, applied again " << again_ms
              << " ms, from connect to table " << timer.elapsed() << " ms\n";
    CHECK(home.alerts().rowCount() == 10'000);
    CHECK(home.devices().rowCount() == 200);
    CHECK(applied_ms < 1'000);
}
