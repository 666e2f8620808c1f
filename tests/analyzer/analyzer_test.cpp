// The whole analyzer in a thread: events in through the real link, answers and news out through the API.
#include "analyzer/analyzer.hpp"

#include "analyzer/signatures.hpp"
#include "sensor/shipper.hpp"
#include "tests/analyzer/synthetic_events.hpp"
#include "tests/temporary_folder.hpp"
#include "wire/data_directory.hpp"
#include "wire/frame.hpp"

#include <doctest/doctest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <future>
#include <utility>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

class RunningAnalyzer {
 public:
    explicit RunningAnalyzer(const test::TemporaryFolder& folder, std::size_t leave_after = 0) {
        AnalyzerOptions options;
        options.listen = {folder.endpoint("events")};
        options.api = {folder.endpoint("api")};
        options.database = folder.file("linnet.db");
        options.retention.flows = std::chrono::days{0};
        options.leave_after = leave_after;
        options.core.home = {*IpPrefix::parse("203.0.113.0/24")};
        const auto signatures = std::make_shared<const Signatures>(Signatures::read(signatures_directory()));
        analyzer_ = std::make_unique<Analyzer>(options, signatures);
        done_ = std::async(std::launch::async, [this] { analyzer_->run(stop_); });
    }
    ~RunningAnalyzer() {
        ::eventfd_write(stop_, 1);
        if (done_.valid()) done_.wait();
        ::close(stop_);
    }
    RunningAnalyzer(const RunningAnalyzer&) = delete;
    RunningAnalyzer& operator=(const RunningAnalyzer&) = delete;
    bool left_within(std::chrono::milliseconds time) { return done_.wait_for(time) == std::future_status::ready; }

 private:
    int stop_ = ::eventfd(0, EFD_CLOEXEC);
    std::unique_ptr<Analyzer> analyzer_;
    std::future<void> done_;
};

/// A live sensor: what is told to it arrives at once. At its end it waits until everything is committed.
class LiveSensor {
 public:
    LiveSensor(const test::TemporaryFolder& folder, std::uint64_t epoch) {
        REQUIRE(::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pipe_.data()) == 0);
        options_.endpoint = folder.endpoint("events");
        options_.sensor = "pi";
        options_.source = "eth0";
        options_.epoch = epoch;
        options_.connect_timeout = 30s;  // a fault must not keep the test waiting for ever
        result_ = std::async(std::launch::async, [this] { return ship(pipe_[0], options_); });
    }
    ~LiveSensor() {
        finish();
        ::close(pipe_[0]);
    }
    LiveSensor(const LiveSensor&) = delete;
    LiveSensor& operator=(const LiveSensor&) = delete;
    void tell(const Event& event) {
        std::vector<std::byte> frame;
        encoder_.append_frame(event, frame);
        REQUIRE(::write(pipe_[1], frame.data(), frame.size()) == static_cast<ssize_t>(frame.size()));
    }
    void finish() {
        if (pipe_[1] < 0) return;
        ::close(std::exchange(pipe_[1], -1));
        CHECK(result_.get().ok);
    }

 private:
    std::array<int, 2> pipe_{};
    EventEncoder encoder_;
    ShipperOptions options_;
    std::future<ShipResult> result_;
};

Login ftp_login(Timestamp at, std::string user) {
    Login login;
    login.at = at;
    login.client = {test::device_ip(23), Port{40'000}, test::device_mac(23)};
    login.server = {IpAddress::v4(0xcb007109), Port{21}, {}};
    login.service = Service::ftp;
    login.user = std::move(user);
    return login;
}

SensorStats end_of_capture() {
    SensorStats stats;
    stats.at = *parse_timestamp("2026-03-01T12:00:00.000000Z");
    stats.packets = 42;
    stats.last = true;
    return stats;
}

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");

/// The first feed message that names an alert.
std::optional<Json> feed_with_alert(api::Client& client, std::chrono::milliseconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < deadline)
        if (const auto feed = client.next_feed(100ms); feed && !feed->at("alerts").empty()) return feed;
    return std::nullopt;
}

}  // namespace

TEST_CASE("an alert is in the feed within a second of its event, behind the sequence that subscribe named") {
    const test::TemporaryFolder folder;
    const RunningAnalyzer analyzer{folder};
    LiveSensor sensor{folder, 7};
    api::Client client{folder.endpoint("api")};
    const auto before = client.request("subscribe", Json::object(), 2s);
    CHECK(before.at("alerts").empty());
    sensor.tell(ftp_login(noon, "anna"));
    const auto begin = std::chrono::steady_clock::now();
    const auto feed = feed_with_alert(client, 5s);
    CHECK(std::chrono::steady_clock::now() - begin < 1s);
    REQUIRE(feed);
    CHECK(feed->at("sequence").get<std::uint64_t>() > before.at("sequence").get<std::uint64_t>());
    CHECK(feed->at("alerts").at(0).at("linnet").at("username") == "anna");
    CHECK(client.request("alerts", Json::object(), 2s).at(0) == feed->at("alerts").at(0));
}

