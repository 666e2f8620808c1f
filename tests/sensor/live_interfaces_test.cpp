// Live capture, on the loopback interface only. Opening it needs a permission; without it these tests say so and pass.
#include "packet_bytes.hpp"
#include "sensor/packet_source.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

using namespace linnet;
using namespace linnet::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint16_t discard_port = 9;

std::unique_ptr<PacketSource> open_loopback() {
    try {
        return open_interfaces({.interfaces = {"lo"}, .filter = fmt::format("udp port {}", discard_port)});
    } catch (const SourceError& error) {
        const std::string reason = error.what();
        REQUIRE_MESSAGE(reason.find("setcap cap_net_raw,cap_net_admin=eip /") != std::string::npos, reason);
        MESSAGE("not tested: " << reason);
        return nullptr;
    }
}

void send_to_loopback(std::string_view text) {
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(discard_port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sendto(socket, text.data(), text.size(), 0, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    close(socket);
}

}  // namespace

TEST_CASE("An interface that does not exist: the existing ones are listed") {
    try {
        open_interfaces({.interfaces = {"nosuch0"}});
        FAIL("opened");
    } catch (const SourceError& error) {
        const std::string reason = error.what();
        CHECK(reason.starts_with("There is no interface nosuch0; there are: "));
        CHECK(reason.find("lo") != std::string::npos);
    }
    CHECK_THROWS_AS(open_interfaces({}), SourceError);
}

TEST_CASE("A packet on an interface arrives, and when none does the time is told") {
    const auto source = open_loopback();
    if (!source) return;
    CHECK(source->name() == "lo");
    CHECK(source->fingerprint() == 0);
    RawPacket raw;
    CHECK(source->next(raw) == SourceRead::idle);
    const Timestamp before = raw.at;
    send_to_loopback("hello");
    const auto sent = std::chrono::steady_clock::now();
    auto read = SourceRead::idle;
    while (read == SourceRead::idle && std::chrono::steady_clock::now() - sent < 5s) read = source->next(raw);
    REQUIRE(read == SourceRead::packet);
    CHECK(raw.at >= before - 1s);

    Decoder decoder;
    Packet packet;
    REQUIRE(decoder.decode(raw, packet) == Decoded::packet);
    CHECK(to_string(packet.dst) == "127.0.0.1");
    CHECK(text_of(packet.payload) == "hello");
    CHECK(source->counters().kernel_dropped == 0);
}

TEST_CASE("stop() ends the waiting for packets") {
    const auto source = open_loopback();
    if (!source) return;
    std::thread stopper{[&] {
        std::this_thread::sleep_for(150ms);
        source->stop();
    }};
    RawPacket raw;
    const auto begun = std::chrono::steady_clock::now();
    while (source->next(raw) != SourceRead::end) REQUIRE(std::chrono::steady_clock::now() - begun < 5s);
    stopper.join();
    CHECK(source->error().empty());
}

TEST_CASE("A filter that is not valid is told where the interface can be opened") {
    if (!open_loopback()) return;
    CHECK_THROWS_AS(open_interfaces({.interfaces = {"lo"}, .filter = "port what"}), SourceError);
}
