// The analyzer's end of the link, against a sensor that the test plays by hand.
#include "analyzer/inbox.hpp"

#include "analyzer/endpoint.hpp"
#include "analyzer/signatures.hpp"
#include "tests/analyzer/synthetic_events.hpp"
#include "tests/temporary_folder.hpp"
#include "wire/data_directory.hpp"
#include "wire/frame.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <thread>

using namespace linnet;

namespace {

link::Hello hello(std::string sensor = "pi", std::uint64_t epoch = 7) {
    return {.protocol = link::protocol_version, .sensor = std::move(sensor), .epoch = epoch, .source = "eth0"};
}

/// Events `first` to `last`, each saying its number.
link::Data data(std::uint64_t first, std::uint64_t last, std::uint64_t epoch = 7) {
    link::Data message{.epoch = epoch, .first = first, .frames = {}};
    EventEncoder encoder;
    for (auto number = first; number <= last; ++number) {
        Lost event;
        event.count = number;
        encoder.append_frame(event, message.frames);
    }
    return message;
}

link::Skip skip(std::uint64_t last, std::uint64_t epoch = 7) {
    return {.epoch = epoch, .last = last, .from = {}, .to = {}, .reason = "the spool was full"};
}

struct Lab {
    zmq::context_t context;
    Store store{":memory:", {}};
    Core core{{}, std::make_shared<const Signatures>(Signatures::read(signatures_directory()))};
    Inbox inbox{context, {"inproc://events"}};
    std::vector<std::uint64_t> applied;  ///< numbers of the events that came through

    void receive() {
        while (inbox.receive(
            store, 16, [this](const Source&, const Event& event) { applied.push_back(std::get<Lost>(event).count); })) {
        }
    }
    void commit() { store.commit(core.take_changes(), core, Timestamp{}); }
};

class Sensor {
 public:
    explicit Sensor(Lab& lab) : lab_{lab}, socket_{lab.context, zmq::socket_type::dealer} {
        link::configure(socket_);
        socket_.connect("inproc://events");
    }
    void say(const link::Message& message) { say(link::encode(message)); }
    void say(const std::vector<std::byte>& bytes) {
        socket_.send(zmq::buffer(bytes));
        lab_.receive();
    }
    void say_parts(int count) {
        for (int i = 1; i <= count; ++i)
            socket_.send(zmq::buffer(std::string{"part"}), i < count ? zmq::send_flags::sndmore : zmq::send_flags::none);
        lab_.receive();
    }
    /// What the analyzer answered; nothing where it said nothing.
    std::optional<link::Message> hear() {
        zmq::message_t message;
        if (!socket_.recv(message, zmq::recv_flags::dontwait)) return std::nullopt;
        return link::decode({static_cast<const std::byte*>(message.data()), message.size()});
    }
    template <class Kind>
    Kind expect() {
        const auto message = hear();
        REQUIRE(message);
        return std::get<Kind>(*message);
    }

 private:
    Lab& lab_;
    zmq::socket_t socket_;
};

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("Welcome says what is committed, Ack says it again after a commit, and no more than that") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello());
    CHECK(sensor.expect<link::Welcome>().committed == 0);
    sensor.say(data(1, 3));
    CHECK(lab.applied == Numbers{1, 2, 3});
    lab.inbox.acknowledge(lab.store);
    CHECK(sensor.expect<link::Ack>().committed == 0);
    lab.commit();
    lab.inbox.acknowledge(lab.store);
    const auto ack = sensor.expect<link::Ack>();
    CHECK(ack.epoch == 7);
    CHECK(ack.committed == 3);
}

TEST_CASE("events come through once, however often and in whatever pieces they are sent") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello());
    sensor.say(data(1, 3));
    sensor.say(data(1, 3));
    sensor.say(data(2, 5));
    sensor.say(data(1, 6));
    CHECK(lab.applied == Numbers{1, 2, 3, 4, 5, 6});
    CHECK(lab.inbox.counters().gaps == 0);
}

TEST_CASE("behind a gap nothing is taken, and the sensor is asked to say Hello") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello());
    sensor.expect<link::Welcome>();
    sensor.say(data(1, 2));
    sensor.say(data(4, 5));
    CHECK(lab.applied == Numbers{1, 2});
    CHECK(lab.inbox.counters().gaps == 1);
    CHECK(sensor.expect<link::Ack>().epoch == 0);
    sensor.say(hello("pi", 8));
    sensor.expect<link::Welcome>();
    sensor.say(data(9, 9, 8));  // a run of which nothing is known leaves no trace
    CHECK(lab.store.sources().size() == 1);
    sensor.expect<link::Ack>();
    sensor.say(hello());
    sensor.expect<link::Welcome>();
    sensor.say(data(1, 5));
    CHECK(lab.applied == Numbers{1, 2, 3, 4, 5});
}

