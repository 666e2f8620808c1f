#include "analyzer/identify/identifier.hpp"
#include "analyzer/identify/text_parts.hpp"

#include "home.hpp"
#include "wire/data_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace linnet;
using namespace linnet::test;

namespace {

const char* const some_mac = "02:00:00:4a:76:49";

DeviceHint hint(const std::string& source, const std::string& key, const std::string& value, double seconds = 0) {
    return {at(seconds), mac(some_mac), ip("192.168.1.23"), source, key, value};
}

NameBinding looked_up(const std::string& name, double seconds = 0) {
    NameBinding binding;
    binding.at = at(seconds);
    binding.client = end("192.168.1.23", 40000, some_mac);
    binding.resolver = end("192.168.1.1", 53, "00:aa:bb:cc:dd:ee");
    binding.name = name;
    return binding;
}

/// The device with some_mac after these events.
Device after(const std::vector<Event>& events) {
    Core core{{}, signatures()};
    core.apply("s", AddressBinding{at(0), mac(some_mac), ip("192.168.1.23"), "arp"});
    for (const auto& event : events) core.apply("s", event);
    for (const auto& device : core.devices())
        if (device.key == some_mac) return device;
    FAIL("the device is gone");
    return {};
}

}  // namespace

TEST_CASE("the end of a device's own address is no part of its name") {
    const auto address = mac("b0:c5:54:25:5b:0e");
    CHECK(without_address("DCS-935L-B0C554255B0E", address) == "DCS-935L");
    CHECK(without_address("Hue 255b0e", address) == "Hue");
    CHECK(without_address("plug_5B:0E", address) == "plug");
    CHECK(without_address("B0C554255B0E", address).empty());
    CHECK(without_address("DCS-935L", address) == "DCS-935L");
    CHECK(without_address("label 0e", address) == "label 0e");  // one byte is chance
    CHECK(without_address("a-000000000000", MacAddress{}) == "a-000000000000");
}

TEST_CASE("words and pieces of names") {
    CHECK(words_of("Martins-iPhone (2)") == std::vector<std::string>{"martins", "iphone", "2"});
    CHECK(pieces_of("Linux, UPnP/1.0 DCS-935L/1.0") ==
          std::vector<std::string_view>{"Linux", "UPnP", "1.0", "DCS-935L", "1.0"});
    CHECK(words_of("").empty());
    CHECK(trimmed(" -HS100(EU)- ") == "HS100(EU)");
    CHECK(trimmed("plug)") == "plug");
}

TEST_CASE("a number of a model says maker, kind and model, and why") {
    const Device device = after({hint("dhcp", "hostname", "DCS-935L")});
    CHECK(device.maker == "D-Link");
    CHECK(device.kind == "camera");
    CHECK(device.model == "DCS-935L");
    CHECK(device.confidence.at("kind") == 76);  // 90 of the rule, 85 % trust in a host name
    REQUIRE(device.reasons.size() == 3);
    CHECK(device.reasons[1] == "Kind camera (76 %): its name when it asks for an address is “DCS-935L”.");
}

TEST_CASE("witnesses of different sources are joined, of one source the strongest counts") {
    const Device once = after({looked_up("devs.tplinkcloud.com"), looked_up("euw1-api.tplinkra.com")});
    CHECK(once.confidence.at("maker") == 65);
    const Device twice = after({looked_up("devs.tplinkcloud.com"), hint("dhcp", "hostname", "HS100(EU)")});
    CHECK(twice.maker == "TP-Link");
    CHECK(twice.confidence.at("maker") > 85);
    CHECK(twice.kind == "plug");
    CHECK(twice.model == "HS100(EU)");
}

TEST_CASE("what contradicts itself is not known") {
    const Device device = after({looked_up("devs.tplinkcloud.com"), looked_up("www.fitbit.com")});
    CHECK(device.maker.empty());
    CHECK_FALSE(device.confidence.contains("maker"));
}

