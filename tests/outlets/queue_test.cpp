#include "outlets/queue.hpp"

#include "outlets/courier.hpp"
#include "outlets/teller.hpp"
#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");

Message numbered(int number) {
    Message message;
    message.id = "phone/" + std::to_string(number);
    message.title = "number " + std::to_string(number);
    message.at = noon;
    return message;
}

/// An answer to `changes`: alerts 1 to `count`, the change of each is its number plus `before`.
Json answer(const std::string& series, std::uint64_t count, std::uint64_t before = 0, std::uint64_t after = 0) {
    Json alerts = Json::array();
    for (std::uint64_t id = 1; id <= count; ++id) {
        if (id + before <= after) continue;
        Alert alert;
        alert.id = id;
        alert.detector = "telnet";
        alert.severity = Severity::act_now;
        alert.signature = "Telnet in use";
        alert.device = {*MacAddress::parse("b8:27:eb:00:00:0" + std::to_string(id % 10)), {}, "thing"};
        alert.first_seen = alert.last_seen = noon;
        alerts.push_back(to_eve(alert));
        alerts.back()["linnet"]["change"] = id + before;
    }
    return {{"series", series},      {"last", count + before},  {"forgets", 0},
            {"at", to_string(noon)}, {"quiet_seconds", 86'400}, {"alerts", alerts}};
}

/// As after a restart: everything is read from the file.
struct Program {
    Queue queue;
    Teller teller;

    explicit Program(const std::filesystem::path& file, std::vector<std::string> outlets = {"phone"})
        : queue{file}, teller{listeners(outlets), prepared(queue, outlets)} {}
    static Queue& prepared(Queue& queue, const std::vector<std::string>& outlets) {
        queue.transact([&](Ledger& ledger) { ledger.keep_only(outlets); });
        return queue;
    }
    static std::vector<Teller::Listener> listeners(const std::vector<std::string>& outlets) {
        std::vector<Teller::Listener> all;
        for (const auto& name : outlets)
            all.push_back({name, Policy{name, {.per_hour = 1'000}, [](Timestamp) { return 0min; }}});
        return all;
    }
    std::vector<std::string> waiting(const std::string& outlet = "phone") {
        std::vector<std::string> ids;
        queue.transact([&](Ledger& ledger) {
            while (const auto message = ledger.oldest(outlet)) {
                ids.push_back(message->id);
                ledger.remove(outlet, message->id);
            }
        });
        return ids;
    }
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("messages wait in order, each id once, over restarts") {
    const test::TemporaryFolder folder;
    {
        Program program{folder.file("queue.db")};
        program.queue.transact([](Ledger& ledger) {
            for (const int number : {1, 2, 1, 3}) ledger.put("phone", numbered(number));
        });
    }
    Program program{folder.file("queue.db")};
    CHECK(program.queue.with([](Ledger& ledger) { return ledger.oldest("phone"); }) == numbered(1));
    CHECK(program.waiting() == Ids{"phone/1", "phone/2", "phone/3"});
}

TEST_CASE("when it is full the oldest become one line that counts them") {
    const test::TemporaryFolder folder;
    Program program{folder.file("queue.db")};
    const int most = static_cast<int>(Ledger::max_messages);
    program.queue.transact([&](Ledger& ledger) {
        for (int number = 1; number <= most + 13; ++number) ledger.put("phone", numbered(number));
    });
    const auto first = program.queue.with([](Ledger& ledger) { return ledger.oldest("phone"); });
    REQUIRE(first);
    CHECK(first->title == "And 14 more");  // it takes a place of its own
    CHECK(first->id == "phone/left-out/1-14");
    const auto ids = program.waiting();
    CHECK(ids.size() == Ledger::max_messages);
    CHECK(ids[1] == "phone/15");
    CHECK(ids.back() == "phone/" + std::to_string(most + 13));
}

TEST_CASE("it is full, too, where messages are large") {
    const test::TemporaryFolder folder;
    Program program{folder.file("queue.db")};
    program.queue.transact([&](Ledger& ledger) {
        for (int number = 1; number <= 300; ++number) {
            auto message = numbered(number);
            message.text = std::string(100'000, 'x');
            ledger.put("phone", message);
        }
    });
    CHECK(program.waiting().size() <= Ledger::max_bytes / 100'000 + 1);
}

TEST_CASE("cursor and messages change together: a crash between leaves both as they were") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("queue.db");
    {
        Program program{file};
        CHECK_FALSE(program.teller.take(answer("a", 2), noon));
        CHECK(program.teller.question().at("after") == 2);
        auto broken = answer("a", 4, 0, 2);
        broken["alerts"][1]["linnet"].erase("change");  // the second of the two cannot be read: as if we died there
        CHECK_THROWS(program.teller.take(broken, noon));
        CHECK(program.teller.question().at("after") == 2);
    }
    Program program{file};
    CHECK(program.teller.question().at("after") == 2);
    CHECK_FALSE(program.teller.take(answer("a", 4, 0, 2), noon));
    CHECK(program.waiting() == Ids{"phone/a-1/begun", "phone/a-2/begun", "phone/a-3/begun", "phone/a-4/begun"});
    // An alert that makes no sense keeps no other.
    auto odd = answer("a", 6, 0, 4);
    odd["alerts"][0]["linnet"]["detector"] = 7;
    CHECK_FALSE(program.teller.take(odd, noon));
    CHECK(program.waiting() == Ids{"phone/a-6/begun"});
    // The same again, as from a database that is a little older: nothing is told twice.
    CHECK_FALSE(program.teller.take(answer("a", 4, 100), noon));
    CHECK(program.waiting().empty());
}

TEST_CASE("an episode ends once, by the time of events, and a restart does not repeat it") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("queue.db");
    auto later = answer("a", 0, 2);
    later["at"] = to_string(noon + 24h + 1s);
    {
        Program program{file};
        program.teller.take(answer("a", 2), noon);
        program.waiting();
        program.teller.take(later, noon + 48h);
        CHECK(program.waiting() == Ids{"phone/a-1/ended", "phone/a-2/ended"});
    }
    Program program{file};
    program.teller.take(later, noon + 72h);
    CHECK(program.waiting().empty());
}

TEST_CASE("a new series of numbers is read from its beginning; an outlet that is new reads what the others know already") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("queue.db");
    {
        Program program{file};
        program.teller.take(answer("a", 3), noon);
        program.waiting();
        CHECK(program.teller.take(answer("b", 0, 1), noon));  // the question was for the old one: ask again
        CHECK(program.teller.question().at("after") == 0);
        CHECK_FALSE(program.teller.take(answer("b", 1), noon));
        CHECK(program.waiting() == Ids{"phone/b-1/begun"});
    }
    Program program{file, {"mail", "phone"}};
    CHECK(program.teller.question().at("after") == 0);
    CHECK_FALSE(program.teller.take(answer("b", 1), noon));
    CHECK(program.waiting("phone").empty());
    CHECK(program.waiting("mail") == Ids{"mail/b-1/begun"});
}

TEST_CASE("what was forgotten is forgotten here: told, waiting, piled, and in the file") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("queue.db");
    {
        Program program{file};
        auto two = answer("a", 2);
        two["alerts"][0]["linnet"]["device"]["name"] = "Secret-of-Anna";
        program.teller.take(two, noon);
        auto forgotten = answer("a", 0, 2);
        forgotten["forgets"] = 1;
        program.teller.take(forgotten, noon);
        REQUIRE(program.teller.must_forget());
        program.teller.forget_others({"b8:27:eb:00:00:02"});
        CHECK_FALSE(program.teller.must_forget());
        program.teller.take(forgotten, noon);
        CHECK_FALSE(program.teller.must_forget());
    }
    std::string bytes;
    for (const char* end : {"", "-wal"}) {
        std::ifstream stream{file.string() + end, std::ios::binary};
        bytes += std::string{std::istreambuf_iterator<char>{stream}, {}};
    }
    CHECK(bytes.find("Secret-of-Anna") == std::string::npos);
    Program program{file};
    CHECK(program.waiting() == Ids{"phone/a-2/begun"});
}

TEST_CASE("a queue that is damaged is put aside; one that is another program's is refused") {
    const test::TemporaryFolder folder;
    const auto file = folder.file("queue.db");
    std::ofstream{file} << std::string(8192, 'x');
    Program program{file};
    CHECK(program.waiting().empty());
    CHECK(std::filesystem::exists(file.string() + ".broken"));
    const auto other = folder.file("other.db");
    Database{other}.execute("PRAGMA application_id = 7; CREATE TABLE x (y)");
    CHECK_THROWS_AS(Queue{other}, DatabaseError);
}

TEST_CASE("pauses: 10 s, twice as long each time, at most an hour, a quarter more or less; or what the server asked for") {
    CHECK(Courier::pause(1, 0s, 0.5) == 10s);
    CHECK(Courier::pause(2, 0s, 0.5) == 20s);
    CHECK(Courier::pause(9, 0s, 0.5) == 2'560s);
    CHECK(Courier::pause(10, 0s, 0.5) == 3'600s);
    CHECK(Courier::pause(1'000'000, 0s, 0.5) == 3'600s);
    CHECK(Courier::pause(1, 0s, 0) == 7'500ms);
    CHECK(Courier::pause(1, 0s, 1) == 12'500ms);
    CHECK(Courier::pause(5, 30s, 0) == 30s);
    CHECK(Courier::pause(5, 30s, 1) == 32s);
}
