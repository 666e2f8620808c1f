// Doors in the router, moving pictures and switches, over HTTP and RTSP.
#include "dialogue_checks.hpp"
#include "sensor/device_apis.hpp"
#include "sensor/dissectors.hpp"
#include "tests/sensor/packets_by_hand.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <fstream>
#include <set>
#include <string>

using namespace linnet;
using namespace linnet::test;

namespace {

std::string with_body(std::string_view start, std::string_view body) {
    return std::string{start} + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string{body};
}

std::string soap(std::string_view action, std::string_view fields, std::string_view service = "WANIPConnection:1") {
    const auto body = "<?xml version=\"1.0\"?><s:Envelope><s:Body><u:" + std::string{action} + ">" + std::string{fields} +
                      "</u:" + std::string{action} + "></s:Body></s:Envelope>";
    return with_body("POST /ctl/IPConn HTTP/1.1\r\nSOAPAction: \"urn:schemas-upnp-org:service:" + std::string{service} +
                         "#" + std::string{action} + "\"\r\n",
                     body);
}

const std::string fields =
    "<NewRemoteHost></NewRemoteHost><NewExternalPort>8080</NewExternalPort><NewProtocol>TCP</NewProtocol>"
    "<NewInternalPort>80</NewInternalPort><NewInternalClient>192.168.1.30</NewInternalClient><NewEnabled>1</NewEnabled>"
    "<NewPortMappingDescription>Cam &amp; co</NewPortMappingDescription><NewLeaseDuration>3600</NewLeaseDuration>";
const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

std::vector<Event> events_of(const Dialogue& dialogue) {
    check_every_prefix(device_http, dialogue);
    return dialogue.read(device_http).events;
}

template <class Kind>
Kind only(const std::vector<Event>& events) {
    REQUIRE(events.size() == 1);
    return std::get<Kind>(events[0]);
}

}  // namespace

TEST_CASE("UPnP: a door that is opened, with all that was asked for") {
    const auto mapping = only<PortMapping>(events_of(Dialogue{5000}.client(soap("AddPortMapping", fields)).server(ok)));
    CHECK(mapping.protocol == MappingProtocol::upnp_igd);
    CHECK(mapping.action == MappingAction::add);
    CHECK(mapping.outcome == Outcome::success);
    CHECK(mapping.proto == Proto::tcp);
    CHECK(mapping.external_port.number == 8080);
    CHECK(mapping.internal_port.number == 80);
    CHECK(mapping.internal_ip == *IpAddress::parse("192.168.1.30"));
    CHECK(mapping.lifetime == 3600);
    CHECK(mapping.description == "Cam & co");
}

TEST_CASE("UPnP: refused, not answered, closed") {
    const auto refused = with_body("HTTP/1.1 500 Internal Server Error\r\n", "<errorCode>718</errorCode>");
    CHECK(only<PortMapping>(events_of(Dialogue{5000}.client(soap("AddPortMapping", fields)).server(refused))).outcome ==
          Outcome::failure);
    CHECK(only<PortMapping>(events_of(Dialogue{5000}.client(soap("AddPortMapping", fields)))).outcome == Outcome::unknown);
    const auto closed = only<PortMapping>(events_of(
        Dialogue{5000}
            .client(soap("DeletePortMapping", "<NewExternalPort>8080</NewExternalPort><NewProtocol>udp</NewProtocol>",
                         "WANPPPConnection:1"))
            .server(ok)));
    CHECK(closed.action == MappingAction::remove);
    CHECK(closed.proto == Proto::udp);
    CHECK(closed.external_port.number == 8080);
    CHECK_FALSE(closed.internal_ip.known());
}

TEST_CASE("UPnP: the router may choose another port, and says which") {
    const auto reserved = with_body("HTTP/1.1 200 OK\r\n", "<a><NewReservedPort>8081</NewReservedPort></a>");
    const auto mapping = only<PortMapping>(
        events_of(Dialogue{5000}.client(soap("AddAnyPortMapping", fields, "WANIPConnection:2")).server(reserved)));
    CHECK(mapping.external_port.number == 8081);
    CHECK(mapping.internal_port.number == 80);
}

