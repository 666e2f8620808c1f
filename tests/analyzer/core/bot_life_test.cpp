// brute-force, flood, c2-contact, malware-download, exploit-attempt, insecure-update: the life of a bot.
#include "analyzer/detectors/name_shape.hpp"
#include "analyzer/detectors/numeric_host.hpp"
#include "home.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace linnet;
using namespace linnet::test;

namespace {

const Endpoint laptop = end("192.168.1.10", 40000, "00:11:22:33:44:55");
const Endpoint camera = end("192.168.1.23", 23, "b8:27:eb:00:00:23");
const Endpoint outside = end("203.0.113.9", 80, "00:aa:bb:cc:dd:ee");

Observation seen(ObservationKind kind, const Endpoint& client, const Endpoint& server, const std::string& subject,
                 double seconds = 0, std::uint16_t entry = 0) {
    Observation observation;
    observation.at = at(seconds);
    observation.client = client;
    observation.server = server;
    observation.kind = kind;
    observation.entry = entry;
    observation.protocol = kind == ObservationKind::loader_command ? "telnet" : "http";
    observation.subject = subject;
    return observation;
}

Burst burst(BurstKind kind, const std::string& source, const std::string& target, double seconds, std::uint64_t packets,
            std::uint64_t answers = 0) {
    Burst burst;
    burst.at = at(seconds);
    burst.source = ip(source);
    burst.target = ip(target);
    burst.port = {80};
    burst.kind = kind;
    burst.packets = packets;
    burst.answers = answers;
    return burst;
}

NameBinding lookup(const std::string& name, double seconds, std::uint8_t rcode = 0, std::uint16_t type = 1) {
    NameBinding binding;
    binding.at = at(seconds);
    binding.client = camera;
    binding.resolver = end("192.168.1.1", 53, "00:aa:bb:cc:dd:ee");
    binding.name = name;
    binding.type = type;
    binding.rcode = rcode;
    return binding;
}

Login refused(const Endpoint& client, const Endpoint& server, Service service, const std::string& user, double seconds) {
    Login attempt = login(client, server, service, user, seconds);
    attempt.outcome = Outcome::failure;
    return attempt;
}

Flow short_session(std::uint16_t client_port, const Endpoint& server, double seconds) {
    Flow session = flow(end("192.168.1.10", client_port, "00:11:22:33:44:55"), server, "ssh", seconds);
    session.stage = FlowStage::end;
    session.last_seen = at(seconds + 2);
    session.payload_to_server = 1200;
    session.payload_to_client = 1100;
    return session;
}

Alert only(const Core& core, const std::string& detector) {
    REQUIRE(alerts(core, detector).size() == 1);
    return alerts(core, detector)[0];
}

/// Restarts after each event: what the detectors remember must survive.
class Restarting {
 public:
    void apply(const Event& event) {
        core_->apply("s", event);
        core_->save_changes([this](StateRow&& row) {
            if (row.value)
                rows_[{row.table, row.key}] = row;
            else
                rows_.erase({row.table, row.key});
        });
        core_ = std::make_unique<Core>(CoreOptions{}, signatures());
        for (const auto& [key, row] : rows_) core_->restore(row);
        CHECK(core_->damaged_rows() == 0);
    }
    [[nodiscard]] const Core& core() const { return *core_; }

 private:
    std::unique_ptr<Core> core_ = std::make_unique<Core>(CoreOptions{}, signatures());
    std::map<std::pair<std::string, std::string>, StateRow> rows_;
};

}  // namespace

