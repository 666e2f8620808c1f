// The list of programs that may speak with the analyzer over the network.
#include "analyzer/peers.hpp"

#include "tests/temporary_folder.hpp"
#include "wire/keys.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <fstream>

using namespace linnet;
using linnet::test::TemporaryFolder;

namespace {

Peer sensor(const std::string& name) {
    return {KeyPair::make().public_key, name, PeerRole::sensor, Timestamp{std::chrono::hours{24}}};
}

}  // namespace

TEST_CASE("what is paired survives a restart, in a file of this user alone") {
    const TemporaryFolder folder;
    const auto file = folder.file("peers.json");
    const Peer attic = sensor("attic");
    Peers{file}.add(attic);
    const Peers again{file};
    CHECK(again.all() == std::vector{attic});
    REQUIRE(again.find(attic.key, PeerRole::sensor) != nullptr);
    CHECK(again.find(attic.key, PeerRole::dashboard) == nullptr);
    struct stat status {};
    REQUIRE(::stat(file.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("a name stands for one key; a key that is paired again has its new name") {
    const TemporaryFolder folder;
    Peers peers{folder.file("peers.json")};
    Peer attic = sensor("attic");
    peers.add(attic);
    CHECK_THROWS_AS(peers.add(sensor("attic")), PeersError);
    CHECK(peers.all().size() == 1);
    attic.name = "roof";
    peers.add(attic);
    CHECK(peers.all() == std::vector{attic});
}

TEST_CASE("what is no key, no name, or one too many is refused, and nothing changes") {
    const TemporaryFolder folder;
    Peers peers{folder.file("peers.json")};
    CHECK_THROWS_AS(peers.add(sensor("")), PeersError);
    CHECK_THROWS_AS(peers.add(sensor("a/b")), PeersError);
    CHECK_THROWS_AS(peers.add({"key", "attic", PeerRole::sensor, {}}), PeersError);
    for (std::size_t i = 0; i < Peers::max_peers; ++i) peers.add(sensor("sensor-" + std::to_string(i)));
    CHECK_THROWS_AS(peers.add(sensor("attic")), PeersError);
    CHECK(Peers{folder.file("peers.json")}.all().size() == Peers::max_peers);
}

TEST_CASE("shown out by name or by key") {
    const TemporaryFolder folder;
    Peers peers{folder.file("peers.json")};
    const Peer attic = sensor("attic"), hall = sensor("hall");
    peers.add(attic);
    peers.add(hall);
    CHECK(peers.remove("attic"));
    CHECK(peers.remove(hall.key));
    CHECK_FALSE(peers.remove("attic"));
    CHECK(Peers{folder.file("peers.json")}.all().empty());
}

TEST_CASE("a damaged list stops the start with a sentence: nobody is let in or shown out by accident") {
    const TemporaryFolder folder;
    const auto file = folder.file("peers.json");
    const std::string key = KeyPair::make().public_key;
    for (const std::string text :
         {"", "{", "[]", R"({"peers": 7})",
          R"({"peers": [{"key": "x", "name": "attic", "role": "sensor", "since": "1970-01-02T00:00:00Z"}]})",
          R"({"peers": [{"name": "attic", "role": "sensor"}]})"}) {
        std::ofstream{file} << text;
        CHECK_THROWS_AS(Peers{file}, PeersError);
    }
}