TEST_CASE("UPnP: several in one connection; other actions and other services") {
    Dialogue dialogue{5000};
    for (int i = 0; i < 3; ++i) dialogue.client(soap("AddPortMapping", fields)).server(ok);
    CHECK(events_of(dialogue).size() == 3);
    CHECK(events_of(Dialogue{5000}.client(soap("GetExternalIPAddress", fields)).server(ok)).empty());
    CHECK(events_of(Dialogue{5000}.client(soap("AddPortMapping", fields, "AVTransport:1")).server(ok)).empty());
    CHECK(events_of(Dialogue{5000}.client(soap("AddPortMapping", "<NewExternalPort>99999</NewExternalPort>")).server(ok))
              .empty());
}

TEST_CASE("UPnP: a description that somebody fetches is a hint about the device that has it") {
    const std::string get = "GET /setup.xml HTTP/1.1\r\nHost: 192.168.1.30\r\n\r\n";
    const std::string description =
        "<?xml version=\"1.0\"?><root xmlns=\"urn:Belkin:device-1-0\"><specVersion><major>1</major></specVersion><device>"
        "<deviceType>urn:Belkin:device:insight:1</deviceType><friendlyName>Hall &amp; stairs</friendlyName>"
        "<manufacturer>Belkin International Inc.</manufacturer><modelDescription>Belkin Insight 1.0</modelDescription>"
        "<modelName>Insight</modelName><modelNumber>1.0</modelNumber><serialNumber>221517K1200000</serialNumber>"
        "<serviceList><service/></serviceList><deviceList><device><friendlyName>part</friendlyName></device></deviceList>"
        "</device></root>";
    const auto hints_of = [](const Dialogue& dialogue) {
        check_every_prefix(device_http, dialogue);
        std::set<std::string> hints;
        for (const auto& event : dialogue.read(device_http).events) {
            const auto& hint = std::get<DeviceHint>(event);
            CHECK(hint.source == "upnp");
            CHECK(hint.ip == ip("192.168.1.30"));
            hints.insert(hint.key + "=" + hint.value);
        }
        return hints;
    };
    const auto answer = [](const std::string& body, const std::string& type = "Content-Type: text/xml\r\n") {
        return "HTTP/1.1 200 OK\r\n" + type + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    };
    const std::set<std::string> insight{"device-type=urn:Belkin:device:insight:1", "friendly-name=Hall & stairs",
                                        "manufacturer=Belkin International Inc.",  "model-name=Insight",
                                        "model-description=Belkin Insight 1.0",    "model-number=1.0"};
    CHECK(hints_of(Dialogue{49153}.client(get).server(answer(description))) == insight);
    CHECK(hints_of(Dialogue{49153}.client(get).server("HTTP/1.1 200 OK\r\n\r\n" + description)) == insight);
    // In two chunks, cut within a name (RFC 9112, section 7.1).
    const auto cut = description.find("&amp;");
    const auto chunk = [](const std::string& part) { return fmt::format("{:x}\r\n{}\r\n", part.size(), part); };
    CHECK(hints_of(Dialogue{49153}.client(get).server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                                      chunk(description.substr(0, cut)) + chunk(description.substr(cut)) +
                                                      "0\r\n\r\n")) == insight);
    CHECK(hints_of(Dialogue{49153}.client(get).server(answer(description, "Content-Type: text/html\r\n"))).empty());
    CHECK(hints_of(Dialogue{49153}.client(get).server(answer("<feed><device><modelName>x</modelName></device></feed>")))
              .empty());
    CHECK(hints_of(Dialogue{49153}.client(get).server("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")).empty());
}

TEST_CASE("RTSP: told of when PLAY was granted; the address stays where it is") {
    const std::string url = "rtsp://192.168.1.30/user=admin&password=secret";
    const auto request = [&](std::string_view method, std::string_view more = "") {
        return std::string{method} + " " + url + " RTSP/1.0\r\nCSeq: 2\r\n" + std::string{more} + "\r\n";
    };
    const std::string granted = "RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n",
                      refused = "RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n\r\n";
    const auto seen = only<Observation>(events_of(
        Dialogue{554, "rtsp"}.client(request("DESCRIBE")).server(granted).client(request("PLAY")).server(granted)));
    CHECK(seen.kind == ObservationKind::media_stream);
    CHECK(seen.protocol == "rtsp");
    CHECK(seen.subject.empty());
    CHECK(events_of(Dialogue{554}.client(request("DESCRIBE")).server(granted)).empty());
    CHECK(events_of(Dialogue{554}.client(request("PLAY")).server(refused)).empty());
    Dialogue open{554};
    open.client("PLAY rtsp://192.168.1.30/live RTSP/1.0\r\nCSeq: 3\r\n\r\n").server(granted);
    CHECK(only<Observation>(events_of(open)).subject == "for anybody");
    Dialogue digest{554};
    digest.client("PLAY rtsp://192.168.1.30/live RTSP/1.0\r\nAuthorization: Digest username=\"a\"\r\n\r\n").server(granted);
    CHECK(only<Observation>(events_of(digest)).subject.empty());
}