TEST_CASE("a subscriber hears a heartbeat, each message one further") {
    const test::TemporaryFolder folder;
    const RunningAnalyzer analyzer{folder};
    api::Client client{folder.endpoint("api")};
    auto sequence = client.request("subscribe", Json::object(), 2s).at("sequence").get<std::uint64_t>();
    for (int i = 0; i < 2; ++i) {
        const auto feed = client.next_feed(4s);
        REQUIRE(feed);
        CHECK(feed->at("sequence") == ++sequence);
        CHECK(feed->at("alerts").empty());
        CHECK(feed->at("status").at("version") == LINNET_VERSION);
    }
}

TEST_CASE("requests are answered: status, devices, alerts, flows") {
    const test::TemporaryFolder folder;
    const RunningAnalyzer analyzer{folder};
    {
        LiveSensor sensor{folder, 7};
        for (std::uint64_t number = 1; number <= 500; ++number) sensor.tell(test::synthetic_event(number, 500));
        sensor.finish();
    }
    api::Client client{folder.endpoint("api")};
    const auto status = client.request("status", Json::object(), 2s);
    CHECK(status.at("home") == Json{"203.0.113.0/24"});
    CHECK(status.at("database").at("events") == 500);
    const auto& sensor = status.at("sensors").at(0);
    CHECK(sensor.at("id") == "pi");
    CHECK(sensor.at("epoch") == 7);
    CHECK(sensor.at("committed") == 500);
    CHECK(sensor.at("source") == "eth0");
    CHECK(sensor.at("packets") == 500);
    CHECK(sensor.at("finished") == true);

    const auto devices = client.request("devices", Json::object(), 2s);
    CHECK(devices.size() >= 40);
    CHECK(devices.at(0).at("event_type") == "device");
    CHECK_FALSE(client.request("alerts", {{"limit", 1}}, 2s).empty());

    const auto flows = client.request("flows", {{"limit", 2}}, 2s);
    REQUIRE(flows.size() == 2);
    CHECK(flows.at(0).at("event_type") == "flow");
    const auto row = flows.at(1).at("linnet").at("row").get<std::int64_t>();
    const auto older = client.request("flows", {{"limit", 1}, {"before", row}}, 2s);
    CHECK(older.at(0).at("linnet").at("row") == row - 1);
    CHECK(client.request("flows", {{"device", "192.168.99.99"}}, 2s).empty());

    const auto report = client.request("report", Json::object(), 5s);
    CHECK(report.at("house").at("devices") == devices.size());
    const std::string key = devices.at(0).at("linnet").at("device").at("key");
    CHECK(client.request("report", {{"device", key}}, 5s).at("devices").size() == 1);
    CHECK_THROWS_WITH_AS(client.request("report", {{"device", "192.168.99.99"}}, 5s),
                         "This device was not seen in the time of the report.", api::Error);
}

TEST_CASE("what is refused, and an analyzer that is not there, are sentences") {
    const test::TemporaryFolder folder;
    {
        const RunningAnalyzer analyzer{folder};
        api::Client client{folder.endpoint("api")};
        CHECK_THROWS_WITH_AS(client.request("dance", Json::object(), 2s),
                             doctest::Contains("The request is not known: status, devices, alerts, "), api::Error);
        CHECK_THROWS_WITH_AS(client.request("alerts", {{"limit", 0}}, 2s), "\"limit\" must be a number from 1 to 5000.",
                             api::Error);
        CHECK(client.request("alerts", Json::object(), 2s).empty());  // and the next one is answered
    }
    api::Client client{folder.endpoint("api")};
    const auto sentence = "No analyzer answers at " + folder.endpoint("api") + ". Is linnet-analyzer running?";
    CHECK_THROWS_WITH_AS(client.request("status", Json::object(), 200ms), sentence.c_str(), api::Error);
    CHECK_THROWS_AS(api::Client{"nonsense"}, api::Error);
}