TEST_CASE("data without Hello is not taken, and answered with \"who are you?\"") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(data(1, 2));
    CHECK(lab.applied.empty());
    const auto ack = sensor.expect<link::Ack>();
    CHECK(ack.epoch == 0);
    CHECK(ack.committed == 0);
    CHECK(lab.store.sources().empty());
}

TEST_CASE("who says Hello last speaks for the run; another run or sensor is counted by itself") {
    Lab lab;
    Sensor first{lab}, second{lab}, other{lab};
    first.say(hello());
    first.say(data(1, 2));
    second.say(hello());
    other.say(hello("attic"));
    first.say(data(3, 3));
    CHECK(lab.applied == Numbers{1, 2});
    second.say(data(3, 4));
    other.say(data(1, 1));
    CHECK(lab.applied == Numbers{1, 2, 3, 4, 1});
    CHECK(lab.inbox.connected().size() == 2);
}

TEST_CASE("what makes no sense is counted and changes nothing") {
    Lab lab;
    Sensor sensor{lab};
    auto no_epoch = hello("pi", 0);
    auto newer = hello();
    newer.protocol = 2;
    sensor.say(no_epoch);
    sensor.say(newer);
    sensor.say(std::vector<std::byte>(50, std::byte{0xee}));
    sensor.say(link::Welcome{7, 1});
    sensor.say_parts(3);
    CHECK(lab.inbox.counters().refused == 5);
    CHECK_FALSE(sensor.hear());

    sensor.say(hello());
    sensor.say(data(1, 1, 8));  // not the epoch of its Hello
    auto cut = data(1, 2);
    cut.frames.pop_back();
    sensor.say(cut);
    CHECK(lab.inbox.counters().refused == 7);
    CHECK(lab.applied.empty());
}

TEST_CASE("an event that is not valid has its number and does not stop the link") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello());
    auto message = data(1, 1);
    append_frame(std::vector<std::byte>(20, std::byte{0xff}), message.frames);
    sensor.say(message);
    sensor.say(data(3, 3));
    CHECK(lab.applied == Numbers{1, 3});
    CHECK(lab.store.sources().begin()->second.refused == 1);
}

TEST_CASE("data that was damaged on the way is refused, asked for, and comes again") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello());
    sensor.expect<link::Welcome>();
    sensor.say(data(1, 2));
    auto damaged = link::encode(data(3, 4));
    damaged.back() ^= std::byte{1};
    sensor.say(damaged);
    CHECK(lab.applied == Numbers{1, 2});
    CHECK(lab.inbox.counters().refused == 1);
    CHECK(sensor.expect<link::Ack>().epoch == 0);  // although nothing follows that would show the gap
    lab.commit();
    sensor.say(hello());
    CHECK(sensor.expect<link::Welcome>().committed == 2);
    sensor.say(data(3, 4));
    CHECK(lab.applied == Numbers{1, 2, 3, 4});
}

TEST_CASE("Skip: one Lost event counts exactly what is missing, in the transaction that moves the cursor") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello());
    sensor.expect<link::Welcome>();
    sensor.say(data(1, 3));
    sensor.say(skip(10));  // 4 to 10
    sensor.say(data(11, 12));
    CHECK(lab.applied == Numbers{1, 2, 3, 7, 11, 12});
    const auto& source = lab.store.sources().begin()->second;
    CHECK(source.accepted == 12);
    CHECK(source.committed == 0);
    CHECK(source.lost == 1 + 2 + 3 + 7 + 11 + 12);
    lab.commit();
    lab.inbox.acknowledge(lab.store);
    CHECK(sensor.expect<link::Ack>().committed == 12);
}

TEST_CASE("Skip said twice, below what is accepted, or into the middle of it: only what is missing counts") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello());
    sensor.say(skip(5));
    sensor.say(skip(5));
    sensor.say(data(6, 9));
    sensor.say(skip(7));
    sensor.say(skip(11));  // 10 and 11: an Ack was lost, and the spool has dropped more since
    CHECK(lab.applied == Numbers{5, 6, 7, 8, 9, 2});
    CHECK(lab.inbox.counters().refused == 0);
    CHECK(lab.inbox.counters().gaps == 0);
}

TEST_CASE("Skip with another epoch than its Hello, without Hello, or beyond all numbers changes nothing") {
    Lab lab;
    Sensor sensor{lab}, stranger{lab};
    stranger.say(skip(5));
    CHECK(stranger.expect<link::Ack>().epoch == 0);
    sensor.say(hello());
    sensor.expect<link::Welcome>();
    sensor.say(skip(5, 8));
    CHECK_FALSE(sensor.hear());
    sensor.say(skip(link::max_sequence + 1));
    CHECK(sensor.expect<link::Ack>().epoch == 0);
    CHECK(lab.applied.empty());
    CHECK(lab.store.sources().empty());
    CHECK(lab.inbox.counters().refused == 2);
}