TEST_CASE("brute-force: twenty refusals within a minute, or ten under three names; one alert that counts") {
    for (const int users : {1, 3}) {
        const int floor = users == 1 ? 20 : 10;
        CAPTURE(users);
        Core core{{}, signatures()};
        const auto attempt = [&](int i) {
            return refused(end("192.168.1.10", static_cast<std::uint16_t>(40000 + i), "00:11:22:33:44:55"), camera,
                           Service::telnet, "user" + std::to_string(i % users), i * 2.0);
        };
        for (int i = 0; i < floor - 1; ++i) core.apply("s", attempt(i));
        CHECK(alerts(core, "brute-force").empty());
        for (int i = floor - 1; i < 40; ++i) core.apply("s", attempt(i));
        const Alert alert = only(core, "brute-force");
        CHECK(alert.count == 40);
        CHECK(alert.severity == Severity::act_now);
        CHECK(alert.confidence == Confidence::confirmed);
        CHECK(alert.device.mac == laptop.mac);
        CHECK(alert.dest == camera.ip);
        CHECK(alert.dest_port.number == 23);
    }
}

TEST_CASE("brute-force: an outdated password every ten seconds, or logins of unknown outcome, are none") {
    Core core{{}, signatures()};
    for (int i = 0; i < 500; ++i)
        core.apply("s", refused(laptop, end("198.51.100.5", 110), Service::pop3, "anna", i * 10.0));
    for (int i = 0; i < 500; ++i) core.apply("s", login(laptop, camera, Service::telnet, "root", i * 0.1));
    CHECK(alerts(core, "brute-force").empty());
}

TEST_CASE("brute-force: many short SSH sessions, on any port, likely; long, large or few ones are none") {
    Core below{{}, signatures()}, above{{}, signatures()}, work{{}, signatures()};
    Endpoint server = camera;
    server.port = {902};
    for (int i = 0; i < 29; ++i) below.apply("s", short_session(static_cast<std::uint16_t>(40000 + i), server, i));
    for (int i = 0; i < 60; ++i) above.apply("s", short_session(static_cast<std::uint16_t>(40000 + i), server, i));
    for (int i = 0; i < 200; ++i) {
        auto session = short_session(static_cast<std::uint16_t>(40000 + i), server, i);
        if (i % 2 == 0) session.payload_to_client = 20'000;
        if (i % 2 == 1) session.last_seen = at(i + 60);
        work.apply("s", session);
    }
    CHECK(below.alerts().empty());
    CHECK(work.alerts().empty());
    const Alert alert = only(above, "brute-force");
    CHECK(alert.count == 60);
    CHECK(alert.confidence == Confidence::likely);
    CHECK(alert.app_proto == "ssh");
}

TEST_CASE("brute-force: outwards it is the device's, inwards it is about the device it reaches") {
    Core core{{}, signatures()};
    for (int i = 0; i < 25; ++i) {
        core.apply("s", refused(camera, end("203.0.113.9", 23), Service::telnet, "root", i));
        core.apply("s", refused(end("198.51.100.7", 5), laptop, Service::ftp, "admin", i));
    }
    const auto found = alerts(core, "brute-force");
    REQUIRE(found.size() == 2);
    CHECK(found[0].device.mac == camera.mac);
    CHECK(found[0].severity == Severity::act_now);
    CHECK(found[0].happened.find("outside your home") != std::string::npos);
    CHECK(found[1].device.mac == laptop.mac);
    CHECK(found[1].severity == Severity::important);
}

TEST_CASE("flood: five full seconds of twenty, each kind with its floor; what is answered is none") {
    struct Case {
        BurstKind kind;
        std::uint64_t floor;
    };
    for (const auto& c :
         {Case{BurstKind::syn, 100}, Case{BurstKind::ack, 1000}, Case{BurstKind::udp, 5000}, Case{BurstKind::dns, 300},
          Case{BurstKind::gre, 500}, Case{BurstKind::icmp, 300}, Case{BurstKind::http, 200}}) {
        const auto kind = c.kind;
        const auto floor = c.floor;
        CAPTURE(static_cast<int>(kind));
        Core few{{}, signatures()}, weak{{}, signatures()}, answered{{}, signatures()}, full{{}, signatures()};
        for (int i = 0; i < 10; ++i) {
            if (i < 4) few.apply("s", burst(kind, "192.168.1.23", "203.0.113.9", i, floor));
            weak.apply("s", burst(kind, "192.168.1.23", "203.0.113.9", i, floor - 1));
            answered.apply("s", burst(kind, "192.168.1.23", "203.0.113.9", i, floor, floor / 20 + 1));
            full.apply("s", burst(kind, "192.168.1.23", "203.0.113.9", i, floor, floor / 20));
        }
        CHECK(few.alerts().empty());
        CHECK(weak.alerts().empty());
        CHECK(answered.alerts().empty() == (kind != BurstKind::http));
        const Alert alert = only(full, "flood");
        CHECK(alert.count == 10 * floor);
        CHECK(alert.severity == Severity::act_now);
        CHECK(alert.first_seen == at(0));
        CHECK(alert.src == ip("192.168.1.23"));
        CHECK(alert.dest == ip("203.0.113.9"));
    }
}

