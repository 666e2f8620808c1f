// The report card: pairs of homes, one just below what a verdict needs and one that has it.
#include "analyzer/report/report.hpp"

#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>

using namespace linnet;
using namespace linnet::test;

namespace {

const std::string camera_mac = "b8:27:eb:00:00:23", laptop_mac = "00:11:22:33:44:55", router_mac = "00:11:22:33:44:01";
const Endpoint laptop = end("192.168.1.10", 40'000, laptop_mac);
const Endpoint server = end("203.0.113.9", 443, router_mac);

Endpoint camera(std::uint16_t port) { return end("192.168.1.23", port, camera_mac); }

std::unique_ptr<Core> home() {
    auto core = std::make_unique<Core>(CoreOptions{}, signatures());
    core->apply("s", AddressBinding{at(0), mac(camera_mac), ip("192.168.1.23"), "arp"});
    core->apply("s", AddressBinding{at(0), mac(laptop_mac), ip("192.168.1.10"), "arp"});
    return core;
}

void over(Core& core, Flow flow) {
    core.apply("s", flow);
    flow.stage = FlowStage::end;
    core.apply("s", flow);
}

TlsHandshake hello(std::uint16_t version, double seconds, const std::string& sni = "cloud.example.com") {
    TlsHandshake hello;
    hello.at = at(seconds);
    hello.client = camera(50'000);
    hello.server = server;
    hello.version = version;
    hello.cipher = version >= 0x0304 ? 0x1301 : 0xc02f;  // AES-GCM, as of today
    hello.sni = sni;
    return hello;
}

/// A conversation of the camera over TLS, from hello to end.
void protected_conversation(Core& core, double seconds) {
    core.apply("s", hello(0x0304, seconds));
    over(core, flow(camera(50'000), server, "tls", seconds));
}

const DeviceCard& card_of(const ReportCard& report, const std::string& key) {
    for (const auto& card : report.devices)
        if (card.key == key) return card;
    FAIL("no card of " << key);
    return report.devices.front();
}

Judgement judged(const Core& core, int guideline, const std::string& key = camera_mac) {
    const ReportCard report = core.report(at(1e9));
    return card_of(report, key).judgements.at(static_cast<std::size_t>(guideline) - 1);
}

Login tried(std::uint16_t entry, Outcome outcome, double seconds = 1) {
    Login login = test::login(laptop, camera(23), Service::telnet, "root", seconds);
    login.default_entry = entry;
    login.outcome = outcome;
    return login;
}

}  // namespace

TEST_CASE("nothing is observable of a device that did nothing, and the card says why") {
    const auto core = home();
    const ReportCard report = core->report(at(1e9));
    CHECK(report.device_count == 2);
    CHECK(report.act_now + report.important == 0);
    const DeviceCard& card = card_of(report, camera_mac);
    CHECK(card.name == "Raspberry Pi 00:23");
    CHECK_FALSE(card.need);
    CHECK(card.note.find("heard no conversation") != std::string::npos);
    REQUIRE(card.judgements.size() == 13);
    for (int number = 1; number <= 13; ++number) {
        const Judgement& judgement = card.judgements[static_cast<std::size_t>(number) - 1];
        CHECK(judgement.guideline == number);
        CHECK(judgement.verdict == Verdict::not_observable);
        CHECK(judgement.evidence.empty());
        CHECK(report.house[static_cast<std::size_t>(number) - 1].verdict == Verdict::not_observable);
        CHECK(report.guidelines[static_cast<std::size_t>(number) - 1].number == number);
    }
}

TEST_CASE("guideline 1: a factory password that got in refutes; one that was tried, or turned away, does not") {
    SUBCASE("got in") {
        const auto core = home();
        core->apply("s", tried(1, Outcome::success));
        const Judgement judgement = judged(*core, 1);
        CHECK(judgement.verdict == Verdict::refuted);
        REQUIRE(judgement.evidence.size() == 1);
        CHECK(judgement.evidence[0].event == "default-login");
        CHECK(judgement.evidence[0].provisions == std::vector<std::string>{"5.1-1"});
        CHECK(judgement.evidence[0].peer == "192.168.1.10");
        CHECK(judgement.evidence[0].first_seen == at(1));
        CHECK(judgement.evidence[0].what.find("factory password") != std::string::npos);
        CHECK(core->report(at(1e9)).act_now == 1);
        CHECK(judged(*core, 1, laptop_mac).verdict == Verdict::not_observable);  // the password is not the laptop's
    }
    SUBCASE("whether it got in was not seen") {
        const auto core = home();
        core->apply("s", tried(1, Outcome::unknown));
        const Judgement judgement = judged(*core, 1);
        CHECK(judgement.verdict == Verdict::not_observable);
        CHECK_FALSE(judgement.note.empty());
    }
    SUBCASE("a device that uses one elsewhere is not the one that has it") {
        const auto core = home();
        Login outside = test::login(camera(40'000), server, Service::ftp, "admin", 1);
        outside.default_entry = 1;
        outside.outcome = Outcome::success;
        core->apply("s", outside);
        CHECK(judged(*core, 1).verdict == Verdict::not_observable);
        CHECK(judged(*core, 5).verdict == Verdict::refuted);
    }
}

TEST_CASE(
    "guideline 1: ten different factory passwords that did not get in support it, nine or one of unknown outcome do not") {
    const auto turned_away = [](std::uint16_t entries) {
        auto core = home();
        for (std::uint16_t entry = 1; entry <= entries; ++entry) core->apply("s", tried(entry, Outcome::failure, entry));
        return core;
    };
    const auto nine = turned_away(9);
    nine->apply("s", tried(9, Outcome::failure, 99));  // again
    CHECK(judged(*nine, 1).verdict == Verdict::not_observable);
    CHECK(judged(*nine, 1).note.find("9 factory passwords") == 0);
    const auto ten = turned_away(10);
    CHECK(judged(*ten, 1).verdict == Verdict::supported);
    CHECK(judged(*ten, 1).evidence.at(0).event == "login");
    CHECK(judged(*ten, 1).evidence.at(0).count == 10);
    CHECK(judged(*ten, 1).evidence.at(0).last_seen == at(10));
    ten->apply("s", tried(11, Outcome::unknown, 20));
    CHECK(judged(*ten, 1).verdict == Verdict::not_observable);
    ten->apply("s", tried(11, Outcome::success, 21));
    CHECK(judged(*ten, 1).verdict == Verdict::refuted);
}

TEST_CASE("guideline 3: two protected visits to a server named for updates support it, one or an old TLS does not") {
    const auto core = home();
    core->apply("s", hello(0x0303, 1, "fw-update.example.com"));
    core->apply("s", hello(0x0301, 2, "fw-update.example.com"));
    core->apply("s", hello(0x0304, 2, "dateup.example.com"));
    CHECK(judged(*core, 3).verdict == Verdict::not_observable);
    core->apply("s", hello(0x0304, 3, "ota.example.com"));
    const Judgement judgement = judged(*core, 3);
    CHECK(judgement.verdict == Verdict::supported);
    CHECK(judgement.evidence.at(0).what.find("ota.example.com") != std::string::npos);
    CHECK(judgement.evidence.at(0).peer == "203.0.113.9 port 443");
}

TEST_CASE("guideline 5: twenty protected conversations and nothing else support it; nineteen, or a readable one, do not") {
    const auto core = home();
    for (int i = 0; i < 19; ++i) protected_conversation(*core, i);
    CHECK(judged(*core, 5).verdict == Verdict::not_observable);
    CHECK(judged(*core, 5).note.find("too few to judge") != std::string::npos);
    protected_conversation(*core, 20);
    CHECK(judged(*core, 5).verdict == Verdict::supported);
    CHECK(judged(*core, 5).evidence.at(0).count == 20);
    CHECK(judged(*core, 5, laptop_mac).verdict == Verdict::not_observable);

    SUBCASE("names, time and a conversation that was under way change nothing") {
        over(*core, flow(camera(50'001), end("203.0.113.53", 53, router_mac), "dns", 21));
        Flow midstream = flow(camera(50'002), server, "tls", 21);
        midstream.midstream = true;
        over(*core, midstream);
        CHECK(judged(*core, 5).verdict == Verdict::supported);
    }
    SUBCASE("a refused certificate is more evidence") {
        Certificate refused;
        refused.at = at(21);
        refused.client = camera(50'003);
        refused.server = server;
        refused.outcome = Outcome::failure;
        core->apply("s", refused);
        REQUIRE(judged(*core, 5).evidence.size() == 2);
        CHECK(judged(*core, 5).evidence[1].event == "certificate");
        CHECK(judged(*core, 5).evidence[1].count == 1);
    }
    SUBCASE("readable, and it says with whom, from the moment on when it begins") {
        core->apply("s", flow(camera(50'004), end("203.0.113.80", 80, router_mac), "http", 21));
        CHECK(judged(*core, 5).verdict == Verdict::not_observable);
        CHECK(judged(*core, 5).note.find("http, last with 203.0.113.80 port 80") != std::string::npos);
    }
    SUBCASE("readable inside the home") {
        over(*core, flow(camera(50'004), laptop, "mqtt", 21));
        CHECK(judged(*core, 5).verdict == Verdict::not_observable);
    }
    SUBCASE("a readable service of its own") {
        over(*core, flow(laptop, camera(80), "http", 21));
        CHECK(judged(*core, 5).verdict == Verdict::not_observable);
    }
    SUBCASE("an unknown protocol") {
        over(*core, flow(camera(50'005), end("203.0.113.81", 9999, router_mac), "", 21));
        CHECK(judged(*core, 5).verdict == Verdict::not_observable);
    }
    SUBCASE("an old TLS") {
        core->apply("s", hello(0x0302, 21));
        CHECK(judged(*core, 5).verdict == Verdict::not_observable);
    }
    SUBCASE("TLS whose hello was not seen") {
        over(*core, flow(camera(50'006), server, "tls", 21));
        CHECK(judged(*core, 5).verdict == Verdict::not_observable);
    }
    SUBCASE("a password in clear refutes what so much supported") {
        core->apply("s", test::login(camera(50'007), end("203.0.113.21", 21, router_mac), Service::ftp, "anna", 22));
        const Judgement judgement = judged(*core, 5);
        CHECK(judgement.verdict == Verdict::refuted);
        CHECK(judgement.evidence.at(0).event == "cleartext-login");
    }
}

TEST_CASE("guideline 5: a password in clear speaks against who takes it, not against who has no other way to send it") {
    const auto core = home();
    core->apply("s", test::login(laptop, camera(21), Service::ftp, "anna", 1));
    CHECK(judged(*core, 5).verdict == Verdict::refuted);
    CHECK(judged(*core, 5).evidence.at(0).provisions == std::vector<std::string>{"5.5-6"});
    CHECK(judged(*core, 5, laptop_mac).verdict == Verdict::not_observable);
}

TEST_CASE("guideline 5: what is only worth knowing condemns nobody, and yet nothing is called supported over it") {
    const auto core = home();
    for (int i = 0; i < 25; ++i) protected_conversation(*core, i);
    core->apply("s", test::login(camera(40'000), end("203.0.113.21", 21, router_mac), Service::ftp, "anonymous", 30));
    REQUIRE(core->alerts().size() == 1);
    REQUIRE(core->alerts()[0].severity == Severity::worth_knowing);
    CHECK(judged(*core, 5).verdict == Verdict::not_observable);
    CHECK(core->report(at(1e9)).important == 0);
}

TEST_CASE("guidelines 5 and 6: telnet speaks against both of who offers it, and against 5 alone of who uses it outside") {
    const auto offered = home();
    over(*offered, flow(laptop, camera(23), "telnet", 1));
    CHECK(judged(*offered, 5).verdict == Verdict::refuted);
    CHECK(judged(*offered, 6).verdict == Verdict::refuted);
    CHECK(judged(*offered, 6).evidence.at(0).provisions == std::vector<std::string>{"5.6-5"});
    const auto used = home();
    over(*used, flow(camera(50'000), end("203.0.113.23", 23, router_mac), "telnet", 1));
    CHECK(judged(*used, 5).verdict == Verdict::refuted);
    CHECK(judged(*used, 6).verdict == Verdict::not_observable);
}

TEST_CASE("guideline 6: a hundred doors that somebody tried and none open support it; 99, or one that is open, do not") {
    const auto core = home();
    for (std::uint16_t port = 1; port < 100; ++port)
        core->apply("s", probe("192.168.1.10", "192.168.1.23", port, port, ProbeKind::tcp_syn, ProbeOutcome::refused));
    core->apply("s", probe("192.168.1.10", "192.168.1.23", 99, 100));  // again
    CHECK(judged(*core, 6).verdict == Verdict::not_observable);
    core->apply("s", probe("192.168.1.10", "192.168.1.23", 100, 101));
    CHECK(judged(*core, 6).verdict == Verdict::supported);
    CHECK(judged(*core, 6).evidence.at(0).peer == "192.168.1.10");
    over(*core, flow(laptop, camera(554), "rtsp", 102));
    CHECK(judged(*core, 6).verdict == Verdict::not_observable);
    CHECK(judged(*core, 6).note.find("TCP port 554 (rtsp)") != std::string::npos);
}

TEST_CASE("guideline 6: a risky door in the router refutes it; a harmless one, or one that is merely used, does not") {
    const auto opened = [](std::uint16_t port, Proto proto) {
        auto core = home();
        PortMapping door;
        door.at = at(1);
        door.client = camera(50'000);
        door.router = end("192.168.1.1", 5000, router_mac);
        door.outcome = Outcome::success;
        door.proto = proto;
        door.external_port = door.internal_port = {port};
        door.internal_ip = ip("192.168.1.23");
        core->apply("s", door);
        return core;
    };
    CHECK(judged(*opened(23, Proto::tcp), 6).verdict == Verdict::refuted);
    const auto harmless = opened(40'123, Proto::udp);
    REQUIRE(alerts(*harmless, "port-opened").size() == 1);
    CHECK(judged(*harmless, 6).verdict == Verdict::not_observable);
    Flow visit = flow(end("198.51.100.7", 50'000, router_mac), camera(40'123), "", 2);
    visit.proto = Proto::udp;
    over(*harmless, visit);
    REQUIRE(alerts(*harmless, "port-opened").size() == 1);
    CHECK(harmless->report(at(1e9)).important == 1);
    CHECK(judged(*harmless, 6).verdict == Verdict::not_observable);
    const auto game = opened(40'123, Proto::tcp);
    over(*game, flow(end("198.51.100.7", 50'000, router_mac), camera(40'123), "", 2));
    CHECK(judged(*game, 6).verdict == Verdict::not_observable);
    const auto risky = opened(23, Proto::tcp);
    over(*risky, flow(end("198.51.100.7", 50'000, router_mac), camera(23), "", 2));
    CHECK(judged(*risky, 6).verdict == Verdict::refuted);
}

TEST_CASE("guideline 7: a bot refutes it and nothing else; a scan, which a network tool does too, refutes nothing") {
    const auto bot = home();
    for (int i = 0; i < 8; ++i) bot->apply("s", hallmark("192.168.1.23", fmt::format("198.51.100.{}", i + 1), 23, i));
    REQUIRE(alerts(*bot, "mirai-scan").size() == 1);
    const ReportCard report = bot->report(at(1e9));
    const std::string key = alerts(*bot, "mirai-scan")[0].device.ip.known() ? "192.168.1.23" : camera_mac;
    const DeviceCard& card = card_of(report, key);
    CHECK(card.need == Severity::act_now);
    REQUIRE(card.tasks.size() == 1);
    CHECK(card.tasks[0].advice.find("Unplug it now") == 0);
    for (const Judgement& judgement : card.judgements)
        CHECK((judgement.verdict == Verdict::refuted) == (judgement.guideline == 7));
    CHECK(report.house[6].verdict == Verdict::refuted);
    CHECK(report.house[6].names == std::vector<std::string>{card.name});

    const auto scanner = home();
    for (std::uint16_t port = 1; port < 40; ++port)
        scanner->apply("s", probe("192.168.1.10", "192.168.1.23", port, port, ProbeKind::tcp_syn, ProbeOutcome::refused));
    wait_until(*scanner, 60);
    REQUIRE(alerts(*scanner, "vertical-scan").size() == 1);
    const ReportCard other = scanner->report(at(1e9));
    CHECK(other.important == 1);
    for (const HouseVerdict& house : other.house) CHECK(house.verdict != Verdict::refuted);
}

TEST_CASE("the report tells of thirty days: an older alert is over, and who was not seen has no card") {
    constexpr double day = 86'400;
    const auto core = home();
    core->apply("s", test::login(laptop, camera(21), Service::ftp, "anna", 1));
    core->apply("s", AddressBinding{at(29 * day), mac(camera_mac), ip("192.168.1.23"), "arp"});
    CHECK(core->report(at(1e9)).device_count == 2);
    CHECK(judged(*core, 5).verdict == Verdict::refuted);
    core->apply("s", AddressBinding{at(31 * day), mac(camera_mac), ip("192.168.1.23"), "arp"});
    const ReportCard report = core->report(at(1e9));
    CHECK(report.as_of == at(31 * day));
    CHECK(report.since == at(day));
    CHECK(report.device_count == 1);
    CHECK(judged(*core, 5).verdict == Verdict::not_observable);
    CHECK(core->report(at(2)).as_of == at(2));  // an event from the future does not move it
}

TEST_CASE("what supports a verdict is forgotten after two periods") {
    constexpr double day = 86'400;
    const auto core = home();
    for (int i = 0; i < 20; ++i) protected_conversation(*core, i);
    protected_conversation(*core, 31 * day);
    CHECK(judged(*core, 5).evidence.at(0).count == 21);
    protected_conversation(*core, 62 * day);
    CHECK(judged(*core, 5).verdict == Verdict::not_observable);
}

TEST_CASE("one device can be asked for; nobody's key gives no card") {
    const auto core = home();
    const ReportCard report = core->report(at(1e9), laptop_mac);
    REQUIRE(report.devices.size() == 1);
    CHECK(report.device == laptop_mac);
    CHECK(report.devices[0].key == laptop_mac);
    CHECK(core->report(at(1e9), "00:00:00:00:00:99").devices.empty());
}

TEST_CASE("the house is supported only where each of its devices is") {
    Core core{{}, signatures()};
    for (int i = 0; i < 20; ++i) protected_conversation(core, i);
    CHECK(core.report(at(1e9)).house[4].verdict == Verdict::supported);
    core.apply("s", AddressBinding{at(30), mac(laptop_mac), ip("192.168.1.10"), "arp"});
    const HouseVerdict house = core.report(at(1e9)).house[4];
    CHECK(house.verdict == Verdict::not_observable);
    CHECK(house.supported == 1);
}

TEST_CASE("the report is the same behind a restart, and as JSON and back") {
    const auto core = home();
    for (int i = 0; i < 25; ++i) protected_conversation(*core, i);
    for (std::uint16_t port = 1; port < 120; ++port)
        core->apply("s", probe("192.168.1.10", "192.168.1.23", port, port, ProbeKind::tcp_syn, ProbeOutcome::refused));
    for (std::uint16_t entry = 1; entry < 12; ++entry) core->apply("s", tried(entry, Outcome::failure, 200));
    over(*core, flow(laptop, camera(8080), "http", 300));
    Core again{{}, signatures()};
    core->save_changes([&again](StateRow&& row) { again.restore(row); });
    CHECK(again.damaged_rows() == 0);
    const Json json = to_json(core->report(at(1e9)));
    CHECK(dump(to_json(again.report(at(1e9)))) == dump(json));
    CHECK(report_card_from_json(Json::parse(dump(json))) == core->report(at(1e9)));
}

TEST_CASE("a message that is no report card is refused") {
    const auto core = home();
    const Json good = to_json(core->report(at(1e9)));
    const auto refused = [&good](const std::string& pointer, const Json& value) {
        Json bad = good;
        bad[Json::json_pointer{pointer}] = value;
        CHECK_THROWS(report_card_from_json(bad));
    };
    refused("/schema", 2);
    refused("/as_of", "yesterday");
    refused("/house/verdicts", Json::array());
    refused("/house/verdicts/0/verdict", "splendid");
    refused("/guidelines/3/guideline", 14);
    refused("/devices/0/judgements/2/guideline", 4);
    refused("/devices/0/ips/0", "nowhere");
}

TEST_CASE("hostile names stay what they are: text") {
    const auto core = home();
    core->apply("s", hostname(camera_mac, "<script>alert(1)</script>{peer}\xE2\x80\xAE", 1));
    over(*core, flow(laptop, camera(23), "telnet", 2));
    const ReportCard report = core->report(at(1e9));
    CHECK(card_of(report, camera_mac).name == "<script>alert(1)</script>{peer}\xE2\x80\xAE");
    CHECK(report_card_from_json(Json::parse(dump(to_json(report)))) == report);
}

TEST_CASE("ten thousand devices, each with alerts: quick, and small enough for a message") {
    Core core{{.max_devices = 10'000}, signatures()};
    const std::string long_name(250, 'x');
    for (std::uint32_t i = 0; i < 9'999; ++i) {
        const MacAddress hardware{{0x00, 0x11, 0x22, 0x33, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}};
        const Endpoint device{IpAddress::v4(0x0a000000U + i), {23}, hardware};
        core.apply("s", DeviceHint{at(1), hardware, device.ip, "dhcp", "hostname", fmt::format("{}{}", i, long_name)});
        core.apply("s", test::login(laptop, device, Service::telnet, std::string(200, 'u'), 2));
    }
    const auto begin = std::chrono::steady_clock::now();
    const ReportCard report = core.report(at(1e9));
    const auto json = dump(to_json(report));
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{10});
    CHECK(report.device_count == 10'000);
    CHECK(report.important == 9'999);  // the laptop is the other one
    CHECK(report.devices.size() <= ReportCard::max_cards);
    CHECK(report.devices.size() > 500);
    CHECK(report.left_out == 10'000 - report.devices.size());
    CHECK(report.house[4].names.size() == HouseVerdict::max_names);
    CHECK(json.size() < 13 * 1024 * 1024);
}
