// The door for pairing, against guests that the test plays message by message. Its clock is the test's.
#include "analyzer/pairing_door.hpp"

#include "wire/keys.hpp"
#include "wire/link.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <thread>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

const KeyPair host_keys = KeyPair::make();

struct House {
    zmq::context_t context{1};
    PairingDoor door{context, host_keys.public_key, {"tcp://127.0.0.1:*"}};
    PairingDoor::Clock::time_point now{1'000s};

    /// Lets messages travel, and the door's time pass where the test says so.
    bool until(const std::function<bool()>& condition) {
        for (int i = 0; i < 400; ++i) {
            door.serve(now);
            if (condition()) return true;
            std::this_thread::sleep_for(5ms);
        }
        return false;
    }
};

class GuestAt {
 public:
    explicit GuestAt(House& house, const std::string& name = "attic", KeyPair keys = KeyPair::make())
        : house_{house}, keys_{std::move(keys)}, guest_{keys_.public_key, name, pairing::random_number()} {
        link::configure(socket_);
        socket_.connect(house.door.bound());
    }
    void ask() { say(guest_.ask()); }
    void say(const pairing::Bytes& bytes) { socket_.send(zmq::buffer(bytes)); }
    /// The next message; nothing where none comes.
    std::optional<pairing::Bytes> hear() {
        zmq::message_t message;
        if (!house_.until([&] { return socket_.recv(message, zmq::recv_flags::dontwait).has_value(); })) return std::nullopt;
        const auto* bytes = static_cast<const std::byte*>(message.data());
        return pairing::Bytes{bytes, bytes + message.size()};
    }
    /// As far as the digits.
    void show_digits() {
        ask();
        const auto commitment = hear();
        REQUIRE(commitment);
        say(guest_.on_commitment(*commitment).value());
        const auto reveal = hear();
        REQUIRE(reveal);
        REQUIRE(guest_.on_reveal(*reveal));
    }
    /// The verdict, past what else the door says.
    std::optional<bool> verdict() {
        while (const auto message = hear())
            if (const auto yes = pairing::Guest::on_verdict(*message)) return yes;
        return std::nullopt;
    }
    [[nodiscard]] const std::string& digits() const { return guest_.digits(); }
    [[nodiscard]] const std::string& key() const { return keys_.public_key; }
    [[nodiscard]] const std::string& host_key() const { return guest_.host_key(); }
    void leave() { socket_.close(); }

 private:
    House& house_;
    KeyPair keys_;
    pairing::Guest guest_;
    zmq::context_t context_{1};
    zmq::socket_t socket_{context_, zmq::socket_type::dealer};
};

std::string other_than(const std::string& digits) { return digits == "000000" ? "000001" : "000000"; }

/// Can somebody connect there now? A plain TCP connection, without waiting.
bool listens(const std::string& endpoint) {
    zmq::context_t context{1};
    zmq::socket_t socket{context, zmq::socket_type::dealer};
    link::configure(socket);
    socket.set(zmq::sockopt::immediate, true);
    socket.set(zmq::sockopt::sndtimeo, 300);
    socket.connect(endpoint);
    return socket.send(zmq::str_buffer("x")).has_value();
}

/// ZeroMQ takes a moment to leave a place: a thread of its own does it, when it has a processor.
bool stops_listening(const std::string& endpoint) {
    for (const auto end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end;) {
        if (!listens(endpoint)) return true;
        std::this_thread::sleep_for(10ms);
    }
    return false;
}

}  // namespace

TEST_CASE("the digits that a guest shows, typed here, give its key; the guest is told, and the door closes") {
    House house;
    house.door.open(PeerRole::dashboard, house.now);
    GuestAt guest{house};
    CHECK_FALSE(house.door.guest());
    guest.show_digits();
    const auto asked = house.door.guest();
    REQUIRE(asked);
    CHECK(asked->name == "attic");
    CHECK(asked->key == guest.key());
    CHECK(asked->role == PeerRole::dashboard);
    CHECK(guest.host_key() == host_keys.public_key);
    REQUIRE(house.door.enter(guest.digits()));
    house.door.confirm();
    CHECK_FALSE(house.door.is_open());
    CHECK(house.door.end() == PairingDoor::End::paired);
    CHECK(guest.verdict() == true);
}

TEST_CASE("with somebody in between the digits differ: what the guest shows is not what is right here") {
    House house;
    house.door.open(PeerRole::sensor, house.now);
    GuestAt between{house, "attic"};  // speaks with the door in the guest's name
    between.show_digits();
    pairing::Host to_guest{KeyPair::make().public_key, pairing::random_number()};
    pairing::Guest guest{KeyPair::make().public_key, "attic", pairing::random_number()};
    const auto offer = guest.on_commitment(to_guest.on_ask(guest.ask()).value()).value();
    REQUIRE(guest.on_reveal(to_guest.on_offer(offer).value()));
    if (guest.digits() == between.digits()) return;  // one time in a million
    CHECK_FALSE(house.door.enter(guest.digits()));
    CHECK(between.verdict() == false);
    CHECK_FALSE(house.door.guest());
    CHECK(house.door.tries_left() == 2);
}

