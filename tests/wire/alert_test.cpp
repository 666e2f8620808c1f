// EVE as in DESIGN section 4, written out by hand: existing tools read these lines.
#include "wire/alert.hpp"

#include <doctest/doctest.h>

using namespace linnet;

namespace {

Timestamp time(const char* text) { return parse_timestamp(text).value(); }

Alert mirai() {
    Alert alert;
    alert.id = 7;
    alert.detector = "mirai-scan";
    alert.signature_id = 1001;
    alert.severity = Severity::act_now;
    alert.signature = "Mirai-style scanning";
    alert.category = "Compromised device";
    alert.device.mac = MacAddress::parse("b8:27:eb:00:00:23").value();
    alert.device.name = "Hall camera";
    alert.src = IpAddress::parse("192.168.1.23").value();
    alert.dest = IpAddress::parse("203.0.113.9").value();
    alert.dest_port = {23};
    alert.proto = "TCP";
    alert.count = 412;
    alert.first_seen = time("2026-03-01T18:20:11.120345Z");
    alert.last_seen = time("2026-03-01T18:21:11.000000Z");
    alert.guidelines = {1, 7};
    alert.evidence = {{"targets", 398}, {"hallmark", 398}};
    alert.happened = "It happened.";
    alert.meaning = "It means.";
    alert.advice = "Do this.";
    return alert;
}

Alert login() {
    Alert alert = mirai();
    alert.device = {{}, IpAddress::parse("2001:db8::23").value(), "camera"};
    alert.confidence = Confidence::likely;
    alert.src_port = {40000};
    alert.app_proto = "http";
    alert.service = Service::http_basic;
    alert.username = "";
    alert.outcome = Outcome::failure;
    alert.evidence = Json::object();
    return alert;
}

Alert old_tls() {
    Alert alert = mirai();
    alert.tls = TlsFacts{.version = "TLS 1.0", .sni = "cloud.example", .notafter = "2027-02-21T05:13:52"};
    alert.outcome = Outcome::success;
    return alert;
}

}  // namespace

TEST_CASE("an alert is one EVE object; what is not known is left out") {
    CHECK(
        dump(to_eve(mirai())) ==
        R"({"timestamp":"2026-03-01T18:20:11.120345Z","event_type":"alert","src_ip":"192.168.1.23","dest_ip":"203.0.113.9",)"
        R"("dest_port":23,"proto":"TCP","alert":{"gid":1,"signature_id":1001,"rev":1,"severity":1,)"
        R"("signature":"Mirai-style scanning","category":"Compromised device"},)"
        R"("linnet":{"id":7,"detector":"mirai-scan","confidence":"confirmed","device":{"mac":"b8:27:eb:00:00:23","name":"Hall camera"},)"
        R"("count":412,"first_seen":"2026-03-01T18:20:11.120345Z","last_seen":"2026-03-01T18:21:11.000000Z","guidelines":[1,7],)"
        R"("evidence":{"targets":398,"hallmark":398},"happened":"It happened.","meaning":"It means.","advice":"Do this."}})");
}

TEST_CASE("a login alert adds service, username (also an empty one) and outcome") {
    const Json eve = to_eve(login());
    CHECK(eve["src_port"] == 40000);
    CHECK(eve["app_proto"] == "http");
    CHECK(dump(eve["linnet"]["device"]) == R"({"ip":"2001:db8::23","name":"camera"})");
    CHECK(eve["linnet"]["service"] == "http-basic");
    CHECK(eve["linnet"]["username"] == "");
    CHECK(eve["linnet"]["outcome"] == "failure");
    CHECK_FALSE(eve["linnet"].contains("evidence"));
    CHECK_FALSE(to_eve(mirai())["linnet"].contains("username"));
}

TEST_CASE("an alert about TLS has EVE's object of that name, and its version as the service") {
    const Json eve = to_eve(old_tls());
    CHECK(dump(eve["tls"]) == R"({"version":"TLS 1.0","sni":"cloud.example","notafter":"2027-02-21T05:13:52"})");
    CHECK(eve["linnet"]["service"] == "TLS 1.0");
    CHECK(eve["linnet"]["outcome"] == "success");
    CHECK(alert_from_eve(eve).tls == old_tls().tls);
}

TEST_CASE("an alert comes back from EVE as it went") {
    for (const Alert& alert : {mirai(), login(), old_tls()}) CHECK(to_eve(alert_from_eve(to_eve(alert))) == to_eve(alert));
    const Alert back = alert_from_eve(to_eve(login()));
    CHECK(back.device == login().device);
    CHECK(back.confidence == Confidence::likely);
    CHECK(back.service == Service::http_basic);
    CHECK(back.outcome == Outcome::failure);
}