TEST_CASE("what a person says of devices is told to subscribers, and outlives a restart") {
    const test::TemporaryFolder folder;
    const std::string camera = to_string(test::device_mac(23)), other = to_string(test::device_mac(24));
    {
        const RunningAnalyzer analyzer{folder};
        {
            LiveSensor sensor{folder, 1};
            Login first = ftp_login(noon, "anna");
            first.server.ip = IpAddress::v4(0xc6336409);  // 198.51.100.9, outside
            sensor.tell(first);
            Login second = ftp_login(noon + 1s, "bert");
            second.server.ip = first.server.ip;
            second.client.mac = test::device_mac(24);
            second.client.ip = test::device_ip(24);
            sensor.tell(second);
        }
        api::Client client{folder.endpoint("api")}, listener{folder.endpoint("api")};
        listener.request("subscribe", Json::object(), 2s);
        const Json named =
            client.request("device-name", {{"device", camera}, {"name", "Hall camera"}, {"kind", "camera"}}, 2s);
        CHECK(device_from_eve(named).name == "Hall camera");
        CHECK(device_from_eve(named).kind == "camera");
        const Device joined = device_from_eve(client.request("device-merge", {{"device", camera}, {"other", other}}, 2s));
        CHECK(joined.key == camera);
        CHECK(joined.macs.size() == 2);
        CHECK(device_from_eve(client.request("device", {{"device", other}}, 2s)).key == camera);
        // What was said of the other is now said of the one.
        CHECK(client.request("alerts", {{"device", camera}}, 2s).size() == 2);
        for (const Json& eve : client.request("alerts", Json::object(), 2s))
            CHECK(eve.at("linnet").at("device").at("mac") == camera);
        bool gone = false;
        for (auto feed = listener.next_feed(2s); feed && !gone; feed = listener.next_feed(2s))
            gone = feed->value("gone", Json::array()) == Json{other};
        CHECK(gone);
        CHECK_THROWS_WITH_AS(client.request("device-merge", {{"device", camera}, {"other", "nobody"}}, 2s),
                             "There is no such device.", api::Error);
        CHECK_THROWS_AS(client.request("device-name", {{"device", camera}, {"name", 7}}, 2s), api::Error);
        CHECK_THROWS_AS(client.request("device-merge", {{"device", camera}}, 2s), api::Error);
    }
    const RunningAnalyzer analyzer{folder};
    api::Client client{folder.endpoint("api")};
    REQUIRE(client.request("devices", Json::object(), 2s).size() == 1);
    CHECK(device_from_eve(client.request("device-undo", {{"device", camera}}, 2s)).macs.empty());
    CHECK(client.request("devices", Json::object(), 2s).size() == 2);
    CHECK(device_from_eve(client.request("device", {{"device", camera}}, 2s)).name == "Hall camera");
}

TEST_CASE("more requests than a second allows wait for the next one") {
    const test::TemporaryFolder folder;
    const RunningAnalyzer analyzer{folder};
    api::Client client{folder.endpoint("api")};
    client.request("devices", Json::object(), 2s);
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < 2 * ApiServer::max_requests_per_second; ++i) client.request("devices", Json::object(), 5s);
    CHECK(std::chrono::steady_clock::now() - begin > 900ms);
}

TEST_CASE("every subscriber gets every message, whoever else listens") {
    const test::TemporaryFolder folder;
    const RunningAnalyzer analyzer{folder};
    LiveSensor sensor{folder, 7};
    api::Client first{folder.endpoint("api")}, second{folder.endpoint("api")};
    first.request("subscribe", Json::object(), 2s);
    auto sequence = second.request("subscribe", Json::object(), 2s).at("sequence").get<std::uint64_t>();
    for (int i = 0; i < 8; ++i) {
        sensor.tell(ftp_login(noon + std::chrono::seconds{i}, "user" + std::to_string(i)));
        REQUIRE(feed_with_alert(first, 3s));
    }
    std::size_t alerts = 0;
    while (const auto feed = second.next_feed(10ms)) {
        CHECK(feed->at("sequence") == ++sequence);
        alerts += feed->at("alerts").size();
    }
    CHECK(alerts >= 8);
}

TEST_CASE("with leave_after it leaves when as many captures are at their end, and not before") {
    const test::TemporaryFolder folder;
    RunningAnalyzer analyzer{folder, 2};
    {
        LiveSensor sensor{folder, 1};
        sensor.tell(end_of_capture());
        sensor.finish();
    }
    CHECK_FALSE(analyzer.left_within(700ms));
    LiveSensor second{folder, 2};
    second.tell(ftp_login(noon, "anna"));
    CHECK_FALSE(analyzer.left_within(700ms));
    second.tell(end_of_capture());
    second.finish();  // acknowledged, although the analyzer leaves
    CHECK(analyzer.left_within(5s));
}