TEST_CASE("flood: datagrams to changing ports are one earlier than a stream to one port") {
    Core stream{{}, signatures()}, changing{{}, signatures()};
    for (int i = 0; i < 5; ++i) {
        Burst datagrams = burst(BurstKind::udp, "192.168.1.23", "203.0.113.9", i, 500);
        stream.apply("s", datagrams);
        datagrams.port = {};
        changing.apply("s", datagrams);
    }
    CHECK(stream.alerts().empty());
    CHECK(only(changing, "flood").count == 2500);
}

TEST_CASE("flood: requests to changing ports are a search for open ones, until there are too many for that") {
    Core search{{}, signatures()}, flood{{}, signatures()};
    for (int i = 0; i < 10; ++i) {
        Burst requests = burst(BurstKind::syn, "192.168.1.23", "203.0.113.9", i, 1999);
        requests.port = {};
        search.apply("s", requests);
        requests.packets = 2000;
        flood.apply("s", requests);
    }
    CHECK(search.alerts().empty());
    CHECK(only(flood, "flood").count == 20'000);
}

TEST_CASE("flood: full seconds that are far apart are none; inside and inwards are less grave") {
    Core core{{}, signatures()};
    for (int i = 0; i < 20; ++i) core.apply("s", burst(BurstKind::syn, "192.168.1.23", "203.0.113.9", i * 6, 1000));
    CHECK(core.alerts().empty());
    for (int i = 0; i < 5; ++i) core.apply("s", burst(BurstKind::syn, "192.168.1.23", "192.168.1.10", 1000 + i, 1000));
    for (int i = 0; i < 5; ++i) core.apply("s", burst(BurstKind::udp, "198.51.100.7", "192.168.1.10", 1000 + i, 9000));
    REQUIRE(alerts(core, "flood").size() == 2);
    for (const auto& alert : alerts(core, "flood")) CHECK(alert.severity == Severity::important);
}

TEST_CASE("c2-contact: a conversation with a bot's server is confirmed") {
    Core core{{}, signatures()};
    core.apply("s", seen(ObservationKind::bot_command, camera, outside, "Mirai: a bot reports for duty", 1));
    core.apply("s", seen(ObservationKind::bot_command, camera, outside, "Mirai: order to attack, SYN flood", 9));
    const Alert alert = only(core, "c2-contact");
    CHECK(alert.confidence == Confidence::confirmed);
    CHECK(alert.severity == Severity::act_now);
    CHECK(alert.device.mac == camera.mac);
    CHECK(alert.count == 2);
    CHECK(alert.evidence["sign"] == "Mirai: order to attack, SYN flood");
}

TEST_CASE(
    "c2-contact: a bot that looks for its like is one alert, however many peers; strangers' bots that ask us are none") {
    const auto among_peers = [](const Endpoint& client, const Endpoint& server, double seconds) {
        auto observation = seen(ObservationKind::bot_command, client, server, "Mozi: looks for its like", seconds);
        observation.protocol = "dht";
        return observation;
    };
    Core core{{}, signatures()};
    core.apply("s", among_peers(outside, laptop, 1));
    CHECK(core.alerts().empty());
    for (int i = 1; i <= 20; ++i) core.apply("s", among_peers(camera, end(fmt::format("198.51.100.{}", i), 6881), i));
    const Alert alert = only(core, "c2-contact");
    CHECK(alert.count == 20);
    CHECK(alert.device.mac == camera.mac);
    CHECK(alert.proto == "UDP");
    CHECK(alert.severity == Severity::act_now);
    CHECK(alert.happened.find("other infected devices") != std::string::npos);
}

TEST_CASE("c2-contact: names, addresses and files of the list; what only looks similar is none") {
    Core core{{}, signatures()};
    core.apply("s", lookup("notsantasbigcandycane.cx", 1));
    core.apply("s", lookup("cx", 1));
    core.apply("s", seen(ObservationKind::executable, camera, outside, "updates.example.com/mirai", 2));
    CHECK(core.alerts().empty());
    core.apply("s", lookup("network.santasbigcandycane.cx", 3, 3));
    core.apply("s", lookup("santasbigcandycane.cx", 4));
    Alert alert = only(core, "c2-contact");
    CHECK(alert.confidence == Confidence::likely);
    CHECK(alert.count == 2);
    CHECK(alert.evidence["family"] == "Mirai");
    CHECK(alert.happened.find("santasbigcandycane.cx") != std::string::npos);
    Core file{{}, signatures()};
    file.apply("s", seen(ObservationKind::executable, camera, outside, "203.0.113.9/bins/mirai.arm7", 5));
    CHECK(only(file, "c2-contact").evidence["family"] == "Mirai");
    CHECK(only(file, "c2-contact").happened.find("in contact with 203.0.113.9,") != std::string::npos);
}

TEST_CASE("c2-contact: the report port counts after Mirai-style scanning alone") {
    Core core{{}, signatures()};
    core.apply("s", probe("192.168.1.23", "203.0.113.50", 48101, 1));
    CHECK(core.alerts().empty());
    for (int i = 1; i <= 3; ++i) core.apply("s", hallmark("192.168.1.23", fmt::format("198.51.100.{}", i), 23, 2));
    REQUIRE(alerts(core, "mirai-scan").size() == 1);
    core.apply("s", probe("192.168.1.99", "203.0.113.50", 48101, 3));
    CHECK(alerts(core, "c2-contact").empty());
    core.apply("s", probe("192.168.1.23", "203.0.113.50", 48101, 3));
    CHECK(only(core, "c2-contact").dest_port.number == 48101);
}

TEST_CASE("c2-contact: two dozen made-up names that do not exist, possible; each name counts once") {
    const auto name = [](int i) { return fmt::format("xkqzvbnrtw{:02}.net", i); };
    Core below{{}, signatures()}, apart{{}, signatures()}, existing{{}, signatures()}, words{{}, signatures()};
    Restarting above;
    for (int i = 0; i < 24; ++i) {
        if (i < 23) below.apply("s", lookup(name(i), i, 3));
        below.apply("s", lookup(name(0), i, 3));
        apart.apply("s", lookup(name(i), i * 30, 3));
        existing.apply("s", lookup(name(i), i, 0));
        words.apply("s", lookup(fmt::format("www.bluegarden{}.com", i), i, 3));
        above.apply(lookup(name(i), i, 3));
    }
    above.apply(lookup(name(3), 30, 3));
    for (const auto* quiet : {&below, &apart, &existing, &words}) CHECK(quiet->alerts().empty());
    const Alert alert = only(above.core(), "c2-contact");
    CHECK(alert.confidence == Confidence::possible);
    CHECK(alert.severity == Severity::important);
    CHECK(alert.count == 24);
}

TEST_CASE("c2-contact: forty long names under one domain within a minute, of a kind that can carry data") {
    const auto name = [](int i, const char* domain) { return fmt::format("{:048}.{}", i, domain); };
    Core below{{}, signatures()}, addresses{{}, signatures()}, spread{{}, signatures()}, above{{}, signatures()};
    for (int i = 0; i < 50; ++i) {
        if (i < 39) below.apply("s", lookup(name(i, "t.example.co.uk"), i, 0, 16));
        addresses.apply("s", lookup(name(i, "t.example.co.uk"), i, 0, 1));
        spread.apply("s", lookup(name(i, fmt::format("example{}.com", i % 2).c_str()), i, 0, 16));
        above.apply("s", lookup(name(i, "t.example.co.uk"), i, 0, 16));
    }
    for (const auto* quiet : {&below, &addresses, &spread}) CHECK(quiet->alerts().empty());
    const Alert alert = only(above, "c2-contact");
    CHECK(alert.count == 50);
    CHECK(alert.happened.find("under example.co.uk") != std::string::npos);
}

TEST_CASE("the shape of names") {
    CHECK(registered_domain("www.example.com") == "example.com");
    CHECK(registered_domain("a.b.example.co.uk") == "example.co.uk");
    CHECK(registered_domain("example.de") == "example.de");
    CHECK(registered_domain("t.co") == "t.co");
    CHECK(registered_domain("localhost").substr(0) == "localhost");
    CHECK(registered_domain("").empty());
    CHECK(registered_domain(".").size() <= 1);
    for (const auto* name : {"xkqzvbnrtw", "a1b2c3d4e5", "qwrtpsdfghk", "1a2b3c4d5e6f7g"}) CHECK(looks_made_up(name));
    for (const auto* name : {"wikipedia", "googleusercontent", "xkqzv", "stackoverflow", "raspberrypi", ""})
        CHECK_FALSE(looks_made_up(name));
    CHECK(numeric_host("203.0.113.9/x") == ip("203.0.113.9"));
    CHECK(numeric_host("203.0.113.9:8080/x") == ip("203.0.113.9"));
    CHECK(numeric_host("[2001:db8::7]:80/x") == ip("2001:db8::7"));
    CHECK(numeric_host("203.0.113.9") == ip("203.0.113.9"));
    for (const auto* name : {"example.com/x", "203.0.113.9.example.com/x", "", "/", "[", "]", "[]/x", ":", "1.2.3/x"})
        CHECK_FALSE(numeric_host(name));
}

TEST_CASE("malware-download: a program from a host without a name; from one with a name, or at home, none") {
    Core quiet{{}, signatures()}, core{{}, signatures()};
    quiet.apply("s", seen(ObservationKind::executable, camera, outside, "updates.example.com/x"));
    quiet.apply("s", seen(ObservationKind::script, camera, laptop, "192.168.1.10/x.sh"));
    quiet.apply("s", seen(ObservationKind::executable, outside, camera, "192.168.1.23/x"));
    quiet.apply("s", seen(ObservationKind::firmware, outside, camera, "192.168.1.23/x"));
    CHECK(quiet.alerts().empty());
    core.apply("s", seen(ObservationKind::script, camera, outside, "203.0.113.9/bins.sh", 1));
    core.apply("s", seen(ObservationKind::executable, camera, outside, "203.0.113.9/x.arm7", 2));
    const Alert alert = only(core, "malware-download");
    CHECK(alert.count == 2);
    CHECK(alert.confidence == Confidence::likely);
    CHECK(alert.severity == Severity::act_now);
    CHECK(alert.device.mac == camera.mac);
    CHECK(alert.evidence["file"] == "203.0.113.9/x.arm7");
}

TEST_CASE("malware-download: what is fetched soon after a loader's visit is confirmed, also at home") {
    Restarting home;
    const auto fetch = [](double seconds) {
        return seen(ObservationKind::executable, camera, laptop, "192.168.1.10/x.arm7", seconds);
    };
    home.apply(seen(ObservationKind::loader_command, laptop, camera, "Loader fetches a program", 10, 204));
    CHECK(only(home.core(), "malware-download").device.mac == camera.mac);
    home.apply(fetch(5));
    home.apply(fetch(611));
    CHECK(alerts(home.core(), "malware-download").size() == 1);
    home.apply(fetch(20));
    REQUIRE(alerts(home.core(), "malware-download").size() == 2);
    CHECK(alerts(home.core(), "malware-download")[1].confidence == Confidence::confirmed);
}

TEST_CASE("malware-download: a device that loads others is what the alert is about") {
    Core core{{}, signatures()};
    core.apply("s", seen(ObservationKind::loader_command, camera, outside, "Loader's question to busybox", 1));
    CHECK(only(core, "malware-download").device.mac == camera.mac);
    CHECK(only(core, "malware-download").signature == "Installing malware on others");
}

TEST_CASE("exploit-attempt: outwards one alert for each hole, however many targets; inwards about who is attacked") {
    Core core{{}, signatures()};
    for (int i = 1; i <= 30; ++i)
        core.apply("s", seen(ObservationKind::exploit, camera, end(fmt::format("198.51.100.{}", i), 37215), "x", i, 1));
    Alert alert = only(core, "exploit-attempt");
    CHECK(alert.count == 30);
    CHECK(alert.severity == Severity::act_now);
    CHECK(alert.device.mac == camera.mac);
    CHECK(alert.proto == "UDP");  // a datagram has no conversation
    core.apply("s", seen(ObservationKind::exploit, camera, laptop, "x", 40, 1));
    core.apply("s", seen(ObservationKind::exploit, outside, laptop, "x", 41, 1));
    core.apply("s", seen(ObservationKind::exploit, end("198.51.100.77"), laptop, "x", 42, 1));
    const auto found = alerts(core, "exploit-attempt");
    REQUIRE(found.size() == 3);
    CHECK(found[2].device.mac == laptop.mac);
    CHECK(found[2].severity == Severity::important);
    CHECK(found[2].count == 2);
    CHECK(alerts(core, "malware-download").empty());
}

TEST_CASE("insecure-update: a system image from outside is important, from home worth knowing, handed out none") {
    Core core{{}, signatures()};
    core.apply("s", seen(ObservationKind::firmware, outside, camera, "192.168.1.23/fw.bin", 1));
    CHECK(core.alerts().empty());
    core.apply("s", seen(ObservationKind::firmware, camera, outside, "updates.example.com/fw.bin", 2));
    CHECK(only(core, "insecure-update").severity == Severity::important);
    core.apply("s", seen(ObservationKind::firmware, camera, laptop, "192.168.1.10/fw.bin", 3));
    CHECK(alerts(core, "insecure-update").at(1).severity == Severity::worth_knowing);
}

TEST_CASE("indicators: what is shipped is right, and mistakes are named with their line") {
    CHECK(signatures()->indicators().size() > 50);
    const auto path = std::filesystem::temp_directory_path() / ("linnet-indicators-" + std::to_string(::getpid()));
    const auto refusal = [&](const std::string& text) -> std::string {
        std::ofstream{path} << text;
        try {
            (void)Indicators::read(path);
        } catch (const SettingsError& error) {
            return std::string{error.what()}.substr(path.string().size());
        }
        return "accepted";
    };
    const auto entry = [](const std::string& kind, const std::string& value) {
        return "[[entry]]\nnumber = 1\nfamily = \"x\"\norigin = \"y\"\nkind = \"" + kind + "\"\nvalue = \"" + value + "\"\n";
    };
    CHECK(refusal(entry("domain", "a.example")) == "accepted");
    CHECK(refusal(entry("address", "203.0.113.9")) == "accepted");
    CHECK(refusal(entry("file", "/bins/x")) == "accepted");
    CHECK(refusal(entry("domain", "com")) == ":6: \"value\" must be a domain name in small letters");
    CHECK(refusal(entry("domain", "A.example")) == ":6: \"value\" must be a domain name in small letters");
    CHECK(refusal(entry("address", "192.168.1.1")) == ":6: \"value\" must be an address of the internet");
    CHECK(refusal(entry("file", "x")) == ":6: \"value\" must be a path, or a host and a path");
    CHECK(refusal(entry("hash", "abc")) == ":5: \"kind\" must be \"domain\", \"address\" or \"file\"");
    CHECK(refusal(entry("domain", "a.example") + "sha = \"1\"\n") == ":7: unknown key \"sha\"");
    CHECK(refusal(std::string(5'000'000, ' ')) == ":0: is larger than 4 MiB");
    std::filesystem::remove(path);
}
