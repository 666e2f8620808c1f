// When and in which words people are told; every time and number worked out by hand. The home's clock is one hour ahead of
// UTC.
#include "outlets/policy.hpp"

#include "wire/alert_standing.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

/// A Sunday.
const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");
const UtcOffset one_hour = [](Timestamp) { return 60min; };

Timestamp at(const char* text) { return *parse_timestamp(text); }

Alert alert_of(std::uint64_t id, Severity severity = Severity::act_now, Timestamp seen = noon) {
    Alert alert;
    alert.id = id;
    alert.detector = "mirai-scan";
    alert.severity = severity;
    alert.signature = "Mirai-style scanning";
    alert.device = {*MacAddress::parse("b8:27:eb:00:00:23"), {}, "Hall camera"};
    alert.first_seen = alert.last_seen = seen;
    alert.happened = "It happened.";
    alert.meaning = "It means.";
    alert.advice = "Do this.";
    return alert;
}

/// One outlet and all that it remembers.
struct Home {
    Policy policy;
    Moment moment{.now = noon, .seen = noon, .since = noon - 30 * 24h, .quiet = 24h, .series = "5eed"};
    Standing standing;
    std::map<std::uint64_t, Told> told;

    explicit Home(VoiceRules rules = {}) : policy{"phone", std::move(rules), one_hour} {}
    std::vector<Message> tell(const Alert& alert) {
        return policy.on_alert(to_eve(alert), alert, moment, told[alert.id], standing);
    }
    std::vector<Message> end(std::uint64_t id) { return policy.on_end(id, moment, told[id], standing); }
    std::vector<Message> wait_until(Timestamp now) {
        moment.now = now;
        return policy.on_time(moment, standing);
    }
};

