// The shipper against an analyzer that the test plays by hand, message by message (wire/link.hpp).
#include "sensor/shipper.hpp"

#include "sensor/spool_slots.hpp"
#include "wire/frame.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <zmq.hpp>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

/// The analyzer's end. A new one at the same endpoint is an analyzer that was started anew.
class Analyzer {
 public:
    explicit Analyzer(const std::string& endpoint) : socket_{context_, zmq::socket_type::router} {
        link::configure(socket_);
        socket_.bind(endpoint);
    }

    /// The next message of this kind. What comes before it is passed over; a Hello gets this answer where there is one.
    template <class Kind>
    Kind expect(const std::optional<link::Welcome>& welcome = {}) {
        for (const auto deadline = std::chrono::steady_clock::now() + 8s; std::chrono::steady_clock::now() < deadline;) {
            zmq::pollitem_t item{socket_.handle(), 0, ZMQ_POLLIN, 0};
            if (zmq::poll(&item, 1, 100ms) == 0) continue;
            zmq::message_t peer, body;
            REQUIRE(socket_.recv(peer));
            REQUIRE(socket_.recv(body));
            peer_ = peer.to_string();
            const auto message = link::decode({static_cast<const std::byte*>(body.data()), body.size()});
            REQUIRE(message);
            if (const auto* found = std::get_if<Kind>(&*message)) return *found;
            if (welcome && std::holds_alternative<link::Hello>(*message)) say(*welcome);
        }
        FAIL("the shipper said nothing");
        return {};
    }
    void say(const link::Message& message) {
        socket_.send(zmq::buffer(peer_), zmq::send_flags::sndmore);
        socket_.send(zmq::buffer(link::encode(message)));
    }

 private:
    zmq::context_t context_;
    zmq::socket_t socket_;
    std::string peer_;
};

/// A shipper at work in another thread, and the writing end of its stream.
class Running {
 public:
    explicit Running(ShipOrigin origin, std::optional<std::chrono::seconds> timeout = std::nullopt,
                     std::span<const int> slots = {}, std::array<int, 2> stream = {-1, -1})
        : pipe_{stream} {
        std::filesystem::remove(path_);
        if (pipe_[0] < 0) REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pipe_.data()) == 0);
        options_.endpoint = endpoint();
        options_.sensor = "pi";
        options_.source = "eth0";
        options_.origin = origin;
        options_.epoch = 7;
        options_.connect_timeout = timeout;
        options_.stop_timeout = 1s;
        options_.sandbox = "strict";
        options_.slots = slots;
        options_.spool_stays = !slots.empty();
        options_.after_another = !slots.empty();
        options_.stopping = [this] { return stop_.load(); };
        options_.say = [this](const std::string& line) {
            const std::scoped_lock lock{mutex_};
            said_ += line + "\n";
        };
        result_ = std::async(std::launch::async, [this] { return ship(pipe_[0], options_); });
    }
    ~Running() {
        stop_ = true;
        end_stream();
        if (result_.valid()) result_.wait();
        ::close(pipe_[0]);
        std::filesystem::remove(path_);
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    [[nodiscard]] std::string endpoint() const { return "ipc://" + path_; }
    void write_events(std::uint64_t first, std::uint64_t count) {
        std::vector<std::byte> frames;
        for (std::uint64_t i = 0; i < count; ++i) {
            Lost event;
            event.count = first + i;
            encoder_.append_frame(event, frames);
        }
        REQUIRE(::write(pipe_[1], frames.data(), frames.size()) == static_cast<ssize_t>(frames.size()));
    }
    void write_half_an_event() {
        const std::array<std::byte, 6> half{std::byte{100}};
        REQUIRE(::write(pipe_[1], half.data(), half.size()) == 6);
    }
    void end_stream() {
        if (pipe_[1] >= 0) ::close(std::exchange(pipe_[1], -1));
    }
    void stop() { stop_ = true; }
    ShipResult result() { return result_.get(); }
    std::string said() {
        const std::scoped_lock lock{mutex_};
        return said_;
    }

 private:
    std::string path_ = (std::filesystem::temp_directory_path() / ("linnet-shipper-" + std::to_string(::getpid()))).string();
    std::array<int, 2> pipe_;
    EventEncoder encoder_;
    ShipperOptions options_;
    std::atomic<bool> stop_ = false;
    std::mutex mutex_;
    std::string said_;
    std::future<ShipResult> result_;
};