TEST_CASE("moving pictures in one response, and RTSP in HTTP") {
    const std::string get = "GET /video HTTP/1.1\r\nHost: cam\r\n\r\n";
    const std::string head = "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n--frame\r\n";
    const auto seen =
        only<Observation>(events_of(Dialogue{80}.client(get).server(head + "Content-Type: image/jpeg\r\n\r\nJFIF")));
    CHECK(seen.protocol == "mjpeg");
    CHECK(seen.subject == "for anybody");
    CHECK(events_of(Dialogue{80}.client(get).server(head + "Content-Type: text/plain\r\n\r\nnews")).empty());
    CHECK(events_of(Dialogue{80}.client(get).server("HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\n\r\nJFIF")).empty());
    CHECK(only<Observation>(events_of(Dialogue{80}.client(get).server(
                                "HTTP/1.1 200 OK\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\n")))
              .protocol == "rtsp");
}

TEST_CASE("devices that anybody can steer, where they carried it out and nobody said who they are") {
    const auto ask = [](const std::string& start, const std::string& fields_of_it = "",
                        const std::string& answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") {
        return events_of(Dialogue{80}.client(start + " HTTP/1.1\r\nHost: x\r\n" + fields_of_it + "\r\n").server(answer));
    };
    const auto seen = only<Observation>(ask("GET /relay/0?turn=on"));
    CHECK(seen.kind == ObservationKind::open_control);
    CHECK(seen.protocol == "http");
    CHECK(seen.subject == "Shelly switch");
    CHECK(seen.entry == 1);
    CHECK(only<Observation>(ask("GET /cm?cmnd=Power%20TOGGLE")).subject == "Tasmota device");
    CHECK(only<Observation>(ask("POST /light/kitchen/turn_on?brightness=9")).subject == "ESPHome light");
    CHECK(only<Observation>(ask("PUT /api/3f2a/lights/4/state")).subject == "Hue bridge");
    CHECK(ask("GET /relay/0").empty());
    CHECK(ask("GET /relay/0?return=on").empty());
    CHECK(ask("GET /light/kitchen/turn_on").empty());
    CHECK(ask("GET /cm?user=admin&password=x&cmnd=Power").empty());
    CHECK(ask("GET /relay/0?turn=on", "Authorization: Digest username=\"admin\"\r\n").empty());
    CHECK(ask("GET /relay/0?turn=on", "", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n").empty());
    CHECK(ask("GET /relay/0?turn=on", "", "").empty());
}

TEST_CASE("paths of devices: a star is one part, a slash at the end is whatever follows") {
    const auto file = std::filesystem::temp_directory_path() / "linnet-device-apis-test.toml";
    std::ofstream{file} << "[[entry]]\nnumber = 7\ndevice = \"x\"\npath = \"/a/*/c\"\n"
                           "[[entry]]\nnumber = 8\ndevice = \"y\"\nmethod = \"POST\"\npath = \"/b/\"\nquery = \"k\"\n";
    const auto apis = DeviceApis::read(file);
    std::filesystem::remove(file);
    const auto number = [&](std::string_view method, std::string_view path, std::string_view query = "") {
        const auto* api = apis.match(method, path, query);
        return api == nullptr ? 0 : api->number;
    };
    CHECK(number("GET", "/a/b/c") == 7);
    CHECK(number("HEAD", "/a/b/c") == 0);
    CHECK(number("GET", "/a//c") == 0);
    CHECK(number("GET", "/a/b/c/d") == 0);
    CHECK(number("GET", "/a/b") == 0);
    CHECK(number("POST", "/b/anything/else", "x=1&k=2") == 8);
    CHECK(number("POST", "/b/anything", "kk=2") == 0);
    CHECK(number("POST", "/b/", "k=2") == 0);
    CHECK(number("GET", "") == 0);
}