std::vector<std::string> ids(const std::vector<Message>& messages) {
    std::vector<std::string> ids;
    for (const auto& message : messages) ids.push_back(message.id);
    return ids;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("one message when an episode begins, none while it goes on, one when it is over") {
    Home home;
    const auto begun = home.tell(alert_of(17));
    REQUIRE(ids(begun) == Ids{"phone/5eed-17/begun"});
    CHECK(begun[0].kind == MessageKind::begun);
    CHECK(begun[0].title == "Hall camera: Mirai-style scanning");
    CHECK(begun[0].text == "It happened.\n\nIt means.\n\nDo this.");
    CHECK(begun[0].severity == Severity::act_now);
    CHECK(begun[0].device == "Hall camera");
    CHECK(begun[0].at == noon);
    CHECK(begun[0].alert["linnet"]["id"] == 17);
    CHECK(begun[0].about == Ids{"b8:27:eb:00:00:23"});
    auto later = alert_of(17);
    later.count = 412;
    later.last_seen = at("2026-03-01T13:05:00.000000Z");
    for (int i = 0; i < 100; ++i) CHECK(home.tell(later).empty());
    const auto over = home.end(17);
    REQUIRE(ids(over) == Ids{"phone/5eed-17/ended"});
    CHECK(over[0].title == "Over: Hall camera: Mirai-style scanning");
    CHECK(over[0].text.starts_with("It was seen 412 times, from 2026-03-01 13:00 to 2026-03-01 14:05, and not since."));
    CHECK(over[0].alert.is_null());
    CHECK(home.end(17).empty());
    CHECK(home.tell(later).empty());
}

TEST_CASE("what is not grave enough is neither told nor ended, until it becomes so") {
    Home home{{.least = Severity::important}};
    CHECK(home.tell(alert_of(1, Severity::worth_knowing)).empty());
    CHECK(home.tell(alert_of(1, Severity::important)).size() == 1);
    CHECK(home.tell(alert_of(1, Severity::act_now)).empty());
    CHECK(home.tell(alert_of(2, Severity::worth_knowing)).empty());
    CHECK(home.end(2).empty());
    CHECK(home.end(1).size() == 1);
}

TEST_CASE("in the first week only what is to be acted on now is told, then everything") {
    Home home;
    home.moment.since = noon;
    const auto week = 7 * 24h;
    CHECK(home.tell(alert_of(1, Severity::important, noon)).empty());
    CHECK(home.tell(alert_of(2, Severity::act_now, noon)).size() == 1);
    CHECK(home.tell(alert_of(3, Severity::important, noon + week - 1us)).empty());
    CHECK(home.tell(alert_of(4, Severity::worth_knowing, noon + week)).size() == 1);
    CHECK(home.tell(alert_of(1, Severity::act_now, noon)).size() == 1);  // it became graver
    CHECK(home.end(3).empty());
}

TEST_CASE("what was over before the outlet was there is not told; what goes on is") {
    Home home;
    home.moment.is_first = true;
    CHECK(home.tell(alert_of(1, Severity::act_now, noon - 24h - 1us)).empty());
    CHECK(home.told[1].stage == Told::Stage::over);
    CHECK(home.tell(alert_of(2, Severity::act_now, noon - 24h)).size() == 1);
    home.moment.is_first = false;  // while Linnet was away it began and ended: told all the same
    CHECK(home.tell(alert_of(3, Severity::act_now, noon - 48h)).size() == 1);
}

TEST_CASE("in quiet hours messages wait and come as one; what is to be acted on now goes through") {
    Home home{{.quiet = VoiceRules::Hours{22h, 7h}}};
    // 21:00 UTC is 22:00 at home.
    home.moment.now = at("2026-03-01T20:59:59.999999Z");
    CHECK(home.tell(alert_of(1, Severity::important)).size() == 1);
    home.moment.now = at("2026-03-01T21:00:00.000000Z");
    CHECK(home.tell(alert_of(2, Severity::important)).empty());
    CHECK(home.tell(alert_of(3, Severity::worth_knowing)).empty());
    CHECK(home.tell(alert_of(4, Severity::act_now)).size() == 1);
    CHECK(home.end(1).empty());  // waits as well
    CHECK(home.wait_until(at("2026-03-02T05:59:59.999999Z")).empty());
    const auto morning = home.wait_until(at("2026-03-02T06:00:00.000000Z"));
    REQUIRE(morning.size() == 1);
    CHECK(morning[0].kind == MessageKind::summary);
    CHECK(morning[0].title == "3 messages from the quiet hours");
    CHECK(morning[0].text ==
          "Important: Hall camera: Mirai-style scanning\nHall camera: Mirai-style scanning\nOver: Hall camera: Mirai-style "
          "scanning");
    CHECK(morning[0].severity == Severity::important);
    CHECK(home.wait_until(at("2026-03-02T06:00:01.000000Z")).empty());
    CHECK(home.end(2).empty());  // it was told as a line: its end is not told
}

TEST_CASE("who wants no message in quiet hours gets none") {
    Home home{{.quiet = VoiceRules::Hours{12h, 14h}, .urgent_wakes = false}};
    CHECK(home.tell(alert_of(1)).empty());  // 13:00 at home
    const auto after = home.wait_until(noon + 1h);
    REQUIRE(after.size() == 1);
    CHECK(after[0].title == "One message from the quiet hours");
    CHECK(after[0].text == "Act now: Hall camera: Mirai-style scanning");
    CHECK(after[0].severity == Severity::act_now);
}

TEST_CASE("at most so many an hour; what is more comes as one when the hour allows it") {
    Home home{{.per_hour = 3}};
    for (std::uint64_t id = 1; id <= 17; ++id) {
        home.moment.now = noon + std::chrono::minutes{id};
        CHECK(home.tell(alert_of(id, Severity::important)).size() == (id <= 3 ? 1 : 0));
    }
    CHECK(home.tell(alert_of(99, Severity::act_now)).size() == 1);  // noise cannot silence this
    CHECK(home.wait_until(noon + 1h + 1min - 1us).empty());
    const auto more = home.wait_until(noon + 1h + 1min);  // the first one is an hour ago
    REQUIRE(more.size() == 1);
    CHECK(more[0].title == "And 14 more");
    CHECK(std::count(more[0].text.begin(), more[0].text.end(), '\n') == 10);
    CHECK(more[0].text.ends_with("\nand 4 more"));
    CHECK(home.tell(alert_of(100, Severity::important)).empty());  // this was the third again
    CHECK(home.wait_until(noon + 1h + 2min).size() == 1);
}

TEST_CASE("a clock that is set back keeps nobody silent") {
    Home home{{.per_hour = 1}};
    CHECK(home.tell(alert_of(1)).size() == 1);
    home.moment.now = noon - 24h;
    CHECK(home.tell(alert_of(2)).size() == 1);
    CHECK(home.tell(alert_of(3)).empty());
}

TEST_CASE("a digest comes once a day, or on Monday") {
    Home home{{.digest = Digest::day, .digest_at = 8h}};
    CHECK(home.tell(alert_of(1, Severity::act_now)).size() == 1);  // not that
    CHECK(home.tell(alert_of(2, Severity::important)).empty());
    CHECK(home.wait_until(at("2026-03-02T06:59:59.000000Z")).empty());
    const auto day = home.wait_until(at("2026-03-02T07:00:00.000000Z"));
    REQUIRE(ids(day) == Ids{"phone/digest/2026-03-02"});
    CHECK(day[0].title == "Linnet's day: 1 message");
    CHECK(home.wait_until(at("2026-03-03T07:00:00.000000Z")).empty());

    Home weekly{{.digest = Digest::week, .digest_at = 8h}};
    weekly.moment.now = at("2026-03-02T07:00:00.000000Z");  // Monday, 8:00 at home: the next one it is
    CHECK(weekly.tell(alert_of(1, Severity::important)).empty());
    CHECK(weekly.wait_until(at("2026-03-09T06:59:59.000000Z")).empty());
    CHECK(ids(weekly.wait_until(at("2026-03-09T07:00:00.000000Z"))) == Ids{"phone/digest/2026-03-09"});
}

TEST_CASE("100,000 alerts need no more room than a page") {
    Home home;
    std::size_t messages = 0;
    for (std::uint64_t id = 1; id <= 100'000; ++id) {
        Told told;
        const auto alert = alert_of(id, Severity::important);
        messages += home.policy.on_alert({}, alert, home.moment, told, home.standing).size();
    }
    CHECK(messages == 6);
    CHECK(home.standing.surplus.count == 99'994);
    CHECK(to_json(home.standing).dump().size() < 4'000);
}

TEST_CASE("what a stranger wrote is plain text of one line, bounded") {
    CHECK(plain_line("camera", 80) == "camera");
    CHECK(plain_line("a\r\nBcc: b\tc", 80) == "a  Bcc: b c");
    CHECK(plain_line("\x1b[31mred\x07", 80) == "\xEF\xBF\xBD[31mred\xEF\xBF\xBD");
    CHECK(plain_line("\xE2\x80\xAEmoc.elgoog", 80) == "\xEF\xBF\xBDmoc.elgoog");  // right-to-left override
    CHECK(plain_line("\xff", 80) == "\xEF\xBF\xBD");
    CHECK(plain_line("http://evil.example/x", 80) == "http: //evil.example/x");
    CHECK(plain_line("1234567890", 10) == "1234567890");
    CHECK(plain_line("12345678901", 10) == "1234567…");
    CHECK(plain_line("ääääää", 10) == "äää…");  // cut between characters: 6 of 7 bytes, and 3
    auto alert = alert_of(1);
    alert.device.name = "Cam\nSubject: x\x1b]0;y\x07";
    CHECK(headline(alert).find_first_of("\n\x1b\x07") == std::string::npos);
    alert.device.name = std::string(10'000, 'a');
    CHECK(headline(alert).size() < 200);
}

TEST_CASE("what is remembered comes back from JSON") {
    Home home{{.quiet = VoiceRules::Hours{12h, 14h}, .per_hour = 1}};
    home.tell(alert_of(1));
    home.tell(alert_of(2, Severity::important));
    CHECK(standing_from_json(Json::parse(to_json(home.standing).dump())) == home.standing);
    CHECK(told_from_json(Json::parse(to_json(home.told[1]).dump())) == home.told[1]);
    Home other;
    const auto message = other.tell(alert_of(1)).at(0);
    CHECK(message_from_json(Json::parse(to_json(message).dump())) == message);
    CHECK_THROWS(standing_from_json(Json::object()));
}

TEST_CASE("what a person muted is not told, nor that it is over; once the mute has ended it is") {
    Home home;
    const auto tell = [&home](const Alert& alert, const AlertStanding& standing) {
        Json eve = to_eve(alert);
        put(standing, eve);
        return home.policy.on_alert(eve, alert, home.moment, home.told[alert.id], home.standing);
    };
    const AlertStanding muted{.state = AlertState::muted, .acknowledged = {}, .muted_until = noon + 24h};
    CHECK(tell(alert_of(1), muted).empty());
    CHECK(tell(alert_of(2), {}).size() == 1);
    CHECK(tell(alert_of(2), muted).empty());
    CHECK(told_from_json(to_json(home.told[2])) == home.told[2]);
    CHECK(home.end(2).empty());
    CHECK(home.told[2].stage == Told::Stage::over);
    home.moment.now = noon + 24h - 1us;
    CHECK(tell(alert_of(1), muted).empty());
    home.moment.now = noon + 24h;
    const auto told = tell(alert_of(1), {});
    REQUIRE(told.size() == 1);
    CHECK(told[0].alert == to_eve(alert_of(1)));
    CHECK(home.end(1).size() == 1);
}

TEST_CASE("what a person has seen need not be told; that it is over is, where its beginning was") {
    Home home;
    const AlertStanding seen{.state = AlertState::acknowledged, .acknowledged = noon, .muted_until = {}};
    Json eve = to_eve(alert_of(1));
    put(seen, eve);
    CHECK(home.policy.on_alert(eve, alert_of(1), home.moment, home.told[1], home.standing).empty());
    CHECK(home.end(1).empty());
    CHECK(home.tell(alert_of(2)).size() == 1);
    Json other = to_eve(alert_of(2));
    put(seen, other);
    CHECK(home.policy.on_alert(other, alert_of(2), home.moment, home.told[2], home.standing).empty());
    CHECK(home.end(2).size() == 1);
}
