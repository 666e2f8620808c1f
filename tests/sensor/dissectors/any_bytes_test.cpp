// Whatever the bytes, every dissector comes back, reads no byte too many and keeps to its limits.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/sensor_signatures.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <string>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_view_literals;

namespace {

/// Noise in which the words that the dissectors look for come up again and again.
std::string noise(std::mt19937& random, std::size_t longest) {
    static const std::string_view words[] = {"USER ",
                                             "PASS ",
                                             "AUTH PLAIN ",
                                             "LOGIN ",
                                             "\r\n",
                                             "\n",
                                             "\r",
                                             "login: ",
                                             "Password: ",
                                             "\xFF\xFB\x01",
                                             "\xFF\xFA",
                                             "\xFF\xF0",
                                             "230 ",
                                             "\x16\x03\x01\x00\x40\x01\x00\x00\x3C\x03\x03"sv,
                                             "\x16\x03\x03\x00\x40\x02\x00\x00\x3C\x03\x03"sv,
                                             "\x0b\x00\x00\x09\x00\x00\x06\x00\x00\x03"sv,
                                             "\x14\x03\x03\x00\x01\x01"sv,
                                             "\x17\x03\x03\x00\x01"sv,
                                             "331-",
                                             "+OK",
                                             "+ ",
                                             "* OK",
                                             "a1 ",
                                             "{9}",
                                             "\"",
                                             "GET / HTTP/1.1\r\n",
                                             "HTTP/1.1 200 OK\r\n",
                                             "Authorization: Basic ",
                                             "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
                                             "Content-Length: 9",
                                             "\r\n\r\n",
                                             "\x10",
                                             "MQTT",
                                             "\x30",
                                             "\x60",
                                             "\x05\x02",
                                             "*3\r\n$4\r\n",
                                             "NICK ",
                                             "$ ",
                                             "# ",
                                             "username=",
                                             "&password=",
                                             "AUTHINFO PASS ",
                                             "REGISTER sip:a SIP/2.0\r\n",
                                             "<auth mechanism='PLAIN'>",
                                             "</auth>",
                                             "<iq id='1'><query xmlns='jabber:iq:auth'><password>",
                                             "RFB 003.008\n",
                                             "CNXN",
                                             std::string_view{"\0\0\0\x0A", 4},
                                             std::string_view{"\0\0\0\x08\0\3\0\0", 8},
                                             std::string_view{"\0anna\0root\0vt/9\0", 16},
                                             "Content-Type: application/soap+xml\r\n",
                                             "<UsernameToken><Username>a</Username><Password>",
                                             "AUTHENTICATE PLAIN\r\n"};
    std::string text;
    const std::size_t size = random() % (longest + 1);
    while (text.size() < size) {
        if (random() % 2 == 0)
            text += words[random() % std::size(words)];
        else
            text += static_cast<char>(random() % 256);
    }
    return text;
}

}  // namespace

TEST_CASE("noise with a fixed seed, cut anywhere, for every stream dissector on its port") {
    std::mt19937 random{20260301};
    constexpr std::uint16_t ports[] = {23,   21,   80,   110,  143,  25,    1883,  6667, 6379, 389,  1080, 513,   514, 119,
                                       5060, 5222, 3306, 5432, 5900, 11211, 27017, 5555, 1935, 6668, 9999, 55443, 502};
    for (const auto& dissector : stream_dissectors()) {
        CAPTURE(dissector.name);
        for (int round = 0; round < 200; ++round) {
            Dialogue dialogue{ports[static_cast<std::size_t>(round) % std::size(ports)]};
            for (int part = 0; part < 6; ++part) {
                dialogue.client(noise(random, 400));
                dialogue.server(noise(random, 400));
            }
            const auto notes = dialogue.read(dissector, random() % (dialogue.size() + 1), Dialogue::End::closed);
            for (const auto& login : notes.logins) {
                CHECK(login.user.size() <= Conversation::head_size);
                CHECK(login.secret.size() <= Conversation::head_size);
            }
            CHECK(notes.logins.size() <= Conversation::head_size);
        }
    }
}

TEST_CASE("noise keeps the rule of every prefix too") {
    std::mt19937 random{7};
    for (const auto& dissector : stream_dissectors()) {
        CAPTURE(dissector.name);
        for (const int port : {23, 21, 110, 6379, 513, 119, 5060, 5222, 3306, 5432, 5900, 27017}) {
            Dialogue dialogue{static_cast<std::uint16_t>(port), "http"};
            for (int part = 0; part < 8; ++part) {
                dialogue.client(noise(random, 30));
                dialogue.server(noise(random, 30));
            }
            check_every_prefix(dissector, dialogue);
        }
    }
}

TEST_CASE("noise for every datagram dissector") {
    std::mt19937 random{1};
    const SensorSignatures nothing;
    constexpr std::array<std::uint16_t, 4> of_any{69, 1900, 5060, 1982};
    const auto port_for = [&](const DatagramDissector& dissector) -> Port {
        const std::span<const std::uint16_t> ports = dissector.ports.empty() ? of_any : dissector.ports;
        const auto port = ports[random() % ports.size()];
        return {random() % 3 == 0 ? std::uint16_t{40000} : port};
    };
    for (const auto& dissector : datagram_dissectors()) {
        for (int round = 0; round < 3000; ++round) {
            const auto text = noise(random, 600);
            const std::unique_ptr<char[]> exact{new char[text.size()]};
            std::copy(text.begin(), text.end(), exact.get());
            Packet packet;
            packet.proto = Proto::udp;
            packet.kind = static_cast<PacketKind>(round % 4);
            packet.src_mac.bytes[5] = 1;
            packet.src_port = port_for(dissector);
            packet.dst_port = port_for(dissector);
            packet.src = packet.dst = IpAddress::v4(0xC0A8011E);
            packet.payload = packet.ip_packet = std::as_bytes(std::span{exact.get(), text.size()});
            packet.icmp.is_unreachable = round % 3 == 0;
            packet.icmp.about_proto = Proto::udp;
            packet.icmp.about_dst_port = {161};
            if (dissector.wants(packet)) dissector.inspect(packet, nothing, [](Event&&) {});
        }
    }
    CHECK(datagram_dissectors().size() <= 64);
}
