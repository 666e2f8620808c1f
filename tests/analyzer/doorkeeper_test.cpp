// Who may connect to a socket that serves securely: whoever proves to hold a key that is listed for it, and nobody else.
#include "analyzer/doorkeeper.hpp"

#include "tests/temporary_folder.hpp"
#include "wire/keys.hpp"
#include "wire/link.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace linnet;
using linnet::test::TemporaryFolder;

namespace {

const KeyPair server = KeyPair::make(), sensor = KeyPair::make(), dashboard = KeyPair::make();

class House {
 public:
    House() {
        peers.add({sensor.public_key, "attic", PeerRole::sensor, {}});
        peers.add({dashboard.public_key, "study", PeerRole::dashboard, {}});
        keeper.admit(peers);
        link::configure(door_);
        serve_securely(door_, server, Doorkeeper::sensors);
        door_.bind("tcp://127.0.0.1:*");
    }

    /// The key as which a program that connects like this is let in; empty = it is not.
    std::string key_of(const std::function<void(zmq::socket_t&)>& like_this) {
        zmq::context_t elsewhere{1};
        zmq::socket_t socket{elsewhere, zmq::socket_type::dealer};
        link::configure(socket);
        like_this(socket);
        socket.connect(door_.get(zmq::sockopt::last_endpoint));
        socket.send(zmq::str_buffer("hello"), zmq::send_flags::dontwait);
        door_.set(zmq::sockopt::rcvtimeo, 400);
        zmq::message_t from, message;
        if (!door_.recv(from) || !door_.recv(message)) return "";
        REQUIRE(message.to_string() == "hello");
        return message.gets("User-Id");
    }

    TemporaryFolder folder;
    Peers peers{folder.file("peers.json")};
    zmq::context_t context{1};
    Doorkeeper keeper{context, peers};

 private:
    zmq::socket_t door_{context, zmq::socket_type::router};
};

auto with(const KeyPair& own, const std::string& server_key) {
    return [own, server_key](zmq::socket_t& socket) { connect_securely(socket, own, server_key); };
}

}  // namespace

TEST_CASE("a paired sensor is let in, and known by its key: a name could be another's tomorrow") {
    House house;
    CHECK(house.key_of(with(sensor, server.public_key)) == sensor.public_key);
    CHECK(house.keeper.refused() == 0);
}

TEST_CASE("a key that nobody paired, and one that was paired for something else, are not") {
    House house;
    CHECK(house.key_of(with(KeyPair::make(), server.public_key)).empty());
    CHECK(house.key_of(with(dashboard, server.public_key)).empty());
    CHECK(house.keeper.refused() >= 2);
}

TEST_CASE("without a key, with a password, or with the key of another server nobody comes in") {
    House house;
    CHECK(house.key_of([](zmq::socket_t&) {}).empty());
    CHECK(house
              .key_of([](zmq::socket_t& socket) {
                  socket.set(zmq::sockopt::plain_username, "admin");
                  socket.set(zmq::sockopt::plain_password, "admin");
              })
              .empty());
    CHECK(house.key_of(with(sensor, KeyPair::make().public_key)).empty());
}

TEST_CASE("who is shown out stays out") {
    House house;
    REQUIRE(house.peers.remove("attic"));
    house.keeper.admit(house.peers);
    CHECK(house.key_of(with(sensor, server.public_key)).empty());
}

TEST_CASE("there is one doorkeeper, or the program does not start") {
    House house;
    CHECK_THROWS_AS((Doorkeeper{house.context, house.peers}), zmq::error_t);
}
