#include "wire/frame.hpp"

#include "schema/events_generated.h"
#include "tests/wire/random_event.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

using ByteVector = std::vector<std::byte>;

ByteVector frame_of(const Event& event) {
    EventEncoder encoder;
    ByteVector out;
    encoder.append_frame(event, out);
    return out;
}

/// The event alone, without the length before it.
ByteVector encoded(const Event& event) {
    const auto frame = frame_of(event);
    return {frame.begin() + 4, frame.end()};
}

Flow telnet_flow() {
    Flow flow;
    flow.id = 7;
    flow.stage = FlowStage::end;
    flow.reason = FlowEndReason::closed;
    flow.proto = Proto::tcp;
    flow.client = {IpAddress::v4(0xc0a80117), Port{40'000}, MacAddress{{0xb8, 0x27, 0xeb, 0, 0, 0x23}}};
    flow.server = {IpAddress::v4(0xcb007109), Port{23}, {}};
    flow.first_seen = *parse_timestamp("2026-03-01T18:20:11.120345Z");
    flow.last_seen = *parse_timestamp("2026-03-01T18:20:12.000000Z");
    flow.packets_to_server = 12;
    flow.app_proto = "telnet";
    return flow;
}

Event roundtrip(const Event& event) { return decode_event(encoded(event)).value(); }

}  // namespace

TEST_CASE("an event comes out of a frame as it went in") {
    CHECK(roundtrip(telnet_flow()) == Event{telnet_flow()});
    for (const Event& empty : {Event{Flow{}}, Event{Probe{}}, Event{DeviceHint{}}, Event{Login{}}, Event{AddressBinding{}},
                               Event{SensorStats{}}, Event{Lost{}}})
        CHECK(roundtrip(empty) == empty);
}

TEST_CASE("any event within the limits survives, and one encoder serves for all of them") {
    test::RandomEvents events{1};
    EventEncoder encoder;
    FrameReader reader;
    for (int i = 0; i < 5'000; ++i) {
        const auto event = events.next();
        ByteVector frame;
        encoder.append_frame(event, frame);
        REQUIRE(frame.size() <= 4 + max_event_size);
        reader.feed(frame);
        const auto bytes = reader.next();
        REQUIRE(bytes);
        REQUIRE(decode_event(*bytes) == event);
    }
}

TEST_CASE("the encoder brings what breaks a limit within it, so that the other side never refuses our own events") {
    DeviceHint hint;
    hint.source = "dhcp";
    hint.value = std::string(254, 'x') + "é";  // 256 bytes: the last character does not fit
    CHECK(std::get<DeviceHint>(roundtrip(hint)).value == std::string(254, 'x'));
    hint.value = "caf\xe9";  // Latin-1
    CHECK(std::get<DeviceHint>(roundtrip(hint)).value == "caf?");
    hint.at = Timestamp{Duration{-1}};
    CHECK(std::get<DeviceHint>(roundtrip(hint)).at == Timestamp{});
    Probe probe;
    probe.attempts.resize(65);
    CHECK(std::get<Probe>(roundtrip(probe)).attempts.size() == 64);
}

TEST_CASE("a cut event is never read") {
    test::RandomEvents events{2};
    for (int i = 0; i < 50; ++i) {
        const auto whole = encoded(events.next());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            // A copy of its own, so that reading behind the end is seen by the address sanitizer.
            const ByteVector cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
            const auto event = decode_event(cut);
            // Padding at the end may be missing without harm; whatever is read must be an event within the limits.
            if (event) CHECK(broken_limit(*event).empty());
            if (size < whole.size() / 2) CHECK_FALSE(event);
        }
    }
}

TEST_CASE("an event with any one bit turned is refused or is another event within the limits") {
    test::RandomEvents events{3};
    for (int i = 0; i < 30; ++i) {
        auto bytes = encoded(events.next());
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            const auto mask = std::byte{1} << (bit % 8);
            bytes[bit / 8] ^= mask;
            if (const auto event = decode_event(bytes)) REQUIRE(broken_limit(*event).empty());
            bytes[bit / 8] ^= mask;
        }
    }
}

