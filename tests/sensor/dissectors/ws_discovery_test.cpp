// WS-Discovery and ONVIF's scopes.
#include "datagrams.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/packets_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace linnet::test;

namespace {

std::string envelope(const std::string& body) {
    return "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Header>"
           "<a:Action>x</a:Action></s:Header><s:Body>" +
           body + "</s:Body></s:Envelope>";
}
Hints told(const std::string& body, Side from = {"192.168.1.30", 3702}, Side to = {"192.168.1.20", 50000}) {
    return hints_in(ws_discovery, udp(1, from, to, envelope(body)));
}

const std::string camera =
    "<d:Types>dn:NetworkVideoTransmitter\n tds:Device</d:Types><d:Scopes>onvif://www.onvif.org/type/video_encoder "
    "onvif://www.onvif.org/hardware/IPC-A1 onvif://www.onvif.org/name/Front%20door onvif://www.onvif.org/location/attic "
    "ldap:///name/x</d:Scopes>";
const Hints camera_hints{"wsd type=NetworkVideoTransmitter", "wsd type=Device", "wsd type=video_encoder",
                         "wsd hardware=IPC-A1", "wsd name=Front door"};

}  // namespace

TEST_CASE("WS-Discovery: a hello and an answer say what the device is") {
    CHECK(told("<d:Hello>" + camera + "</d:Hello>", {"192.168.1.30", 40000}, {"239.255.255.250", 3702}) == camera_hints);
    CHECK(told("<d:ProbeMatches><d:ProbeMatch>" + camera + "</d:ProbeMatch></d:ProbeMatches>") == camera_hints);
    CHECK(told("<d:ResolveMatches><d:ResolveMatch>" + camera + "</d:ResolveMatch></d:ResolveMatches>") == camera_hints);
}

TEST_CASE("WS-Discovery: a search is not about who searches; other ports, and what is no XML") {
    CHECK(told("<d:Probe>" + camera + "</d:Probe>").empty());
    CHECK(told("<d:Hello/>" + camera).empty());
    CHECK(told("<d:Hello>" + camera + "</d:Hello>", {"192.168.1.30", 3703}).empty());
    CHECK(hints_in(ws_discovery, udp(1, {"192.168.1.30", 3702}, {"192.168.1.20", 3702}, "Hello")).empty());
}
