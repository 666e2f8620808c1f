// SSDP and Yeelight's dialect of it.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/packets_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace linnet::test;

namespace {

const Side device{"192.168.1.30", 40000}, group{"239.255.255.250", 1900}, seeker{"192.168.1.20", 50000};

Hints announced(const std::string& fields, Side to = group) {
    return hints_in(ssdp, udp(1, device, to, "NOTIFY * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\n" + fields + "\r\n"));
}
Hints answered(const std::string& fields, Side from = device) {
    return hints_in(ssdp, udp(1, from, seeker, "HTTP/1.1 200 OK\r\n" + fields + "\r\n"));
}

}  // namespace

TEST_CASE("SSDP: an announcement names the program and the kind of device") {
    CHECK(announced(
              "NT: urn:schemas-upnp-org:device:MediaServer:1\r\nNTS: ssdp:alive\r\n"
              "SERVER:Linux/3.14 UPnP/1.0 IpBridge/1.9.0\r\nUSN: uuid:1::urn:schemas-upnp-org:device:MediaServer:1\r\n") ==
          Hints{"ssdp server=Linux/3.14 UPnP/1.0 IpBridge/1.9.0",
                "ssdp device-type=urn:schemas-upnp-org:device:MediaServer:1"});
}

TEST_CASE("SSDP: an answer to a search, from any port; the kind may stand in the USN alone") {
    CHECK(answered("st: roku:ecp\r\nServer: Roku UPnP/1.0 MiniUPnPd/1.4\r\nUSN: uuid:roku:ecp:P0A070000007\r\n") ==
          Hints{"ssdp server=Roku UPnP/1.0 MiniUPnPd/1.4", "ssdp unique-name=roku", "ssdp device-type=roku:ecp"});
    CHECK(answered("ST: upnp:rootdevice\r\nUSN: uuid:2f402f80::urn:Belkin:device:insight:1\r\n") ==
          Hints{"ssdp device-type=urn:Belkin:device:insight:1"});
    CHECK(answered("ST: ssdp:all\r\nUSN: uuid:2f402f80\r\n").empty());
}

TEST_CASE("SSDP: the word in the place of a UUID, without the number of the one device") {
    const auto named = [](const std::string& unique_name) {
        return announced("NT: upnp:rootdevice\r\nUSN: " + unique_name + "\r\n");
    };
    CHECK(named("uuid:Socket-1_0-221519K1100F55::upnp:rootdevice") == Hints{"ssdp unique-name=Socket"});
    CHECK(named("UUID:RINCON_000E58A0B1C201400") == Hints{"ssdp unique-name=RINCON"});
    for (const char* none : {"uuid:2f402f80-da50-11e1-9b23-001788102201", "uuid:deadbeef-da50-11e1-9b23-001788102201",
                             "uuid:Device1-2", "uuid:Socket", "uuid:", "uuid:abc-1", ""})
        CHECK(named(none).empty());
}

TEST_CASE("SSDP: a search tells the program of who searches, not what it looks for") {
    const auto search = [](const std::string& more) {
        return hints_in(ssdp, udp(1, seeker, group,
                                  "M-SEARCH * HTTP/1.1\r\nST: urn:dial-multiscreen-org:service:dial:1\r\n" + more + "\r\n"));
    };
    CHECK(search("USER-AGENT: Google Chrome/99.0.4844.74 Mac OS X\r\n") ==
          Hints{"ssdp user-agent=Google Chrome/99.0.4844.74 Mac OS X"});
    CHECK(search("").empty());
}

TEST_CASE("SSDP: what is none, and a sender elsewhere") {
    CHECK(answered("Server: nginx\r\n").empty());
    CHECK(announced("SERVER: x\r\n").empty());
    CHECK(announced("NT: a\r\nSERVER: x\r\n", {"239.255.255.250", 1901}).empty());
    CHECK(answered("ST: a:b\r\nServer: x\r\n", {"203.0.113.9", 1900}).empty());
    CHECK(answered("ST: upnp:rootdevice\r\nSERVER: a\tb\x01\r\n") == Hints{"ssdp server=a\xEF\xBF\xBD"
                                                                           "b\xEF\xBF\xBD"});
}

TEST_CASE("Yeelight: model, version and name of the lamp") {
    const std::string fields =
        "Location: yeelight://192.168.1.30:55443\r\nServer: POSIX UPnP/1.0 YGLC/1\r\nid: 0x000000000015243f\r\n"
        "model: color\r\nfw_ver: 18\r\npower: on\r\nname: desk\r\n";
    const Hints lamp{"yeelight model=color", "yeelight version=18", "yeelight name=desk"};
    CHECK(answered(fields) == lamp);
    CHECK(announced(fields, {"239.255.255.250", 1982}) == lamp);
}