TEST_CASE("numbers that are no value of their enumeration, long texts and too many attempts are refused") {
    flatbuffers::FlatBufferBuilder builder;
    const fb::Endpoint nobody{};
    const fb::Mac mac{};
    const fb::Ip ip{};
    const auto accepted = [&](fb::Body type, flatbuffers::Offset<void> body) {
        builder.Finish(fb::CreateEvent(builder, type, body));
        const auto* bytes = reinterpret_cast<const std::byte*>(builder.GetBufferPointer());
        const bool read = decode_event({bytes, builder.GetSize()}).has_value();
        builder.Clear();
        return read;
    };
    const auto flow = [&](std::uint8_t stage, std::uint8_t reason) {
        return fb::CreateFlow(builder, 1, stage, reason, 6, false, &nobody, &nobody).Union();
    };
    CHECK(accepted(fb::Body::Flow, flow(2, 4)));
    CHECK_FALSE(accepted(fb::Body::Flow, flow(3, 4)));
    CHECK_FALSE(accepted(fb::Body::Flow, flow(2, 5)));

    const auto login = [&](std::uint8_t service, std::uint8_t outcome, std::size_t user) {
        const auto name = builder.CreateString(std::string(user, 'u'));
        return fb::CreateLogin(builder, 0, 1, &nobody, &nobody, service, outcome, 0, name).Union();
    };
    CHECK(accepted(fb::Body::Login, login(25, 2, 255)));
    CHECK_FALSE(accepted(fb::Body::Login, login(26, 2, 255)));
    CHECK_FALSE(accepted(fb::Body::Login, login(25, 3, 255)));
    CHECK_FALSE(accepted(fb::Body::Login, login(23, 2, 256)));

    const auto probe = [&](std::size_t attempts, std::uint8_t outcome, std::uint8_t hallmark) {
        const std::vector<fb::Attempt> list(attempts, fb::Attempt{ip, 23, outcome, hallmark});
        return fb::CreateProbe(builder, &mac, &ip, 0, 0, 0, builder.CreateVectorOfStructs(list)).Union();
    };
    CHECK(accepted(fb::Body::Probe, probe(64, 2, 1)));
    CHECK_FALSE(accepted(fb::Body::Probe, probe(65, 2, 1)));
    CHECK_FALSE(accepted(fb::Body::Probe, probe(1, 3, 1)));
    CHECK_FALSE(accepted(fb::Body::Probe, probe(1, 2, 2)));
}

TEST_CASE("frames are taken whole from pieces of any size") {
    test::RandomEvents events{4};
    std::vector<Event> sent;
    ByteVector stream;
    EventEncoder encoder;
    for (int i = 0; i < 200; ++i) encoder.append_frame(sent.emplace_back(events.next()), stream);

    for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{4096}, stream.size()}) {
        CAPTURE(piece);
        FrameReader reader;
        std::vector<Event> received;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            reader.feed(std::span{stream}.subspan(at, std::min(piece, stream.size() - at)));
            while (const auto frame = reader.next()) received.push_back(decode_event(*frame).value());
        }
        CHECK(received == sent);
        CHECK(reader.pending() == 0);
    }
}

TEST_CASE("a stream that claims a frame above the limit is broken and stays so") {
    const auto length = [](std::size_t size) {
        return ByteVector{std::byte(size & 0xff), std::byte(size >> 8 & 0xff), std::byte(size >> 16 & 0xff),
                          std::byte(size >> 24)};
    };
    FrameReader reader;
    reader.feed(length(max_event_size));
    CHECK_FALSE(reader.next());
    CHECK_FALSE(reader.broken());
    CHECK(reader.pending() == 4);

    FrameReader broken;
    broken.feed(length(max_event_size + 1));
    CHECK_FALSE(broken.next());
    CHECK(broken.broken());
    broken.feed(frame_of(telnet_flow()));
    CHECK_FALSE(broken.next());
}
