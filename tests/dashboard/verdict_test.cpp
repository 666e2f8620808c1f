#include "dashboard/models/verdict.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

SensorStatus hearing() { return {.id = "s", .source = "eth0", .connected = true, .packets = 100'000}; }

VerdictFacts quiet() {
    return {.connection = Connection::connected,
            .act_now = {},
            .important = {},
            .worth_knowing = 0,
            .devices = 12,
            .sensors = {hearing()},
            .last_update = "Today 18:20"};
}

std::string sentence(const VerdictFacts& facts) { return verdict_of(facts).sentence.toStdString(); }
std::string reach(const VerdictFacts& facts) { return verdict_of(facts).reach.toStdString(); }

}  // namespace

TEST_CASE("a quiet home is told so, with how far that reaches") {
    CHECK(sentence(quiet()) == "All quiet: 12 devices, nothing to do.");
    CHECK(reach(quiet()) == "Watching 12 devices through 1 sensor.");
    CHECK(verdict_of(quiet()).mood == Mood::quiet);
}

TEST_CASE("one device with an urgent alert is named; a second makes it plural; a crowd is not read out") {
    VerdictFacts facts = quiet();
    facts.act_now = {"Hall camera"};
    CHECK(sentence(facts) == "1 device needs you now: Hall camera.");
    CHECK(verdict_of(facts).mood == Mood::act_now);
    facts.act_now = {"Hall camera", "NAS"};
    CHECK(sentence(facts) == "2 devices need you now: Hall camera and NAS.");
    facts.act_now = {"A", "B", "C", "D", "E"};
    CHECK(sentence(facts) == "5 devices need you now: A, B and 3 more.");
}

TEST_CASE("what is important is mentioned where nothing is urgent, and only there") {
    VerdictFacts facts = quiet();
    facts.important = {"NAS"};
    CHECK(sentence(facts) == "Nothing urgent. 1 device deserves a look: NAS.");
    CHECK(verdict_of(facts).mood == Mood::important);
    facts.act_now = {"Hall camera"};
    CHECK(sentence(facts) == "1 device needs you now: Hall camera.");
}

TEST_CASE("what is only worth knowing leaves the home quiet") {
    VerdictFacts facts = quiet();
    facts.worth_knowing = 1;
    CHECK(sentence(facts) == "All quiet: 12 devices, 1 thing worth knowing.");
    CHECK(verdict_of(facts).mood == Mood::quiet);
}

TEST_CASE("without a sensor that hears, nobody says that all is quiet") {
    VerdictFacts facts = quiet();
    facts.sensors.clear();
    CHECK(sentence(facts) == "Linnet cannot hear your network.");
    CHECK(verdict_of(facts).mood == Mood::unknown);
    facts.sensors = {hearing()};
    facts.sensors[0].connected = false;
    CHECK(sentence(facts) == "Linnet cannot hear your network.");
    // A capture that was read to its end has been heard.
    facts.sensors[0].finished = true;
    CHECK(sentence(facts) == "All quiet: 12 devices, nothing to do.");
}

TEST_CASE("an urgent alert counts also while no sensor hears") {
    VerdictFacts facts = quiet();
    facts.sensors.clear();
    facts.act_now = {"Hall camera"};
    CHECK(verdict_of(facts).mood == Mood::act_now);
}

TEST_CASE("a silent network is not a quiet home") {
    VerdictFacts facts = quiet();
    facts.devices = 0;
    CHECK(sentence(facts) == "Listening. No device has spoken yet.");
    CHECK(verdict_of(facts).mood == Mood::unknown);
}

TEST_CASE("drops are mentioned from one packet in a hundred") {
    VerdictFacts facts = quiet();
    facts.sensors[0].packets = 9'901;
    facts.sensors[0].dropped = 99;  // 99 of 10,000: just below
    CHECK(reach(facts) == "Watching 12 devices through 1 sensor.");
    facts.sensors[0].packets = 9'900;
    facts.sensors[0].dropped = 100;
    CHECK(reach(facts) ==
          "Watching 12 devices through 1 sensor. A sensor is too slow and misses packets, so something may go unseen.");
}

TEST_CASE("one deaf sensor among two is mentioned") {
    VerdictFacts facts = quiet();
    facts.sensors = {hearing(), hearing()};
    facts.sensors[1].connected = false;
    CHECK(reach(facts) == "Watching 12 devices through 1 sensor. 1 sensor is not connected.");
}

TEST_CASE("without the analyzer the answer is: nobody knows") {
    VerdictFacts facts = quiet();
    for (const Connection connection : {Connection::connecting, Connection::unreachable, Connection::lost}) {
        facts.connection = connection;
        CHECK(verdict_of(facts).mood == Mood::unknown);
    }
    CHECK(sentence(facts) == "The connection to the analyzer was lost.");
    CHECK(reach(facts) == "You see your home as it was: Today 18:20. Trying again…");
}

TEST_CASE("a name of 64 KiB does not fill the sentence") {
    VerdictFacts facts = quiet();
    facts.act_now = {QString(65'536, u'x')};
    CHECK(verdict_of(facts).sentence.size() < 100);
}