TEST_CASE("what is not an alert is refused") {
    const auto broken = [](auto&& change) {
        Json eve = to_eve(mirai());
        change(eve);
        return eve;
    };
    CHECK_THROWS_AS(alert_from_eve(Json::object()), Json::exception);
    CHECK_THROWS_AS(alert_from_eve(Json::array()), Json::exception);
    CHECK_THROWS_AS(alert_from_eve(broken([](Json& eve) { eve["src_ip"] = "300.1.1.1"; })), std::invalid_argument);
    CHECK_THROWS_AS(alert_from_eve(broken([](Json& eve) { eve["src_ip"] = 7; })), Json::exception);
    CHECK_THROWS_AS(alert_from_eve(broken([](Json& eve) { eve["dest_port"] = 65536; })), std::invalid_argument);
    CHECK_THROWS_AS(alert_from_eve(broken([](Json& eve) { eve["alert"]["severity"] = 4; })), std::invalid_argument);
    CHECK_THROWS_AS(alert_from_eve(broken([](Json& eve) { eve["linnet"]["confidence"] = "sure"; })), std::invalid_argument);
    CHECK_THROWS_AS(alert_from_eve(broken([](Json& eve) { eve["linnet"].erase("id"); })), Json::exception);
}

TEST_CASE("a device record, there and back") {
    Device device;
    device.key = "b8:27:eb:00:00:23";
    device.mac = MacAddress::parse(device.key).value();
    device.ips = {IpAddress::parse("192.168.1.23").value(), IpAddress::parse("fe80::23").value()};
    device.name = device.hostname = "hall-camera";
    device.maker = "Raspberry Pi Foundation";
    device.confidence = {{"maker", 0.9}};
    device.reasons = {"Because."};
    device.first_seen = time("2026-03-01T18:20:11.120345Z");
    device.last_seen = time("2026-03-01T18:21:11.000000Z");
    device.bytes_sent = 5;
    device.randomized_mac = false;
    CHECK(
        dump(to_eve(device)) ==
        R"({"timestamp":"2026-03-01T18:21:11.000000Z","event_type":"device","linnet":{"device":{"key":"b8:27:eb:00:00:23",)"
        R"("mac":"b8:27:eb:00:00:23","ips":["192.168.1.23","fe80::23"],"name":"hall-camera","hostname":"hall-camera",)"
        R"("maker":"Raspberry Pi Foundation","confidence":{"maker":0.9},"reasons":["Because."],)"
        R"("first_seen":"2026-03-01T18:20:11.120345Z","last_seen":"2026-03-01T18:21:11.000000Z","bytes_sent":5,)"
        R"("bytes_received":0,"randomized_mac":false}}})");
    CHECK(to_eve(device_from_eve(to_eve(device))) == to_eve(device));
}

TEST_CASE("a flow record has Suricata's words") {
    Flow flow;
    flow.id = 9;
    flow.stage = FlowStage::end;
    flow.reason = FlowEndReason::closed;
    flow.proto = Proto::tcp;
    flow.client = {IpAddress::parse("192.168.1.10").value(), {40000}, {}};
    flow.server = {IpAddress::parse("203.0.113.9").value(), {443}, {}};
    flow.first_seen = time("2026-03-01T18:20:11.120345Z");
    flow.last_seen = time("2026-03-01T18:21:11.000000Z");
    flow.packets_to_server = 3;
    flow.packets_to_client = 2;
    flow.bytes_to_server = 300;
    flow.bytes_to_client = 200;
    flow.app_proto = "tls";
    flow.service = "Netflix";
    CHECK(
        dump(to_eve(flow)) ==
        R"({"timestamp":"2026-03-01T18:21:11.000000Z","flow_id":9,"event_type":"flow","src_ip":"192.168.1.10","src_port":40000,)"
        R"("dest_ip":"203.0.113.9","dest_port":443,"proto":"TCP","app_proto":"tls","flow":{"pkts_toserver":3,"pkts_toclient":2,)"
        R"("bytes_toserver":300,"bytes_toclient":200,"start":"2026-03-01T18:20:11.120345Z","end":"2026-03-01T18:21:11.000000Z",)"
        R"("age":59,"state":"closed","reason":"timeout"},"linnet":{"application":"Netflix"}})");
    flow.reason = FlowEndReason::shutdown;
    flow.packets_to_client = 0;
    flow.client.mac = MacAddress::parse("b8:27:eb:00:00:23").value();
    CHECK(to_eve(flow)["flow"]["state"] == "new");
    CHECK(to_eve(flow)["flow"]["reason"] == "shutdown");
    CHECK(to_eve(flow)["ether"]["src_mac"] == "b8:27:eb:00:00:23");
    flow.stage = FlowStage::update;
    CHECK_FALSE(to_eve(flow)["flow"].contains("reason"));
    flow.first_seen = flow.last_seen + std::chrono::seconds{5};
    CHECK(to_eve(flow)["flow"]["age"] == 0);
}

TEST_CASE("the sensor's counters are a stats record") {
    SensorStats stats;
    stats.source = "eth0";
    stats.packets = 5;
    stats.malformed = 2;
    stats.kernel_dropped = 1;
    const Json eve = to_eve(stats);
    CHECK(eve["event_type"] == "stats");
    CHECK(eve["stats"]["decoder"]["pkts"] == 5);
    CHECK(eve["stats"]["decoder"]["invalid"] == 2);
    CHECK(eve["stats"]["capture"]["kernel_drops"] == 1);
    CHECK(eve["linnet"]["source"] == "eth0");
}

TEST_CASE("text that is not UTF-8 never throws: it is mended") {
    Alert alert = login();
    alert.username = "caf\xe9\xff";
    CHECK(dump(to_eve(alert)).find("caf\xef\xbf\xbd\xef\xbf\xbd") != std::string::npos);
}
