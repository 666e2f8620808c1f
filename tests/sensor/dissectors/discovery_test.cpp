// Small protocols by which devices find each other: Tuya, miIO, LIFX, BACnet, KNX, CoAP, Ubiquiti, MikroTik, CDP, LLDP.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

Hints told(const DatagramDissector& dissector, std::uint16_t from, std::uint16_t to, const std::string& payload) {
    return hints_in(dissector, udp(1, {"192.168.1.30", from}, {"192.168.1.20", to}, payload));
}

std::string counted(char type, const std::string& value) { return type + u16(static_cast<unsigned>(value.size())) + value; }
std::string padded(std::string text, std::size_t size) {
    text.resize(size);
    return text;
}

std::string tuya_frame(const std::string& carried, std::uint32_t command = 0) {
    return u32(0x55AA) + u32(0) + u32(command) + u32(static_cast<std::uint32_t>(carried.size() + 8)) + carried + u32(0) +
           u32(0xAA55);
}

std::string lifx_message(char type, const std::string& data) {
    std::string message(36, '\0');
    message[0] = static_cast<char>(36 + data.size());
    message[3] = '\x14';
    message[32] = type;
    return message + data;
}

std::string bacnet_message(const std::string& message, char function = '\x0B', const std::string& network = "\x01\x00"s) {
    return "\x81"s + function + u16(static_cast<unsigned>(4 + network.size() + message.size())) + network + message;
}

std::string knx_message(unsigned service, const std::string& body) {
    return "\x06\x10" + u16(service) + u16(static_cast<unsigned>(6 + body.size())) + body;
}

Hints told_of_frame(const DatagramDissector& dissector, PacketKind kind, const std::string& payload) {
    Packet packet;
    packet.kind = kind;
    packet.at = at(1);
    packet.payload = bytes(payload);
    return hints_in(dissector, packet);
}

}  // namespace

TEST_CASE("Tuya: a broadcast in plain text says product and version, not the device's number") {
    const std::string state = R"({"ip":"192.168.1.30","gwId":"0123","productKey":"key8u54q9dtru5jw","version":"3.1"})";
    const Hints plug{"tuya product=key8u54q9dtru5jw", "tuya version=3.1"};
    CHECK(told(tuya, 49154, 6666, tuya_frame(u32(0) + state)) == plug);
    CHECK(told(tuya, 49154, 6666, tuya_frame(state)) == plug);
    CHECK(told(tuya, 49154, 6667, tuya_frame(u32(0) + std::string(32, '\x9A'), 0x13)) == Hints{"tuya version=encrypted"});
    CHECK(told(tuya, 49154, 6667, u32(0x6699) + std::string(40, '\x9A')) == Hints{"tuya version=encrypted"});
    CHECK(told(tuya, 49154, 6666, tuya_frame(u32(0) + std::string(32, '\x9A'))).empty());
    CHECK(told(tuya, 49154, 6666, "x" + tuya_frame(state)).empty());
    CHECK(told(tuya, 6666, 49154, tuya_frame(state)).empty());
}

TEST_CASE("miIO: the answer to a hello has the kind of device; its token stays unread") {
    const auto hello = [](std::uint32_t device) {
        return u32(0x21310020) + u32(0) + u32(device) + u32(9) + std::string(16, '\xFF');
    };
    CHECK(told(xiaomi, 54321, 50000, u32(0x21310020) + u32(0) + u32(0x00C4F0A1) + u32(9) + std::string(16, 't')) ==
          Hints{"xiaomi type=00c4"});
    CHECK(told(xiaomi, 50000, 54321, hello(0xFFFFFFFF)).empty());
    CHECK(told(xiaomi, 54321, 50000, u32(0x21310020) + u32(0xFFFFFFFF) + std::string(24, '\xFF')).empty());
    CHECK(told(xiaomi, 54321, 50000, hello(1) + "x").empty());
}

TEST_CASE("LIFX: product, firmware, label; that it is there") {
    CHECK(told(lifx, 56700, 50000, lifx_message(33, "\x01\0\0\0\x1B\0\0\0\0\0\0\0"s)) == Hints{"lifx product=1:27"});
    CHECK(told(lifx, 56700, 50000, lifx_message(15, std::string(16, '\x01') + "\x46\0\x03\0"s)) ==
          Hints{"lifx version=3.70"});
    CHECK(told(lifx, 56700, 50000, lifx_message(25, padded("desk", 32))) == Hints{"lifx name=desk"});
    CHECK(told(lifx, 56700, 50000, lifx_message(107, std::string(12, '\x01') + padded("desk", 32) + std::string(8, '\0'))) ==
          Hints{"lifx name=desk"});
    CHECK(told(lifx, 56700, 50000, lifx_message(3, "\x01\x7C\xDD\0\0"s)) == Hints{"lifx service=1"});
    CHECK(told(lifx, 56700, 50000, lifx_message(25, padded("desk", 31))).empty());
    CHECK(told(lifx, 56700, 50000, lifx_message(23, padded("desk", 32))).empty());
    CHECK(told(lifx, 56700, 50000, lifx_message(25, padded("desk", 32)) + "x").empty());
}

