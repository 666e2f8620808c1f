// Devices that answer in JSON, and the reader of it.
#include "datagrams.hpp"
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"
#include "sensor/dissectors/json_texts.hpp"
#include "tests/sensor/frames_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_literals;

namespace {

std::string covered(std::string_view plain) {
    std::string hidden;
    char key = static_cast<char>(171);
    for (const char c : plain) hidden += key = static_cast<char>(c ^ key);
    return hidden;
}

std::vector<std::string> members(std::string_view document) {
    std::vector<std::string> found;
    JsonTexts texts{document};
    while (const auto member = texts.next()) found.push_back(std::string{member->name} + '=' + std::string{member->value});
    return found;
}

Hints told(std::uint16_t from, std::uint16_t to, const std::string& payload) {
    return hints_in(json_discovery, udp(1, {"192.168.1.30", from}, {"192.168.1.20", to}, payload));
}

const std::string plug =
    R"json({"system":{"get_sysinfo":{"sw_ver":"1.0.8 Build 151101","type":"IOT.SMARTPLUGSWITCH","model":"HS100(EU)",)json"
    R"json("mac":"50:C7:BF:00:00:01","deviceId":"8006","alias":"Caf\u00e9","dev_name":"Wi-Fi Smart Plug","latitude":48.1,)json"
    R"json("children":[{"alias":"left"}]}}})json";
const Hints plug_hints{"tplink version=1.0.8 Build 151101", "tplink type=IOT.SMARTPLUGSWITCH", "tplink model=HS100(EU)",
                       "tplink name=Caf\xC3\xA9", "tplink product=Wi-Fi Smart Plug"};

}  // namespace

TEST_CASE("JSON: members with texts and numbers, wherever they stand") {
    using Found = std::vector<std::string>;
    CHECK(members(R"json({"a":"x","b":{"c" : "y\"z"},"d":[1,"e",{"f":2.5}],"g":true})json") ==
          Found{"a=x", "c=y\\\"z", "f=2.5", "g=true"});
    CHECK(members(R"json({"a":"x","b":"cut)json") == Found{"a=x"});
    CHECK(members(R"json({"a":12)json").empty());
    CHECK(members(R"json({"a\)json").empty());
    CHECK(members("").empty());
}

TEST_CASE("JSON: escapes, with the two halves of a character beyond the first plane (RFC 8259, section 7)") {
    CHECK(json_text(R"json(a\"b\\c\/d\n)json") == "a\"b\\c/d\n");
    CHECK(json_text(R"json(\u0041\u00e9\u20ac\ud83d\ude00)json") == "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80");
    CHECK(json_text(R"json(\u00)json") == "u00");
    CHECK(json_text("\\") == "\\");
    CHECK(json_text(std::string(5000, 'x')).size() == 1024);
}

TEST_CASE("Kasa: the state says model, kind and name; neither place nor number") {
    CHECK(told(9999, 50000, covered(plug)) == plug_hints);
    CHECK(told(9999, 50000, plug).empty());
    CHECK(told(9999, 50000, covered(R"json({"netif":{"get_scaninfo":{"alias":"next door"}}})json")).empty());
    CHECK(told(50000, 9999, covered(plug)).empty());
}

TEST_CASE("Kasa over TCP: behind its length, whole") {
    const std::string state = covered(plug);
    Dialogue dialogue{9999};
    dialogue.client(u32(29) + covered(R"json({"system":{"get_sysinfo":{}}})json"))
        .server(u32(static_cast<std::uint32_t>(state.size())) + state);
    check_every_prefix(kasa_state, dialogue);
    Hints hints;
    for (const auto& event : dialogue.read(kasa_state).events) {
        const auto& hint = std::get<DeviceHint>(event);
        CHECK(hint.ip == ip("192.168.1.30"));
        hints.insert(hint.source + " " + hint.key + "=" + hint.value);
    }
    CHECK(hints == plug_hints);
    CHECK(Dialogue{9999}.client("x").server("no length").read(kasa_state).events.empty());
}

TEST_CASE("Tapo, WiZ and Govee") {
    const std::string header(16, '\x02');
    const std::string tapo =
        R"json({"result":{"device_id":"x","device_type":"SMART.TAPOPLUG","device_model":"P100(EU)"}})json";
    CHECK(told(20002, 50000, header + tapo) == Hints{"tplink type=SMART.TAPOPLUG", "tplink model=P100(EU)"});
    CHECK(told(20002, 50000, tapo).empty());
    const std::string wiz =
        R"json({"method":"x","result":{"mac":"a8bb","moduleName":"ESP01_SHRGB1C_31","fwVersion":"1.22.0"}})json";
    CHECK(told(38899, 50000, wiz) == Hints{"wiz model=ESP01_SHRGB1C_31", "wiz version=1.22.0"});
    CHECK(told(38899, 50000, R"json({"method":"x","moduleName":"y"})json").empty());
    const std::string govee = R"json({"msg":{"cmd":"scan","data":{"ip":"x","device":"1F:80","sku":"H6159"}}})json";
    CHECK(told(4001, 4002, govee) == Hints{"govee model=H6159"});
    CHECK(told(4001, 4003, govee).empty());
}