TEST_CASE("a name that people gave is a clue, and outweighs what its maker mostly makes") {
    CHECK(after({hint("dhcp", "hostname", "hall-camera")}).kind == "camera");
    CHECK(after({hint("dhcp", "hostname", "cameraman")}).kind.empty());  // whole words only
    const std::string pi_mac = "b8:27:eb:00:00:23";
    for (const auto& [name, kind] : {std::pair{"hall-camera", "camera"}, {"pi", "computer"}}) {
        Core core{{}, signatures()};
        core.apply("s", DeviceHint{at(0), mac(pi_mac), ip("192.168.1.23"), "dhcp", "hostname", name});
        REQUIRE(core.devices().size() == 1);
        CHECK(core.devices()[0].maker == "Raspberry Pi");
        CHECK(core.devices()[0].kind == kind);
    }
}

TEST_CASE("a telephone's apps do not make it a lamp, and a router asks for everybody") {
    const Device phone = after({hint("dhcp", "hostname", "Martins-iPhone"), looked_up("discovery.meethue.com")});
    CHECK(phone.maker == "Apple");
    CHECK(phone.kind == "phone");
    const Device router = after({hint("upnp", "device-type", "urn:schemas-upnp-org:device:InternetGatewayDevice:1"),
                                 looked_up("discovery.meethue.com")});
    CHECK(router.kind == "router");
    CHECK(router.maker.empty());
}

TEST_CASE("a name that was asked for counts as one that was answered, and both are one witness") {
    const Device device = after({hint("dns", "question", "devs.tplinkcloud.com")});
    CHECK(device.maker == "TP-Link");
    CHECK(device.confidence.at("maker") == 65);
    CHECK(after({hint("dns", "question", "devs.tplinkcloud.com"), looked_up("devs.tplinkcloud.com")}).confidence ==
          device.confidence);
    CHECK(after({hint("dhcp", "hostname", "Martins-iPhone"), hint("dns", "question", "discovery.meethue.com")}).maker ==
          "Apple");
}

TEST_CASE("a port that was served before says less than one at which somebody was just answered") {
    const auto plug_of = [](const Event& event) {
        const Device device = after({looked_up("www.myedimax.com"), event});
        return device.kind == "plug" ? device.confidence.at("kind").get<int>() : 0;
    };
    const auto connection = [](std::uint16_t from, std::uint16_t to, bool midstream, const char* client = "192.168.1.40") {
        Flow f = flow(end(client, from, "02:00:00:00:00:40"), end("192.168.1.23", to, some_mac));
        f.midstream = midstream;
        return f;
    };
    CHECK(plug_of(connection(50'000, 10'000, false)) == 60);  // 75 of the rule, 80 % trust
    CHECK(plug_of(connection(50'000, 10'000, true)) == 56);   // 75 % trust
    CHECK(plug_of(hint("tcp", "served", "10000")) == 56);
    CHECK(plug_of(connection(10'001, 10'000, true)) == 0);                 // which of them serves?
    CHECK(plug_of(connection(50'000, 10'000, true, "203.0.113.9")) == 0);  // somebody outside
    Flow silent = connection(50'000, 10'000, true);
    silent.packets_to_client = 0;
    CHECK(plug_of(silent) == 0);
}

TEST_CASE("what devices tell servers and put into unique names") {
    const Device hub = after({hint("http", "model", "DCH-G020")});
    CHECK(hub.maker == "D-Link");
    CHECK(hub.kind == "hub");
    CHECK(hub.model == "DCH-G020");
    const Device socket = after({hint("ssdp", "unique-name", "Socket")});
    CHECK(socket.maker == "Belkin");
    CHECK(socket.kind == "plug");
    CHECK(after({hint("ssdp", "unique-name", "Bridge")}).kind.empty());  // many have bridges
    CHECK(after({hint("ssdp", "unique-name", "Bridge"), hint("ssdp", "device-type", "urn:Belkin:service:rules:1")}).kind ==
          "hub");
}