TEST_CASE("Skip far beyond: only that run of that sensor is at its end") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello());
    sensor.say(skip(link::max_sequence));
    sensor.say(data(1, 3));  // known, as far as its numbers say
    CHECK(lab.applied == Numbers{link::max_sequence});
    sensor.say(hello("pi", 8));
    sensor.say(data(1, 3, 8));
    CHECK(lab.applied == Numbers{link::max_sequence, 1, 2, 3});
}

TEST_CASE("an old epoch after a newer one, and all of it again: each event once") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello("pi", 8));
    sensor.say(data(1, 2, 8));
    sensor.say(hello("pi", 7));
    sensor.say(data(1, 3, 7));
    sensor.say(data(3, 3, 8));  // not the epoch of the last Hello
    CHECK(lab.inbox.counters().refused == 1);
    CHECK(lab.applied == Numbers{1, 2, 1, 2, 3});
    lab.commit();
    Sensor restarted{lab};
    for (const std::uint64_t epoch : {7, 8}) {
        restarted.say(hello("pi", epoch));
        CHECK(restarted.expect<link::Welcome>().committed == (epoch == 7 ? 3 : 2));
        restarted.say(data(1, 2, epoch));
    }
    CHECK(lab.applied == Numbers{1, 2, 1, 2, 3});
}

TEST_CASE("two sensors with the same epoch have nothing to do with each other") {
    Lab lab;
    Sensor pi{lab}, attic{lab};
    pi.say(hello("pi"));
    attic.say(hello("attic"));
    pi.say(data(1, 3));
    attic.say(data(1, 2));
    attic.say(skip(9));
    pi.say(data(4, 4));
    CHECK(lab.applied == Numbers{1, 2, 3, 1, 2, 7, 4});
    lab.commit();
    CHECK(lab.store.find({"pi", 7})->committed == 4);
    CHECK(lab.store.find({"attic", 7})->committed == 9);
}

TEST_CASE("a transaction that fails takes a Skip's count and its cursor with it, together") {
    Lab lab;
    Sensor sensor{lab};
    sensor.say(hello());
    sensor.say(data(1, 2));
    lab.commit();
    sensor.say(skip(10));
    lab.store.roll_back();
    const auto* source = lab.store.find({"pi", 7});
    REQUIRE(source != nullptr);
    CHECK(source->accepted == 2);
    CHECK(source->lost == 1 + 2);
    sensor.say(skip(10));
    CHECK(lab.applied == Numbers{1, 2, 8, 8});
}

TEST_CASE("the number of sessions is bounded: the one silent for longest goes") {
    Lab lab;
    std::vector<std::unique_ptr<Sensor>> sensors;
    for (std::size_t i = 0; i <= Inbox::max_sessions; ++i) {
        sensors.push_back(std::make_unique<Sensor>(lab));
        sensors.back()->say(hello("s" + std::to_string(i)));
    }
    CHECK(lab.inbox.connected().size() == Inbox::max_sessions);
    sensors.front()->say(data(1, 1));
    CHECK(lab.applied.empty());
    sensors.back()->say(data(1, 1));
    CHECK(lab.applied == Numbers{1});
}

TEST_CASE("a sensor that went away is noticed at the next acknowledgement") {
    Lab lab;
    {
        Sensor sensor{lab};
        sensor.say(hello());
        CHECK(lab.inbox.connected().size() == 1);
    }
    // ZeroMQ takes a moment to know.
    for (int i = 0; i < 200 && !lab.inbox.connected().empty(); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
        lab.receive();
        lab.inbox.acknowledge(lab.store);
    }
    CHECK(lab.inbox.connected().empty());
}

TEST_CASE("an endpoint that cannot be used is refused with a sentence") {
    const test::TemporaryFolder folder;
    zmq::context_t context;
    const Keyring keyring{context, folder.file("key"), folder.file("peers.json")};
    const auto refusal = [&](const std::string& endpoint) -> std::string {
        try {
            const Inbox inbox{context, {endpoint}, &keyring};
        } catch (const EndpointError& error) {
            return error.what();
        }
        return "";
    };
    const auto endpoint = "ipc://" + folder.file("made/on/the/way").string();
    const Inbox first{context, {endpoint}};
    CHECK(refusal(endpoint) == "Cannot listen at " + endpoint + ": another program listens there already.");
    CHECK(refusal("nonsense") ==
          "Cannot listen at nonsense: it must look like ipc:///run/linnet/events or tcp://192.0.2.1:5390.");
    CHECK(refusal("tcp://192.0.2.1:5390") == "Cannot listen at tcp://192.0.2.1:5390: this computer has no such address.");
    CHECK(
        refusal("ipc:///dev/null/x/y").starts_with("The folder of ipc:///dev/null/x/y does not exist and cannot be made: "));
}
