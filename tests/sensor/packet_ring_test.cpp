#include "sensor/packet_ring.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

struct Made {
    std::vector<std::byte> bytes;
    RawPacket packet;
    Made(std::size_t size, int number) : bytes(size, static_cast<std::byte>(number)) {
        packet = {.at = Timestamp{Duration{1'000'000 + number}},
                  .link_type = number % 3,
                  .wire_length = static_cast<std::uint32_t>(size) + 7,
                  .bytes = bytes};
    }
};

bool is_made(const RawPacket& packet, std::size_t size, int number) {
    const Made made{size, number};
    return packet.at == made.packet.at && packet.link_type == made.packet.link_type &&
           packet.wire_length == made.packet.wire_length && std::ranges::equal(packet.bytes, made.bytes);
}

std::size_t size_of(int number) { return static_cast<std::size_t>(number * 37 % 1500); }

}  // namespace

TEST_CASE("what goes in comes out, in order and many times around") {
    PacketRing ring{16'384};
    int in = 0, out = 0;
    RawPacket packet;
    while (out < 5'000) {
        while (in < 5'000 && ring.push(Made{size_of(in), in}.packet)) ++in;
        REQUIRE(ring.next(packet, 0ms));
        CHECK(is_made(packet, size_of(out), out));
        ++out;
    }
    CHECK(!ring.next(packet, 0ms));
    CHECK(!ring.ended());
    ring.end();
    CHECK(ring.ended());
}

TEST_CASE("a full ring takes nothing until the reader has asked for the packet after") {
    PacketRing ring{4'096};
    const Made made{976, 1};  // with its head, a quarter of the ring, less 24 bytes
    for (int i = 0; i < 4; ++i) CHECK(ring.push(made.packet));
    CHECK(!ring.push(made.packet));
    RawPacket packet;
    REQUIRE(ring.next(packet, 0ms));
    CHECK(!ring.push(made.packet));
    REQUIRE(ring.next(packet, 0ms));
    CHECK(ring.push(made.packet));
}

TEST_CASE("the packet at which a reader died is known, and the next reader goes on behind it") {
    PacketRing ring{16'384};
    for (int i = 0; i < 4; ++i) REQUIRE(ring.push(Made{size_of(i), i}.packet));
    const pid_t reader = fork();
    if (reader == 0) {
        RawPacket packet;
        ring.next(packet, 0ms);
        ring.next(packet, 0ms);
        _exit(0);
    }
    int status = 0;
    REQUIRE(waitpid(reader, &status, 0) == reader);
    REQUIRE(ring.oldest());
    CHECK(is_made(*ring.oldest(), size_of(1), 1));
    ring.skip();
    RawPacket packet;
    REQUIRE(ring.next(packet, 0ms));
    CHECK(is_made(packet, size_of(2), 2));
}

TEST_CASE("a reader is woken across processes") {
    PacketRing ring{16'384};
    const pid_t reader = fork();
    if (reader == 0) {
        RawPacket packet;
        _exit(ring.next(packet, 10s) && is_made(packet, 100, 5) ? 0 : 1);
    }
    usleep(50'000);
    const auto begun = std::chrono::steady_clock::now();
    ring.push(Made{100, 5}.packet);
    int status = 0;
    REQUIRE(waitpid(reader, &status, 0) == reader);
    CHECK(WEXITSTATUS(status) == 0);
    CHECK(std::chrono::steady_clock::now() - begun < 5s);
}

TEST_CASE("an empty or overtaken ring has no oldest packet, and skipping does no harm") {
    PacketRing ring{4'096};
    CHECK(!ring.oldest());
    ring.skip();
    CHECK(!ring.spoiled());
    CHECK(ring.push(Made{10, 1}.packet));
    ring.skip();
    CHECK(!ring.oldest());
}
