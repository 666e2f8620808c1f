// Devices that are steered or watched in clear, each in its own little protocol, and RTMP.
#include "datagrams.hpp"
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

/// What the answer of a device at this port is taken for; "" = nothing.
std::string protocol_of(std::uint16_t port, const std::string& payload, std::string_view to = "192.168.1.20") {
    const auto packet = udp(1, {"192.168.1.30", port}, {to, 40000}, payload);
    sweep(local_control, packet);
    const auto events = events_of(local_control, packet);
    if (events.empty()) return "";
    const auto& seen = std::get<Observation>(events.at(0));
    CHECK(seen.kind == ObservationKind::open_control);
    CHECK(seen.server.ip == ip("192.168.1.30"));
    CHECK(seen.client.ip == ip(to));
    return seen.protocol;
}

std::string stream_protocol_of(std::uint16_t port, const std::string& request, const std::string& answer) {
    Dialogue dialogue{port};
    dialogue.client(request).server(answer);
    check_every_prefix(local_control_stream, dialogue);
    const auto notes = dialogue.read(local_control_stream);
    return notes.events.empty() ? "" : std::get<Observation>(notes.events.at(0)).protocol;
}

std::string xored(std::string_view plain) {
    std::string hidden;
    char key = static_cast<char>(171);
    for (const char c : plain) hidden += key = static_cast<char>(c ^ key);
    return hidden;
}

std::string lifx_state(char type, char flags = '\x14') {
    std::string message(38, '\0');
    message[0] = 38;
    message[3] = flags;
    message[32] = type;
    return message;
}

}  // namespace

TEST_CASE("CoAP: a response with success (RFC 7252, section 3)") {
    const std::string content = "\x62\x45\x12\x34to\xC0\xFFhello";
    CHECK(protocol_of(5683, content) == "coap");
    CHECK(protocol_of(5683, "\x60\x44\x12\x34") == "coap");
    CHECK(protocol_of(5683, content, "224.0.1.187").empty());
    CHECK(protocol_of(5683, "\x62\x81\x12\x34to").empty());          // 4.01
    CHECK(protocol_of(5683, "\x62\x01\x12\x34to").empty());          // a request
    CHECK(protocol_of(5683, "\xA2\x45\x12\x34to").empty());          // version 2
    CHECK(protocol_of(5683, "\x62\x45\x12\x34to\xC0\xFF").empty());  // a mark and no payload
    CHECK(protocol_of(5683, "\x62\x45\x12\x34to\xC5gone").empty());  // an option that runs over the end
    CHECK(protocol_of(5683, "\x62\x45\x12\x34to\xF0").empty());
}

TEST_CASE("Kasa: an object behind its thin veil, over UDP and TCP") {
    const std::string object = xored("{\"system\":{\"get_sysinfo\":{}}}");
    CHECK(protocol_of(9999, object) == "kasa");
    CHECK(protocol_of(9999, "{\"system\":{\"get_sysinfo\":{}}}").empty());
    CHECK(protocol_of(9999, xored("{\"sys\x01\x02\x03 and so on and on")).empty());
    const auto framed = u32(static_cast<std::uint32_t>(object.size())) + object;
    CHECK(stream_protocol_of(9999, framed, framed) == "kasa");
    CHECK(stream_protocol_of(9999, framed, object).empty());
    CHECK(stream_protocol_of(9998, framed, framed).empty());
}

TEST_CASE("LIFX and WiZ lamps, BACnet controllers") {
    CHECK(protocol_of(56700, lifx_state(107)) == "lifx");
    CHECK(protocol_of(56700, lifx_state(3)).empty());  // who is there
    CHECK(protocol_of(56700, lifx_state(107, '\x10')).empty());
    CHECK(protocol_of(56700, lifx_state(107) + "!").empty());
    CHECK(protocol_of(38899, "{\"method\":\"setPilot\",\"env\":\"pro\",\"result\":{\"success\":true}}") == "wiz");
    CHECK(protocol_of(38899, "{\"method\":\"setPilot\",\"error\":{\"code\":-32600}}").empty());
    CHECK(protocol_of(47808, "\x81\x0A\x00\x09\x01\x00\x20\x01\x0F"s) == "bacnet");
    CHECK(protocol_of(47808, "\x81\x0A\x00\x0D\x01\x08\x00\x05\x01\x07\x30\x01\x0C"s) == "bacnet");
    CHECK(protocol_of(47808, "\x81\x0A\x00\x09\x01\x00\x00\x01\x0F"s).empty());  // a question
    CHECK(protocol_of(47808, "\x81\x0A\x00\x08\x01\x00\x20\x01\x0F"s).empty());
}

TEST_CASE("Tuya 3.1, Yeelight, Modbus") {
    const auto tuya_message = [](const std::string& body) {
        return u32(0x55aa) + u32(1) + u32(10) + u32(static_cast<std::uint32_t>(body.size() + 12)) + u32(0) + body + u32(0) +
               u32(0xaa55);
    };
    CHECK(stream_protocol_of(6668, "x", tuya_message("{\"devId\":\"1\",\"dps\":{\"1\":true}}")) == "tuya");
    CHECK(stream_protocol_of(6668, "x", tuya_message("\x7A\x01\x9F\x33")).empty());
    CHECK(stream_protocol_of(55443, "{\"id\":1,\"method\":\"toggle\",\"params\":[]}\r\n",
                             "{\"id\":1,\"result\":[\"ok\"]}\r\n") == "yeelight");
    CHECK(stream_protocol_of(55443, "{\"id\":1,\"method\":\"x\",\"params\":[]}\r\n", "{\"id\":1,\"error\":{}}\r\n").empty());
    const std::string read = "\x00\x01\x00\x00\x00\x06\x01\x03\x00\x00\x00\x01"s;
    CHECK(stream_protocol_of(502, read, "\x00\x01\x00\x00\x00\x05\x01\x03\x02\x00\x07"s) == "modbus");
    CHECK(stream_protocol_of(502, read, "\x00\x01\x00\x00\x00\x03\x01\x83\x02"s).empty());
    CHECK(stream_protocol_of(502, read, "\x00\x01\x00\x09\x00\x05\x01\x03\x02\x00\x07"s).empty());
    CHECK(stream_protocol_of(502, "", "\x00\x01\x00\x00\x00\x05\x01\x03\x02\x00\x07"s).empty());
}

TEST_CASE("RTMP: behind the handshake, what was asked for and granted") {
    const std::string handshake = "\x03" + std::string(2 * 1536, 'x');
    const auto kinds = [&](const std::string& client, const std::string& server) {
        Dialogue dialogue{1935};
        dialogue.client(client).server(server);
        return dialogue.read(rtmp_media).events.size();
    };
    const std::string play = handshake + "\x02\x00\x07"s + "connect" + "\x02\x00\x04"s + "play";
    const std::string result = handshake + "\x02\x00\x07"s + "_result";
    CHECK(kinds(play, result) == 1);
    CHECK(kinds(handshake + "\x02\x00\x07"s + "publish", result) == 1);
    CHECK(kinds(handshake + "\x02\x00\x07"s + "connect", result) == 0);
    CHECK(kinds(play, handshake) == 0);
    CHECK(kinds("\x06" + play.substr(1), result) == 0);
    Dialogue dialogue{1935};
    dialogue.client(play).server(result);
    check_every_prefix(rtmp_media, dialogue);
}