TEST_CASE("who made the module did not make the device") {
    auto with_module = Signatures::read(signatures_directory(), "/nowhere");
    Makers makers;
    makers.add_csv(
        "Registry,Assignment,Organization Name,Organization Address\nMA-L,5CCF7F,Espressif Inc.,Shanghai\n"
        "MA-L,001A22,eQ-3 Entwicklung GmbH,Leer\nMA-L,001122,Unheard of Ltd.,Nowhere\n"
        "MA-L,001133,\"Shenzhen Unheard of Technology Co., Ltd.\",Nowhere\nMA-L,001144,IEEE Registration Authority,\n"
        "MA-L,000000,XEROX CORPORATION,Webster\nMA-L,00AA00,XEROX CORPORATION,Webster\n"
        "MA-L,001155,\"Hangzhou Hikvision Digital Technology Co.,Ltd.\",Hangzhou\n");
    makers.finish();
    with_module.set_makers(std::move(makers));
    const auto& rules = with_module.devices();
    const auto of = [&](const char* address) {
        return infer(rules, {}, mac(address), with_module.makers().of(mac(address)));
    };
    CHECK(of("5c:cf:7f:00:00:01").of(Aspect::maker).value.empty());
    CHECK(of("00:1a:22:00:00:01").of(Aspect::maker).value == "eQ-3");
    CHECK(of("00:1a:22:00:00:01").of(Aspect::kind).value == "hub");  // all that it connects to the network
    CHECK(of("00:11:22:00:00:01").of(Aspect::maker).value == "Unheard of");
    CHECK(of("00:11:22:00:00:01").of(Aspect::maker).confidence == 55);
    CHECK(of("00:11:33:00:00:01").of(Aspect::maker).value.empty());  // a contract maker: its name is on no device
    CHECK(of("00:11:44:00:00:01").of(Aspect::maker).value.empty());
    CHECK(of("00:aa:00:00:00:01").of(Aspect::kind).value == "printer");
    CHECK(of("00:00:00:00:00:08").of(Aspect::maker).value.empty());  // written by hand
    CHECK(of("00:11:55:00:00:01").of(Aspect::maker).value == "Hikvision");
}

TEST_CASE("the order in which things are seen does not matter") {
    std::vector<Event> events{hint("dhcp", "hostname", "Philips-hue"), looked_up("www.meethue.com"),
                              hint("ssdp", "server", "Linux/3.14.0 UPnP/1.0 IpBridge/1.9.0"),
                              hint("dhcp", "vendor-class", "udhcp 1.19.4")};
    const Device forwards = after(events);
    std::reverse(events.begin(), events.end());
    const Device backwards = after(events);
    CHECK(forwards.kind == "hub");
    CHECK(forwards.model == "Hue bridge");
    CHECK(forwards.confidence == backwards.confidence);
    CHECK(forwards.maker == backwards.maker);
}

TEST_CASE("facts are bounded: the weakest gives way, and a flood of names does not push the others out") {
    Core core{{}, signatures()};
    core.apply("s", hint("dhcp", "hostname", "DCS-935L"));
    for (int i = 0; i < 1000; ++i) core.apply("s", looked_up("n" + std::to_string(i) + ".fitbit.com", i));
    CHECK(core.devices()[0].model == "DCS-935L");
    std::size_t rows = 0, bytes = 0;
    core.save_changes([&](StateRow&& row) {
        if (row.table != "device-facts") return;
        ++rows;
        bytes += row.value->size();
    });
    CHECK(rows == 1);
    CHECK(bytes < 1000);
}

TEST_CASE("what a stranger writes into a name stays text of bounded length") {
    const Device device =
        after({hint("upnp", "model-name", std::string(255, 'x')), hint("dhcp", "hostname", "\xe2\x80\xae DCS-935L")});
    CHECK(device.model.size() <= DeviceRules::max_model);
    for (const auto& reason : device.reasons) CHECK(reason.size() < 1000);
}

TEST_CASE("a restart and other rules: what was seen is judged again") {
    Core before{{}, signatures()}, after_restart{{}, signatures()};
    before.apply("s", hint("dhcp", "hostname", "DCS-935L"));
    before.save_changes([&](StateRow&& row) { after_restart.restore(row); });
    before.apply("s", looked_up("www.mydlink.com", 5));
    after_restart.apply("s", looked_up("www.mydlink.com", 5));
    CHECK(view(before) == view(after_restart));
    before.take_changes();
    before.renew(signatures());
    CHECK(view(before) == view(after_restart));
}