TEST_CASE("three wrong tries close the door, and it listens no more") {
    House house;
    house.door.open(PeerRole::sensor, house.now);
    const auto endpoint = house.door.bound();
    for (int i = 1; i <= 3; ++i) {
        CHECK(house.door.is_open());
        GuestAt guest{house};
        guest.show_digits();
        CHECK_FALSE(house.door.enter(other_than(guest.digits())));
        CHECK(guest.verdict() == false);
        CHECK_FALSE(house.door.enter(guest.digits()));  // too late
    }
    CHECK_FALSE(house.door.is_open());
    CHECK(house.door.end() == PairingDoor::End::tries);
    CHECK(stops_listening(endpoint));
}

TEST_CASE("a guest that leaves once it saw the digits has had its try: it could otherwise guess for ever") {
    House house;
    house.door.open(PeerRole::sensor, house.now);
    for (int i = 1; i <= 3; ++i) {
        GuestAt guest{house};
        guest.show_digits();
        CHECK(house.door.tries_left() == 3 - i);
        guest.leave();
        CHECK(house.until([&] {
            house.now += 50ms;
            return !house.door.guest();
        }));
    }
    CHECK_FALSE(house.door.is_open());
    CHECK(house.door.end() == PairingDoor::End::tries);
}

TEST_CASE("after five minutes the door is closed, and not before") {
    House house;
    house.door.open(PeerRole::sensor, house.now);
    const auto endpoint = house.door.bound();
    CHECK(house.door.time_left(house.now) == 300s);
    house.door.serve(house.now + 299s);
    CHECK(house.door.is_open());
    CHECK(listens(endpoint));
    house.door.serve(house.now + 300s);
    CHECK_FALSE(house.door.is_open());
    CHECK(house.door.end() == PairingDoor::End::time);
    CHECK(stops_listening(endpoint));
}

TEST_CASE("who waits for a verdict when the time is over is told no") {
    House house;
    house.door.open(PeerRole::sensor, house.now);
    GuestAt guest{house};
    guest.show_digits();
    house.door.serve(house.now + 300s);
    CHECK_FALSE(house.door.is_open());
    CHECK(guest.verdict() == false);
}

TEST_CASE("a door that was never opened, or was cancelled, listens to nobody; it opens again at once") {
    House house;
    CHECK_FALSE(house.door.is_open());
    CHECK_FALSE(house.door.poll_item());
    house.door.open(PeerRole::sensor, house.now);
    const auto endpoint = house.door.bound();
    PairingDoor again{house.context, host_keys.public_key, {endpoint}};
    house.door.close(PairingDoor::End::cancelled);
    CHECK(stops_listening(endpoint));
    again.open(PeerRole::sensor, house.now);
    again.close(PairingDoor::End::cancelled);
    again.open(PeerRole::sensor, house.now);
    CHECK(again.is_open());
}

TEST_CASE("one exchange at a time: who comes second is not heard, and who does not go on is forgotten") {
    House house;
    house.door.open(PeerRole::sensor, house.now);
    GuestAt idle{house, "idle"}, guest{house};
    idle.ask();
    REQUIRE(idle.hear());
    guest.ask();
    CHECK_FALSE(guest.hear());
    house.now += PairingDoor::exchange_time;
    house.door.serve(house.now);
    guest.show_digits();
    CHECK(house.door.guest()->name == "attic");
    CHECK(house.door.tries_left() == 2);  // idle saw nothing, and cost nothing
    idle.ask();
    CHECK_FALSE(idle.hear());
    CHECK(house.door.guest()->name == "attic");
}

TEST_CASE("what is no message, or none that belongs there, changes nothing") {
    House house;
    house.door.open(PeerRole::sensor, house.now);
    GuestAt stranger{house};
    stranger.say(pairing::Bytes(200, std::byte{0xee}));
    stranger.say({});
    CHECK_FALSE(stranger.hear());
    GuestAt huge{house};
    huge.say(pairing::Bytes(100'000, std::byte{1}));  // its connection ends
    GuestAt guest{house};
    guest.show_digits();
    CHECK(house.door.enter(guest.digits()));
}

TEST_CASE("opened anew, who waited is refused and the tries are full again") {
    House house;
    house.door.open(PeerRole::sensor, house.now);
    GuestAt guest{house};
    guest.show_digits();
    house.door.open(PeerRole::dashboard, house.now + 10s);
    CHECK(guest.verdict() == false);
    CHECK(house.door.tries_left() == 3);
    CHECK(house.door.time_left(house.now + 10s) == 300s);
}