TEST_CASE("BACnet: a device announces its maker, and answers with its name") {
    const std::string i_am = "\x10\x00\xC4\x02\x00\x04\xD2\x22\x05\xC4\x91\x00\x21\x18"s;
    CHECK(told(bacnet, 47808, 47808, bacnet_message(i_am)) == Hints{"bacnet vendor-id=24"});
    CHECK(told(bacnet, 47808, 47808, bacnet_message(i_am, '\x0B', "\x01\x20\xFF\xFF\x00\xFF"s)) ==
          Hints{"bacnet vendor-id=24"});
    const auto property = [](char number, const std::string& text) {
        return "\x30\x07\x0C\x0C\x02\x00\x04\xD2\x19"s + number + "\x3E\x75" + static_cast<char>(text.size() + 1) + '\0' +
               text + "\x3F";
    };
    CHECK(told(bacnet, 47808, 50000, bacnet_message(property(77, "boiler"), '\x0A')) == Hints{"bacnet name=boiler"});
    CHECK(told(bacnet, 47808, 50000, bacnet_message(property(70, "AX-200"), '\x0A')) == Hints{"bacnet model=AX-200"});
    CHECK(told(bacnet, 47808, 50000, bacnet_message(property(121, "Acme Ltd"), '\x0A')) == Hints{"bacnet vendor=Acme Ltd"});
    CHECK(told(bacnet, 47808, 50000, bacnet_message(property(44, "1.2"), '\x0A')) == Hints{"bacnet version=1.2"});
    // RFC-like short form: the length in the tag itself
    CHECK(told(bacnet, 47808, 50000,
               bacnet_message("\x30\x07\x0C\x0C\x02\x00\x04\xD2\x19\x4D\x3E\x73\x00"
                              "ab\x3F"s,
                              '\x0A')) == Hints{"bacnet name=ab"});
}

TEST_CASE("BACnet: of others, of other objects, and what is none") {
    const std::string i_am = "\x10\x00\xC4\x02\x00\x04\xD2\x22\x05\xC4\x91\x00\x21\x18"s;
    CHECK(told(bacnet, 47808, 47808, bacnet_message(i_am, '\x04')).empty());                               // passed on
    CHECK(told(bacnet, 47808, 47808, bacnet_message(i_am, '\x0B', "\x01\x08\x00\x05\x01\x09"s)).empty());  // by a router
    CHECK(told(bacnet, 47808, 47808, bacnet_message(i_am) + "x").empty());
    CHECK(told(bacnet, 47808, 47808, bacnet_message("\x10\x08"s)).empty());  // Who-Is
    CHECK(told(bacnet, 47808, 50000,
               bacnet_message("\x30\x07\x0C\x0C\x00\x00\x00\x01\x19\x4D\x3E\x73\x00"
                              "ab\x3F"s))
              .empty());
    CHECK(told(bacnet, 47808, 50000,
               bacnet_message("\x30\x07\x0C\x0C\x02\x00\x04\xD2\x19\x4D\x3E\x73\x04"
                              "ab\x3F"s))
              .empty());
}

TEST_CASE("KNX: a gateway's name and hardware address, not its serial number") {
    const std::string device = "\x36\x01\x02\x00\x11\x0A\x00\x00"s + "SERIAL" + "\xE0\x00\x17\x0C"s +
                               "\x02\x00\x00\x00\x00\x30"s + padded("Geb\xE4ude", 30);
    const std::string other = "\x04\x02\x02\x01"s, where = "\x08\x01\xC0\xA8\x01\x1E\x0E\x57"s;
    const Hints gateway{"knx name=Geb\xC3\xA4ude", "knx mac=02:00:00:00:00:30"};
    CHECK(told(knx, 3671, 50000, knx_message(0x0202, where + device + other)) == gateway);
    CHECK(told(knx, 3671, 50000, knx_message(0x020C, where + other + device)) == gateway);
    CHECK(told(knx, 3671, 50000, knx_message(0x0204, device)) == gateway);
    CHECK(told(knx, 50000, 3671, knx_message(0x0201, where)).empty());
    CHECK(told(knx, 3671, 50000, knx_message(0x0204, device) + "x").empty());
    CHECK(told(knx, 3671, 50000, knx_message(0x0204, "\0\0"s + device)).empty());
}