/// The `count` fields of the Lost events in a message, which are their numbers in these tests.
std::vector<std::uint64_t> numbers(const link::Data& data) {
    FrameReader reader;
    reader.feed(data.frames);
    std::vector<std::uint64_t> numbers;
    while (const auto frame = reader.next()) numbers.push_back(std::get<Lost>(decode_event(*frame).value()).count);
    return numbers;
}

using Numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("Hello, Welcome, Data, Ack: done when everything is acknowledged, and not before") {
    Running shipper{ShipOrigin::file};
    Analyzer analyzer{shipper.endpoint()};
    shipper.write_events(1, 3);
    shipper.end_stream();
    const auto hello = analyzer.expect<link::Hello>();
    CHECK(hello.protocol == 1);
    CHECK(hello.sensor == "pi");
    CHECK(hello.source == "eth0");
    CHECK(hello.sandbox == "strict");
    CHECK(hello.epoch == 7);
    analyzer.say(link::Welcome{7, 0});
    const auto data = analyzer.expect<link::Data>();
    CHECK(data.epoch == 7);
    CHECK(data.first == 1);
    CHECK(numbers(data) == Numbers{1, 2, 3});
    analyzer.say(link::Ack{7, 2});
    analyzer.say(link::Ack{8, 3});  // somebody else's epoch
    analyzer.say(link::Ack{7, 3});
    const auto result = shipper.result();
    CHECK(result.ok);
    CHECK(result.committed == 3);
    CHECK(result.left == 0);
    CHECK_FALSE(result.cut);
}

TEST_CASE("an analyzer started anew says how far it got, and gets the rest again") {
    Running shipper{ShipOrigin::live};
    auto analyzer = std::make_unique<Analyzer>(shipper.endpoint());
    shipper.write_events(1, 5);
    analyzer->expect<link::Hello>();
    analyzer->say(link::Welcome{7, 0});
    CHECK(numbers(analyzer->expect<link::Data>()) == Numbers{1, 2, 3, 4, 5});
    analyzer->say(link::Ack{7, 2});
    // Gone, with 3, 4 and 5 accepted and not committed. The new one does not know the peer that sends 6.
    analyzer.reset();
    analyzer = std::make_unique<Analyzer>(shipper.endpoint());
    std::this_thread::sleep_for(500ms);
    shipper.write_events(6, 1);
    CHECK(analyzer->expect<link::Data>().first == 6);
    analyzer->say(link::Ack{0, 0});
    analyzer->expect<link::Hello>();
    analyzer->say(link::Welcome{7, 2});
    const auto again = analyzer->expect<link::Data>();
    CHECK(again.first == 3);
    CHECK(numbers(again) == Numbers{3, 4, 5, 6});
    shipper.end_stream();
    analyzer->say(link::Ack{7, 6});
    CHECK(shipper.result().ok);
}

TEST_CASE("a file read again goes on behind what is committed") {
    Running shipper{ShipOrigin::file};
    Analyzer analyzer{shipper.endpoint()};
    analyzer.expect<link::Hello>();
    analyzer.say(link::Welcome{7, 4});
    std::this_thread::sleep_for(200ms);
    shipper.write_events(1, 6);
    const auto data = analyzer.expect<link::Data>();
    CHECK(data.first == 5);
    CHECK(numbers(data) == Numbers{5, 6});
    analyzer.say(link::Ack{7, 6});
    shipper.end_stream();
    CHECK(shipper.result().ok);
}