TEST_CASE("the end of a capture is committed at once: a small file is not kept waiting") {
    const test::TemporaryFolder folder;
    const RunningAnalyzer analyzer{folder};
    LiveSensor sensor{folder, 1};
    const auto begin = std::chrono::steady_clock::now();
    sensor.tell(end_of_capture());
    sensor.finish();
    CHECK(std::chrono::steady_clock::now() - begin < 700ms);
}

TEST_CASE("what a person says of alerts is told to subscribers and outlets, and outlives a restart") {
    const test::TemporaryFolder folder;
    const std::string camera = to_string(test::device_mac(23));
    const auto state_of = [](const Json& eve) { return eve.at("linnet").at("state").get<std::string>(); };
    {
        const RunningAnalyzer analyzer{folder};
        LiveSensor sensor{folder, 1};
        api::Client client{folder.endpoint("api")}, listener{folder.endpoint("api")};
        listener.request("subscribe", Json::object(), 2s);
        Login login = ftp_login(noon, "anna");
        login.server.ip = IpAddress::v4(0xc6336409);  // 198.51.100.9, outside: the alert is about the client
        sensor.tell(login);
        auto feed = feed_with_alert(listener, 5s);
        REQUIRE(feed);
        CHECK(state_of(feed->at("alerts").at(0)) == "new");
        const auto number = feed->at("alerts").at(0).at("linnet").at("id").get<std::uint64_t>();
        const auto change = client.request("changes", {{"after", 0}}, 2s).at("last").get<std::uint64_t>();

        CHECK(state_of(client.request("alert-acknowledge", {{"alert", number}}, 2s)) == "acknowledged");
        feed = feed_with_alert(listener, 5s);
        REQUIRE(feed);
        CHECK(state_of(feed->at("alerts").at(0)) == "acknowledged");

        const Json mute = client.request("alert-mute", {{"device", camera}, {"kind", "cleartext-login"}}, 2s);
        CHECK(mute.at("id") == 1);
        CHECK(mute.at("alerts") == 1);
        const auto length =
            *parse_timestamp(mute.at("until").get<std::string>()) - *parse_timestamp(mute.at("since").get<std::string>());
        CHECK(length == 24h);
        feed = feed_with_alert(listener, 5s);
        REQUIRE(feed);
        CHECK(state_of(feed->at("alerts").at(0)) == "muted");
        const Json changes = client.request("changes", {{"after", change}}, 2s);
        CHECK(changes.at("last") == change + 2);
        REQUIRE(changes.at("alerts").size() == 1);
        CHECK(changes.at("alerts").at(0).at("linnet").at("muted_until") == mute.at("until"));

        const auto refuses = [&client](const char* request, const Json& arguments, const char* sentence) {
            CHECK_THROWS_WITH_AS(client.request(request, arguments, 2s), doctest::Contains(sentence), api::Error);
        };
        refuses("alert-acknowledge", {{"alert", number + 1}}, "There is no such alert.");
        refuses("alert-mute", {{"device", "nobody"}}, "There is no such device.");
        refuses("alert-mute", {{"device", camera}, {"kind", "noise"}}, "these are: mirai-scan");
        refuses("alert-mute", {{"device", camera}, {"peer", "noise"}}, "A peer is an address");
        refuses("alert-mute", {{"device", camera}, {"until", "2026-01-01T00:00:00.000000Z"}}, "in the future");
        refuses("alert-mute", {{"device", camera}, {"until", "2999-01-01T00:00:00.000000Z"}}, "within a year");
        refuses("unmute", {{"mute", 2}}, "There is no such mute");
        CHECK(device_from_eve(client.request("device-trust", {{"device", camera}, {"trusted", true}}, 2s)).given.trusted);
    }
    const RunningAnalyzer analyzer{folder};
    api::Client client{folder.endpoint("api")};
    const Json mutes = client.request("mutes", Json::object(), 2s);
    REQUIRE(mutes.size() == 1);
    CHECK(mutes.at(0).at("device") == camera);
    CHECK(mutes.at(0).at("kind") == "cleartext-login");
    CHECK(state_of(client.request("alerts", Json::object(), 2s).at(0)) == "muted");
    // A report hides nothing that is muted, and says that it is.
    const Json report = client.request("report", {{"as_of", "2026-03-02T00:00:00.000000Z"}}, 2s);
    CHECK(report.dump().find("muted_until") != std::string::npos);
    client.request("unmute", {{"mute", 1}}, 2s);
    CHECK(state_of(client.request("alerts", Json::object(), 2s).at(0)) == "acknowledged");
    CHECK(client.request("mutes", Json::object(), 2s).empty());
    CHECK(device_from_eve(client.request("device", {{"device", camera}}, 2s)).given.trusted);
}