TEST_CASE("CoAP: the resources that a device lists, and its name where it registers") {
    const std::string links = "</sensors/temp>;rt=\"temperature\",</light>;if=x,<coap://elsewhere/x>";
    const std::string content = "\x61\x45\x12\x34t"s + "\xC1\x28\xFF" + links;  // content format 40
    CHECK(told(coap, 5683, 50000, content) == Hints{"coap resource=/sensors/temp", "coap resource=/light"});
    const std::string registration = "\x40\x02\x12\x34"s + "\xB2rd\x11\x28\x37" + "ep=pump" + "\xFF</a>";
    CHECK(told(coap, 50000, 5683, registration) == Hints{"coap name=pump", "coap resource=/a"});
    CHECK(told(coap, 5683, 50000, "\x61\x45\x12\x34t"s + "\xC1\x32\xFF" + links).empty());  // JSON
    CHECK(told(coap, 50000, 5683,
               "\x40\x01\x12\x34"s + "\xB3"
                                     "key\x03"
                                     "abc")
              .empty());                                                                     // what a client asks for
    CHECK(told(coap, 5683, 50000, "\x61\x45\x12\x34t"s + "\xC9\x28\xFF" + "</a>").empty());  // an option that runs over
}

TEST_CASE("Shelly: the model in its own option 3332") {
    // 3332 = 269 + 3063; RFC 7252, section 3.1: the value 14 means two more bytes.
    const std::string status = "\x50\x1E\x12\x34"s + "\xEC\x0B\xF7" + "SHSW-25#B1#2" + "\xFF{}";
    CHECK(told(coap, 5683, 5683, status) == Hints{"shelly model=SHSW-25"});
}

TEST_CASE("Ubiquiti: what a device answers, in both versions") {
    const std::string fields = counted('\x01', "abcdef") + counted('\x0B', "attic") + counted('\x0C', "UGW3") +
                               counted('\x0D', "my network") + counted('\x03', "v4.3") + counted('\x14', "Gateway 3P");
    const auto message = [&](char version, const std::string& rest) {
        return version + "\x00"s + u16(static_cast<unsigned>(rest.size())) + rest;
    };
    const Hints gateway{"ubiquiti name=attic", "ubiquiti product=UGW3", "ubiquiti version=v4.3",
                        "ubiquiti model=Gateway 3P"};
    CHECK(told(ubiquiti, 10001, 50000, message(1, fields)) == gateway);
    CHECK(told(ubiquiti, 50000, 10001, message(2, fields)) == gateway);
    CHECK(told(ubiquiti, 50000, 10001, message(1, "")).empty());
    CHECK(told(ubiquiti, 10001, 50000, message(3, fields)).empty());
    CHECK(told(ubiquiti, 10001, 50000, message(1, fields) + "x").empty());
}

TEST_CASE("MikroTik: what a router announces") {
    const auto field = [](unsigned type, const std::string& value) {
        return u16(type) + u16(static_cast<unsigned>(value.size())) + value;
    };
    const std::string message = u32(0) + field(1, "abcdef") + field(5, "gate") + field(7, "6.48") + field(8, "MikroTik") +
                                field(11, "AAAA-BBBB") + field(12, "RB750");
    CHECK(told(mikrotik, 5678, 5678, message) ==
          Hints{"mikrotik name=gate", "mikrotik version=6.48", "mikrotik product=MikroTik", "mikrotik model=RB750"});
    CHECK(told(mikrotik, 5678, 5678, u32(0)).empty());
    CHECK(told(mikrotik, 5678, 5678, u32(0) + u16(5) + u16(9) + "short").empty());
}

TEST_CASE("CDP: name, platform and the first line of the version") {
    const auto field = [](unsigned type, const std::string& value) {
        return u16(type) + u16(static_cast<unsigned>(4 + value.size())) + value;
    };
    const std::string message =
        "\x02\xB4\x12\x34"s + field(1, "sw1") + field(5, "IOS 15.0\nCompiled by x") + field(6, "WS-C2960");
    CHECK(told_of_frame(cdp, PacketKind::cdp, message) ==
          Hints{"cdp name=sw1", "cdp version=IOS 15.0", "cdp model=WS-C2960"});
    CHECK(told_of_frame(cdp, PacketKind::cdp, "\x02\xB4\x12\x34"s + u16(1) + u16(3)).empty());
    CHECK(told_of_frame(cdp, PacketKind::cdp, "\x03\xB4\x12\x34"s + field(1, "sw1")).empty());
    CHECK(told_of_frame(cdp, PacketKind::lldp, message).empty());
}

TEST_CASE("LLDP: the system's name and description, the inventory without its serial number") {
    const auto field = [](unsigned type, const std::string& value) {
        return u16(type << 9U | static_cast<unsigned>(value.size())) + value;
    };
    const auto inventory = [&](char subtype, const std::string& value) {
        return field(127, "\x00\x12\xBB"s + subtype + value);
    };
    const std::string message = field(1,
                                      "\x04"
                                      "abcdef") +
                                field(5, "phone1") + field(6, "a telephone") + inventory(7, "1.5") + inventory(8, "SN1234") +
                                inventory(9, "Acme") + inventory(10, "T-40") + field(0, "");
    CHECK(told_of_frame(lldp, PacketKind::lldp, message) == Hints{"lldp name=phone1", "lldp description=a telephone",
                                                                  "lldp version=1.5", "lldp manufacturer=Acme",
                                                                  "lldp model=T-40"});
}