TEST_CASE("an analyzer that lost its database: what it had is told as lost, the rest comes") {
    Running shipper{ShipOrigin::live};
    Analyzer analyzer{shipper.endpoint()};
    shipper.write_events(1, 3);
    analyzer.expect<link::Hello>();
    analyzer.say(link::Welcome{7, 0});
    analyzer.expect<link::Data>();
    analyzer.say(link::Ack{7, 3});
    analyzer.say(link::Ack{0, 0});
    analyzer.expect<link::Hello>();
    shipper.write_events(4, 2);
    analyzer.say(link::Welcome{7, 1});  // a copy from before: 2 and 3 are gone
    analyzer.expect<link::Hello>();     // asked once more before it is believed
    analyzer.say(link::Welcome{7, 1});
    const auto skip = analyzer.expect<link::Skip>();
    CHECK(skip.epoch == 7);
    CHECK(skip.last == 3);
    CHECK(skip.reason == "the analyzer lost what it had");
    const auto data = analyzer.expect<link::Data>();
    CHECK(data.epoch == 7);
    CHECK(data.first == 4);
    CHECK(numbers(data) == Numbers{4, 5});
    CHECK(shipper.said() == "The analyzer lost its database, or a part of it: 2 events that it had are told as lost.\n");
}

TEST_CASE("all acknowledged, and then forgotten: told although nothing follows") {
    Running shipper{ShipOrigin::live};
    Analyzer analyzer{shipper.endpoint()};
    shipper.write_events(1, 3);
    analyzer.expect<link::Hello>();
    analyzer.say(link::Welcome{7, 0});
    analyzer.expect<link::Data>();
    analyzer.say(link::Ack{7, 3});
    for (int i = 0; i < 2; ++i) {
        analyzer.say(link::Ack{0, 0});
        analyzer.expect<link::Hello>();
        analyzer.say(link::Welcome{7, 0});
    }
    CHECK(analyzer.expect<link::Skip>().last == 3);
}

TEST_CASE("the same with a file: it says what to do") {
    Running shipper{ShipOrigin::file};
    Analyzer analyzer{shipper.endpoint()};
    shipper.write_events(1, 3);
    analyzer.expect<link::Hello>();
    analyzer.say(link::Welcome{7, 2});
    for (int i = 0; i < 2; ++i) {
        analyzer.say(link::Ack{0, 0});
        analyzer.expect<link::Hello>();
        analyzer.say(link::Welcome{7, 1});
    }
    const auto result = shipper.result();
    CHECK_FALSE(result.ok);
    CHECK(result.error ==
          "The analyzer lost its database: it had 2 events of this file and now has 1. Read the file again.");
}

TEST_CASE("nobody answers: a file fails after its timeout with a sentence") {
    Running shipper{ShipOrigin::file, 1s};
    shipper.write_events(1, 2);
    const auto result = shipper.result();
    CHECK_FALSE(result.ok);
    CHECK(result.left == 2);
    CHECK(result.error == "No analyzer answers at " + shipper.endpoint() + ". Is linnet-analyzer running?");
}

TEST_CASE("told to stop with nobody there: it waits for its deadline and says what is left") {
    Running shipper{ShipOrigin::live};
    shipper.write_events(1, 2);
    shipper.end_stream();
    shipper.stop();
    const auto result = shipper.result();
    CHECK_FALSE(result.ok);
    CHECK(result.error.starts_with("Stopped with 2 events"));
}

