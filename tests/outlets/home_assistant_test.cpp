// What is published for Home Assistant, held against the rules of its MQTT discovery as worked out by hand from its
// documentation and source (home_assistant.hpp names them).
#include "outlets/home_assistant.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

const Timestamp noon = *parse_timestamp("2026-03-01T12:00:00.000000Z");
const HomeAssistant::Setup setup{
    .prefix = "homeassistant", .base = "linnet", .key = std::string(64, 'k'), .link = "https://home.example.org/linnet"};

using Retained = std::map<std::string, std::string>;

/// What a server would hold.
void take_all(HomeAssistant& home, Retained& retained, Timestamp now = noon) {
    for (const auto& [topic, payload] : home.take(now, 10'000)) {
        if (payload.empty())
            retained.erase(topic);
        else
            retained[topic] = payload;
    }
}

Device camera() {
    Device device;
    device.key = "44:19:b6:01:02:03";
    device.mac = *MacAddress::parse(device.key);
    device.ips = {*IpAddress::parse("192.168.1.23")};
    device.name = "Hall camera";
    device.maker = "Hikvision";
    device.model = "DS-2CD2042";
    device.first_seen = device.last_seen = noon;
    device.bytes_sent = 1'000;
    device.bytes_received = 2'000;
    return device;
}

Alert alert(std::uint64_t id, const char* mac, Severity severity, Timestamp last_seen) {
    Alert alert;
    alert.id = id;
    alert.detector = "mirai-scan";
    alert.signature_id = 1;
    alert.severity = severity;
    alert.signature = "Mirai-style scanning";
    alert.category = "scan";
    alert.device.mac = *MacAddress::parse(mac);
    alert.device.name = "Hall camera";
    alert.first_seen = alert.last_seen = last_seen;
    return alert;
}

Json status(Timestamp at) {
    return {{"version", "0.1.0"},
            {"signatures", {{"version", 7}}},
            {"quiet_seconds", 600},
            {"sensors", Json::array({{{"id", "s"}, {"connected", true}, {"last_event", to_string(at)}}})}};
}

Json answer(const std::vector<Device>& devices, const std::vector<Alert>& alerts, Timestamp at = noon) {
    Json all{{"sequence", 1}, {"devices", Json::array()}, {"alerts", Json::array()}, {"status", status(at)}};
    for (const auto& device : devices) all["devices"].push_back(to_eve(device));
    for (const auto& each : alerts) all["alerts"].push_back(to_eve(each));
    return all;
}

bool is_of(const std::string& text, const std::string& allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string::npos;
}

const std::string letters = "abcdefghijklmnopqrstuvwxyz0123456789_";

/// discovery.py: TOPIC_MATCHER; schemas.py: DEVICE_DISCOVERY_SCHEMA; an entity id is "domain.slug" without __ and _ at the
/// ends; a state has at most 255 characters.
void check_rules(const std::string& topic, const std::string& payload, std::set<std::string>& unique) {
    CAPTURE(topic);
    CAPTURE(payload);
    CHECK(payload.size() < 16'384);
    CHECK(payload.find("command_topic") == std::string::npos);
    CHECK(payload.find("cmd_t") == std::string::npos);
    CHECK(payload.find("object_id") == std::string::npos);
    CHECK(payload.find("obj_id") == std::string::npos);
    const std::string before = "homeassistant/device/", after = "/config";
    REQUIRE(topic.starts_with(before));
    REQUIRE(topic.ends_with(after));
    const auto id = topic.substr(before.size(), topic.size() - before.size() - after.size());
    CHECK(is_of(id, letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ-"));
    const auto config = Json::parse(payload);
    CHECK(config.at("dev").at("ids") == Json::array({id}));
    CHECK(config.at("o").at("name") == "Linnet");
    CHECK_FALSE(config.contains("state_topic"));  // the tracker would inherit it
    CHECK(config.at("availability_topic").get<std::string>().ends_with("/status"));
    CHECK(config.at("dev").at("name").get<std::string>().size() <= HomeAssistant::longest_name);
    CHECK_FALSE(config.at("cmps").empty());
    for (const auto& item : config.at("cmps").items()) {
        const std::string& part = item.key();
        const Json& entity = item.value();
        CAPTURE(part);
        CHECK(is_of(part, letters));
        const auto platform = entity.at("p").get<std::string>();
        const std::set<std::string> platforms{"binary_sensor", "sensor", "device_tracker", "update"};
        CHECK(platforms.contains(platform));
        CHECK(unique.insert(entity.at("unique_id").get<std::string>()).second);
        const auto entity_id = entity.at("default_entity_id").get<std::string>();
        REQUIRE(entity_id.starts_with(platform + "."));
        const auto slug = entity_id.substr(platform.size() + 1);
        CHECK(is_of(slug, letters));
        CHECK(slug.find("__") == std::string::npos);
        CHECK(slug.front() != '_');
        CHECK(slug.back() != '_');
        CHECK(entity_id.size() <= 255);
        CHECK(entity.contains("state_topic") == (platform != "device_tracker"));
        if (platform == "device_tracker") CHECK(entity.contains("json_attributes_topic"));
    }
}

void check_all(const Retained& retained) {
    std::set<std::string> unique;
    for (const auto& [topic, payload] : retained)
        if (topic.starts_with("homeassistant/")) check_rules(topic, payload, unique);
}

struct Fixture {
    HomeAssistant home{setup};
    Retained retained;
    std::string id = home.id_of("44:19:b6:01:02:03");
    std::string config = "homeassistant/device/linnet_" + home.home() + "_" + id + "/config";
    std::string state = "linnet/" + home.home() + "/" + id + "/state";
    std::string linnet = "linnet/" + home.home() + "/linnet/state";

    void begin(const Json& all) {
        home.begin(all);
        home.set_heard(true);
        take_all(home, retained);
    }
    void follow(Json feed, Timestamp now = noon) {
        home.follow(feed);
        take_all(home, retained, now);
    }
    [[nodiscard]] Json of(const std::string& topic) const { return Json::parse(retained.at(topic)); }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a device and Linnet itself, as Home Assistant wants them") {
    begin(answer({camera()}, {}));
    CHECK(retained.size() == 5);  // two configurations, two states, the status
    check_all(retained);
    CHECK(retained.at(home.status_topic()) == "online");
    const auto about = of(config).at("dev");
    CHECK(about.at("name") == "Hall camera");
    CHECK(about.at("mf") == "Hikvision");
    CHECK(about.at("mdl") == "DS-2CD2042");
    CHECK(about.at("via_device") == "linnet_" + home.home());
    CHECK(about.at("cns") == Json::parse(R"([["mac", "44:19:b6:01:02:03"]])"));
    CHECK(of(config).at("cmps").at("problem").at("default_entity_id") == "binary_sensor.hall_camera_problem");
    CHECK(of(config).at("cmps").at("problem").at("state_topic") == state);
    CHECK(of(config).at("cmps").at("problem").at("value_template") == "{{ value_json.problem }}");
    CHECK(of(state) == Json::parse(R"({"problem": "OFF", "connected": "ON", "alerts": 0, "last_alert": null,
        "bytes_sent": 1000, "bytes_received": 2000, "presence": {"in_zones": ["zone.home"]}})"));
    const auto own = of("homeassistant/device/linnet_" + home.home() + "/config");
    CHECK(own.at("dev").at("cu") == "https://home.example.org/linnet");
    CHECK(own.at("cmps").at("signatures").at("p") == "update");
    CHECK(of(linnet).at("signatures") == Json::parse(R"({"installed_version": "7", "latest_version": "7"})"));
    CHECK(of(linnet).at("linnet").at("installed_version") == "0.1.0");
    CHECK(of(linnet).at("listening") == "ON");
    CHECK(of(linnet).at("devices") == 1);
}

TEST_CASE_FIXTURE(Fixture, "a hardware address is at one place alone, and a made-up one at none") {
    auto nameless = camera();
    nameless.name = "44:19:b6:01:02:03";
    nameless.maker = "plug-4419B6010203";
    nameless.model = "4419b6010203";
    auto phone = camera();
    phone.key = "02:00:00:aa:bb:cc";
    phone.mac = *MacAddress::parse(phone.key);
    phone.name = phone.maker = phone.model = "";
    begin(answer({nameless, phone}, {}));
    check_all(retained);
    CHECK(of(config).at("dev").at("name") == "Device " + id.substr(0, 6));
    std::size_t places = 0;
    for (const auto& [topic, payload] : retained) {
        for (const auto& text : {topic, payload}) {
            CHECK(text.find("4419b6010203") == std::string::npos);
            CHECK(text.find("4419B6010203") == std::string::npos);
            CHECK(text.find("02:00:00:aa:bb:cc") == std::string::npos);
            for (auto at = text.find("44:19:b6"); at != std::string::npos; at = text.find("44:19:b6", at + 1)) ++places;
        }
    }
    CHECK(places == 1);

    auto without = setup;
    without.with_macs = false;
    HomeAssistant shy{without};
    shy.begin(answer({camera()}, {}));
    for (const auto& [topic, payload] : shy.all()) CHECK(payload.find("44:19") == std::string::npos);
    auto other = setup;
    other.key = std::string(64, 'o');
    CHECK(HomeAssistant{other}.id_of("44:19:b6:01:02:03") != id);
}

TEST_CASE_FIXTURE(Fixture, "a problem begins and ends with its episode") {
    begin(answer({camera()}, {alert(1, "44:19:b6:01:02:03", Severity::worth_knowing, noon)}));
    CHECK(of(state).at("problem") == "OFF");  // worth knowing is no problem
    CHECK(of(state).at("alerts") == 1);
    auto feed = answer({}, {alert(2, "44:19:b6:01:02:03", Severity::act_now, noon + 5s)}, noon + 5s);
    follow(feed);
    CHECK(of(state).at("problem") == "ON");
    CHECK(of(linnet).at("problem") == "ON");
    CHECK(of(state).at("last_alert") == "Mirai-style scanning");
    follow(answer({}, {}, noon + 605s));
    CHECK(of(state).at("problem") == "ON");
    follow(answer({}, {}, noon + 606s));  // 600 s were quiet
    CHECK(of(state).at("problem") == "OFF");
    CHECK(of(state).at("alerts") == 2);
}

TEST_CASE_FIXTURE(Fixture, "a device that is away") {
    auto away = camera();
    begin(answer({away}, {}));
    away.away = true;
    follow(answer({away}, {}));
    CHECK(of(state).at("connected") == "OFF");
    CHECK(of(state).at("presence") == Json::parse(R"({"in_zones": []})"));
}

TEST_CASE_FIXTURE(Fixture, "bytes alone are told every 30 s, all else at once") {
    auto device = camera();
    begin(answer({device}, {}));
    device.bytes_sent = 5'000;
    follow(answer({device}, {}), noon + 29s);
    CHECK(of(state).at("bytes_sent") == 1'000);
    take_all(home, retained, noon + 30s);
    CHECK(of(state).at("bytes_sent") == 5'000);
    CHECK(home.take(noon + 90s, 100).empty());  // nothing is told twice
    device.bytes_sent = 6'000;
    device.away = true;
    follow(answer({device}, {}), noon + 91s);
    CHECK(of(state).at("bytes_sent") == 6'000);
}

TEST_CASE_FIXTURE(Fixture, "what is no more is taken away, and nothing else") {
    auto laptop = camera();
    laptop.key = "44:19:b6:01:02:99";
    laptop.mac = *MacAddress::parse(laptop.key);
    begin(answer({camera(), laptop}, {}));
    CHECK(retained.size() == 7);

    SUBCASE("joined with another") {
        laptop.macs = {laptop.mac, camera().mac};
        auto feed = answer({laptop}, {alert(1, "44:19:b6:01:02:99", Severity::act_now, noon)});
        feed["gone"] = Json::array({camera().key});
        home.follow(feed);
        const auto taken = home.take(noon, 100);
        CHECK(std::count(taken.begin(), taken.end(), Publication{config, ""}) == 1);
        CHECK(std::count(taken.begin(), taken.end(), Publication{state, ""}) == 1);
    }
    SUBCASE("forgotten") {
        begin(answer({laptop}, {}));
        CHECK(retained.size() == 5);
    }
    SUBCASE("forgotten while we were away") {
        HomeAssistant later{setup};
        later.found(config);  // before it is known what there is
        CHECK_FALSE(std::any_of(retained.begin(), retained.end(), [](const auto& each) { return each.second.empty(); }));
        later.begin(answer({laptop}, {}));
        take_all(later, retained);
        CHECK(retained.contains(config));
        const std::string stranger = "homeassistant/device/linnet_00000000_0123456789abcdef/config";
        const std::string other = "homeassistant/device/zigbee/config";
        retained[stranger] = retained[other] = "{}";
        const auto before = retained;
        for (const auto& [topic, payload] : before) later.found(topic);
        take_all(later, retained);
        CHECK_FALSE(retained.contains(config));
        CHECK_FALSE(retained.contains(state));
        CHECK(retained.size() == 7);  // 5 of ours and 2 of others
    }
    CHECK(home.take(noon + 1h, 100).empty());
}

TEST_CASE_FIXTURE(Fixture, "Home Assistant has started: everything again") {
    begin(answer({camera()}, {}));
    CHECK(home.take(noon, 100).empty());
    home.republish();
    Retained again;
    take_all(home, again);
    CHECK(again == retained);
    CHECK(home.birth_topic() == "homeassistant/status");
    home.set_heard(false);
    CHECK(home.take(noon, 100) == std::vector<Publication>{{home.status_topic(), "offline"}});
}

TEST_CASE_FIXTURE(Fixture, "names from the network") {
    auto device = camera();
    for (const std::string& name : {std::string(5'000, 'x'), std::string{"{{ states('x') }}\x1b[31m"}, std::string{"___"},
                                    std::string{"\xe2\x80\xae\xd0\xb4\xd0\xbe\xd0\xbc"}, std::string{"a/+/#\n~"}}) {
        device.name = device.maker = device.model = name;
        begin(answer({device}, {}));
        check_all(retained);
        CHECK(retained.at(config).find('\x1b') == std::string::npos);
        CHECK(retained.at(config).find("\xe2\x80\xae") == std::string::npos);
        CHECK_FALSE(of(config).contains("~"));
        CHECK(of(config).at("cmps").at("problem").at("value_template") == "{{ value_json.problem }}");
    }
    CHECK(entity_slug("Hall  camera (2)") == "hall_camera_2");
    CHECK(entity_slug("\xd0\xb4\xd0\xbe\xd0\xbc").empty());
    CHECK(entity_slug(std::string(99, 'x')).size() == 40);
}

TEST_CASE_FIXTURE(Fixture, "bounded, and what makes no sense is left out") {
    std::vector<Device> devices;
    for (int i = 0; i < 600; ++i) {
        auto device = camera();
        device.mac.bytes[4] = static_cast<std::uint8_t>(i >> 8);
        device.mac.bytes[5] = static_cast<std::uint8_t>(i);
        device.key = to_string(device.mac);
        devices.push_back(device);
    }
    begin(answer(devices, {}));
    CHECK(retained.size() == 2 * HomeAssistant::max_devices + 3);
    CHECK(of(linnet).at("devices") == 600);
    auto odd = answer({camera()}, {});
    odd["devices"].push_back({{"linnet", 5}});
    odd["alerts"].push_back("x");
    odd["status"] = {{"sensors", 1}, {"signatures", Json::array()}, {"quiet_seconds", -5}};
    begin(odd);
    CHECK(retained.size() == 5);
    CHECK(of(linnet).at("listening") == "OFF");
    CHECK(of(linnet).at("signatures") == Json::object());
    CHECK_THROWS(home.begin(Json::array()));
}
