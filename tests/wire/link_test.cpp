#include "wire/link.hpp"

#include "schema/link_messages_generated.h"

#include <doctest/doctest.h>

#include <zmq.hpp>

using namespace linnet;
using namespace linnet::link;

namespace {

using ByteVector = std::vector<std::byte>;

Data some_data() { return {.epoch = 9, .first = 41, .frames = {std::byte{1}, std::byte{2}, std::byte{3}}}; }

template <class Kind>
Kind roundtrip(const Kind& message) {
    return std::get<Kind>(decode(encode(message)).value());
}

bool accepted(const Hello& hello) { return decode(encode(hello)).has_value(); }

}  // namespace

TEST_CASE("each message comes out as it went in") {
    const auto hello =
        roundtrip(Hello{.protocol = 1, .sensor = "hall-pi_1.x", .epoch = 5, .source = "eth0", .sandbox = "strict"});
    CHECK(hello.protocol == 1);
    CHECK(hello.sensor == "hall-pi_1.x");
    CHECK(hello.epoch == 5);
    CHECK(hello.source == "eth0");
    CHECK(hello.sandbox == "strict");
    const auto welcome = roundtrip(Welcome{.epoch = 5, .committed = 0});
    CHECK(welcome.epoch == 5);
    CHECK(welcome.committed == 0);
    const auto data = roundtrip(some_data());
    CHECK(data.epoch == 9);
    CHECK(data.first == 41);
    CHECK(data.frames == some_data().frames);
    const auto ack = roundtrip(Ack{.epoch = ~0ULL, .committed = ~0ULL});
    CHECK(ack.epoch == ~0ULL);
    CHECK(ack.committed == ~0ULL);
}

TEST_CASE("Skip comes out as it went in; what no event may be is refused") {
    const Timestamp noon{Duration{1'700'000'000'000'000}};
    const Skip skip{.epoch = 5, .last = 12, .from = noon, .to = noon + Duration{9}, .reason = "full"};
    const auto read = roundtrip(skip);
    CHECK(read.epoch == 5);
    CHECK(read.last == 12);
    CHECK(read.from == noon);
    CHECK(read.to == noon + Duration{9});
    CHECK(read.reason == "full");
    CHECK(roundtrip(Skip{.epoch = 5, .last = max_sequence}).last == max_sequence);
    CHECK_FALSE(decode(encode(Skip{.epoch = 5, .last = 0})));
    CHECK_FALSE(decode(encode(Skip{.epoch = 5, .last = max_sequence + 1})));
    CHECK(roundtrip(Skip{.epoch = 5, .last = 1, .reason = std::string(300, 'x')}).reason.size() == 255);
    CHECK(roundtrip(Skip{.epoch = 5, .last = 1, .from = Timestamp{Duration{-1}}}).from == Timestamp{});
}

TEST_CASE("frames without their checksum are no message") {
    auto bytes = encode(Data{.epoch = 9, .first = 41, .frames = ByteVector(64, std::byte{0x5a})});
    std::size_t frames = 0, turned = 0;
    for (auto& byte : bytes) {
        if (byte != std::byte{0x5a}) continue;
        ++frames;
        byte ^= std::byte{1};
        turned += decode(bytes) ? 0 : 1;
        byte ^= std::byte{1};
    }
    CHECK(frames >= 64);
    CHECK(turned == frames);
}

TEST_CASE("a sensor's name is 1 to 64 of letters, digits, dot, underscore and hyphen") {
    CHECK(accepted({.sensor = std::string(64, 'a'), .epoch = 1, .source = ""}));
    CHECK_FALSE(accepted({.sensor = std::string(65, 'a'), .epoch = 1, .source = ""}));
    CHECK_FALSE(accepted({.sensor = "", .epoch = 1, .source = ""}));
    CHECK_FALSE(accepted({.sensor = "a b", .epoch = 1, .source = ""}));
    CHECK_FALSE(accepted({.sensor = "a\n", .epoch = 1, .source = ""}));
    CHECK_FALSE(accepted({.sensor = "é", .epoch = 1, .source = ""}));
}

TEST_CASE("events are numbered from 1: data that begins with 0 is refused") {
    auto data = some_data();
    data.first = 0;
    CHECK_FALSE(decode(encode(data)));
}

TEST_CASE("messages above the limit, cut or with any one bit turned are refused or harmless") {
    auto large = some_data();
    large.frames.resize(max_message);
    CHECK_FALSE(decode(encode(large)));

    for (const Message& message :
         {Message{Hello{.sensor = "pi", .epoch = 1, .source = "eth0"}}, Message{Welcome{1, 2}}, Message{some_data()},
          Message{Ack{1, 2}}, Message{Skip{.epoch = 1, .last = 2, .reason = "full"}}}) {
        auto bytes = encode(message);
        for (std::size_t size = 0; size < bytes.size() / 2; ++size)
            CHECK_FALSE(decode(ByteVector(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size))));
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            const auto mask = std::byte{1} << (bit % 8);
            bytes[bit / 8] ^= mask;
            if (const auto read = decode(bytes))
                if (const auto* hello = std::get_if<Hello>(&*read)) CHECK(is_sensor_name(hello->sensor));
            bytes[bit / 8] ^= mask;
        }
    }
}

TEST_CASE("what a file is called need not be UTF-8, what is sent is") {
    CHECK(roundtrip(Hello{.sensor = "pi", .epoch = 1, .source = "caf\xe9.pcap"}).source == "caf?.pcap");
    flatbuffers::FlatBufferBuilder builder;
    const auto sensor = builder.CreateString("pi"), source = builder.CreateString("caf\xe9.pcap");
    const auto hello = fb::CreateHello(builder, 1, sensor, 1, source).Union();
    builder.Finish(fb::CreateMessage(builder, fb::Content::Hello, hello));
    CHECK_FALSE(decode(std::as_bytes(std::span{builder.GetBufferPointer(), builder.GetSize()})));
}

TEST_CASE("a configured socket lingers nowhere and bounds its queues, its messages and its handshakes") {
    zmq::context_t context;
    zmq::socket_t socket{context, zmq::socket_type::dealer};
    configure(socket);
    CHECK(socket.get(zmq::sockopt::linger) == 0);
    CHECK(socket.get(zmq::sockopt::sndhwm) == 16);
    CHECK(socket.get(zmq::sockopt::rcvhwm) == 16);
    CHECK(socket.get(zmq::sockopt::maxmsgsize) == std::int64_t{max_message});
    CHECK(socket.get(zmq::sockopt::handshake_ivl) == 2'000);
    CHECK(socket.get(zmq::sockopt::heartbeat_ivl) > 0);
}