TEST_CASE("a full spool, and a file: the stream is left unread until the analyzer commits") {
    // The spool holds 8 MiB here, the stream some KiB: a writer of more must wait.
    Running shipper{ShipOrigin::file};
    Analyzer analyzer{shipper.endpoint()};
    constexpr std::uint64_t count = 240'000;
    std::atomic<std::uint64_t> written = 0;
    auto writer = std::async(std::launch::async, [&] {
        for (std::uint64_t first = 1; first < count; first += 400) {
            shipper.write_events(first, 400);
            written += 400;
        }
    });
    analyzer.expect<link::Hello>();
    std::this_thread::sleep_for(1s);
    const auto before = written.load();
    CHECK(before < count);
    std::this_thread::sleep_for(300ms);
    CHECK(written.load() == before);
    analyzer.say(link::Welcome{7, 0});
    // Where the machine is so slow that nothing is acknowledged for seconds, the shipper begins again: an analyzer takes the
    // next number only.
    for (std::uint64_t next = 1; next <= count;) {
        const auto data = analyzer.expect<link::Data>(link::Welcome{7, next - 1});
        CHECK(data.frames.size() < link::max_message);
        if (data.first != next) continue;
        next += numbers(data).size();
        analyzer.say(link::Ack{7, next - 1});
    }
    writer.get();
    shipper.end_stream();
    CHECK(shipper.result().committed == count);
}

TEST_CASE("a stream cut in the middle of an event is noticed; whole events before it count") {
    Running shipper{ShipOrigin::file};
    Analyzer analyzer{shipper.endpoint()};
    shipper.write_events(1, 1);
    shipper.write_half_an_event();
    shipper.end_stream();
    analyzer.expect<link::Hello>();
    analyzer.say(link::Welcome{7, 0});
    CHECK(numbers(analyzer.expect<link::Data>()) == Numbers{1});
    analyzer.say(link::Ack{7, 1});
    const auto result = shipper.result();
    CHECK(result.ok);
    CHECK(result.cut);
}

TEST_CASE(
    "a shipper was killed between writing a message down and taking it out of the stream: it goes on, nothing is twice") {
    const auto slots = SpoolSlots::in_memory({});
    std::vector<std::byte> frames;
    for (std::uint64_t number = 1; number <= 3; ++number) EventEncoder{}.append_frame(Lost{.count = number}, frames);
    Spool{slots.descriptors(), {}, 6}.append(frames, 3, Timestamp{});
    std::array<int, 2> stream{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, stream.data()) == 0);
    REQUIRE(::write(stream[1], frames.data(), frames.size()) == static_cast<ssize_t>(frames.size()));
    Running shipper{ShipOrigin::live, std::nullopt, slots.descriptors(), stream};
    Analyzer analyzer{shipper.endpoint()};
    CHECK(analyzer.expect<link::Hello>().epoch == 6);
    shipper.write_events(4, 1);
    analyzer.say(link::Welcome{6, 1});
    const auto kept = analyzer.expect<link::Data>();
    CHECK(kept.epoch == 6);
    CHECK(kept.first == 2);
    CHECK(numbers(kept) == Numbers{2, 3});
    analyzer.say(link::Ack{6, 3});
    CHECK(analyzer.expect<link::Hello>().epoch == 7);
    analyzer.say(link::Welcome{7, 0});
    CHECK(numbers(analyzer.expect<link::Data>()) == Numbers{4});
    analyzer.say(link::Ack{7, 1});
    shipper.end_stream();
    CHECK(shipper.result().ok);
    CHECK(Spool{slots.descriptors(), {}, 8}.empty());
}

TEST_CASE("told to stop with nobody there and a spool that stays: it leaves at once, and the next one delivers") {
    const auto slots = SpoolSlots::in_memory({});
    {
        Running shipper{ShipOrigin::live, std::nullopt, slots.descriptors()};
        shipper.write_events(1, 2);
        shipper.end_stream();
        const auto begun = std::chrono::steady_clock::now();
        shipper.stop();
        const auto result = shipper.result();
        CHECK(std::chrono::steady_clock::now() - begun < 900ms);  // stop_timeout is 1 s here
        CHECK(result.ok);
        CHECK(result.left == 2);
    }
    Spool next{slots.descriptors(), {}, 8};
    CHECK(next.epoch() == 7);
    CHECK(numbers(std::get<link::Data>(next.next({}).value())) == Numbers{1, 2});
}

TEST_CASE("the default name of a sensor is a sensor's name") { CHECK(link::is_sensor_name(default_sensor_name())); }
