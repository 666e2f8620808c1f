#include "demo_home.hpp"

#include <fmt/format.h>

namespace linnet::demo {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

struct Words {
    const char* happened;
    const char* meaning;
    const char* advice;
};

Json about(Json device, const char* maker, const char* kind, const char* model, const char* os, std::uint64_t sent,
           std::uint64_t received) {
    Json& d = device["linnet"]["device"];
    d["maker"] = maker;
    d["kind"] = kind;
    d["model"] = model;
    d["os"] = os;
    d["bytes_sent"] = sent;
    d["bytes_received"] = received;
    return device;
}

Json told(Json alert, const char* detector, const char* category, const Words& words, std::uint64_t count) {
    alert["alert"]["category"] = category;
    Json& l = alert["linnet"];
    l["detector"] = detector;
    l["count"] = count;
    l["happened"] = words.happened;
    l["meaning"] = words.meaning;
    l["advice"] = words.advice;
    return alert;
}

Json between(Json alert, const char* src, const char* dest, int port) {
    alert["src_ip"] = src;
    alert["dest_ip"] = dest;
    alert["dest_port"] = port;
    alert["proto"] = "TCP";
    return alert;
}

Json with_login(Json alert, const char* service, const char* user, const char* outcome) {
    alert["linnet"]["service"] = service;
    alert["linnet"]["username"] = user;
    alert["linnet"]["outcome"] = outcome;
    return alert;
}

Json with_evidence(Json alert, Json evidence, std::vector<int> guidelines) {
    alert["linnet"]["evidence"] = std::move(evidence);
    alert["linnet"]["guidelines"] = std::move(guidelines);
    return alert;
}

Json status() {
    return {{"version", "0.1.0"},
            {"pid", 4711},
            {"uptime_seconds", 93'784},
            {"home", {"192.168.1.0/24"}},
            {"database", {{"path", "linnet.db"}, {"bytes", 18'400'000}, {"events", 412'993}, {"flows", 97'120}}},
            {"sensors",
             {{{"id", "sensor-1"},
               {"connected", true},
               {"finished", false},
               {"source", "eth0"},
               {"packets", 8'204'553},
               {"bytes", 5'911'204'118},
               {"kernel_dropped", 0},
               {"lost", 0}}}}};
}

Json devices(Timestamp now) {
    const std::uint64_t mega = 1'000'000;
    return {
        about(device(1, "Router", now), "Fernlink", "router", "FL-420", "Linux", 4210 * mega, 18'300 * mega),
        about(device(23, "Hall camera", now), "Brightlens", "camera", "BL-2 Pan", "BusyBox Linux", 612 * mega, 31 * mega),
        about(device(24, "Doorbell", now - minutes{2}), "Brightlens", "doorbell", "BL-Door", "", 240 * mega, 18 * mega),
        about(device(30, "NAS", now), "Stackwell", "storage", "S2", "Linux", 9'120 * mega, 3'040 * mega),
        about(device(31, "Printer", now - minutes{47}), "Paperline", "printer", "P 3100", "", 14 * mega, 96 * mega),
        about(device(40, "Living room TV", now - minutes{5}), "Lumora", "television", "55 Q", "", 310 * mega, 22'400 * mega),
        about(device(41, "Kitchen speaker", now - minutes{1}), "Lumora", "speaker", "", "", 88 * mega, 1'450 * mega),
        about(device(42, "Games console", now - hours{26}), "Quadrel", "console", "", "", 75 * mega, 12'800 * mega),
        about(device(50, "Laptop", now), "", "computer", "", "Windows", 1'980 * mega, 9'870 * mega),
        about(device(51, "Phone", now - minutes{3}), "", "phone", "", "Android", 402 * mega, 3'310 * mega),
        about(device(52, "Tablet", now - hours{3}), "", "tablet", "", "", 51 * mega, 690 * mega),
        about(device(60, "Heating", now - minutes{9}), "Warmwell", "thermostat", "W-One", "", 6 * mega, 4 * mega)};
}

Json camera_alerts(Timestamp now) {
    return {
        with_evidence(
            between(
                told(alert(3, 23, "Hall camera", Severity::act_now, "Mirai-style scanning", now), "mirai-scan",
                     "Compromised device",
                     {"Hall camera tried to reach 398 addresses on the internet on port 23 within two minutes, in the way "
                      "the Mirai family of malware does.",
                      "Very likely somebody else controls this device. It looks for other devices to infect, and it can "
                      "be used to attack others in your name.",
                      "Pull its plug now. Before you use it again: reset it to factory settings, change its password, "
                      "install its newest firmware, and do not let it be reached from the internet."},
                     412),
                "192.168.1.23", "203.0.113.9", 23),
            {{"targets", 398}, {"hallmark", 398}, {"ports", {23, 2323}}, {"packets_per_second", 160}}, {1, 7}),
        with_evidence(
            between(
                with_login(told(alert(2, 23, "Hall camera", Severity::act_now, "Factory password in use", now - minutes{4}),
                                "default-login", "Default password",
                                {"Somebody logged in to Hall camera by telnet as root, with a password that this kind of "
                                 "device has from the factory.",
                                 "Everybody knows this password. Whoever reaches the device can take it over.",
                                 "Change the password of Hall camera. If it cannot be changed, do not use this device."},
                                2),
                           "telnet", "root", "success"),
                "198.51.100.77", "192.168.1.23", 23),
            {{"credential", "list entry 14"}, {"outcome", "success"}}, {1}),
        with_evidence(between(told(alert(1, 23, "Hall camera", Severity::important, "Telnet in use", now - minutes{4}),
                                   "telnet", "Unencrypted service",
                                   {"Hall camera was used by telnet from 198.51.100.77.",
                                    "Telnet sends everything, passwords too, so that anybody on the way can read it.",
                                    "Switch telnet off in the settings of the device; use its app or SSH instead."},
                                   3),
                              "198.51.100.77", "192.168.1.23", 23),
                      {{"sessions", 3}}, {5})};
}

Json other_alerts(Timestamp now) {
    return {
        with_evidence(
            between(
                with_login(told(alert(4, 30, "NAS", Severity::important, "Password sent without protection", now - hours{2}),
                                "cleartext-login", "Readable password",
                                {"Laptop logged in to NAS by FTP as backup. The password was readable on the network.",
                                 "Any infected device in your home could have read it too.",
                                 "Use SFTP or the NAS's own app for backups, and change this password."},
                                28),
                           "ftp", "backup", "success"),
                "192.168.1.50", "192.168.1.30", 21),
            {{"logins", 28}}, {5}),
        with_evidence(
            between(with_login(told(alert(5, 31, "Printer", Severity::important, "Password sent without protection",
                                          now - hours{31}),
                                    "cleartext-login", "Readable password",
                                    {"Laptop opened the settings page of Printer as admin. The password was readable.",
                                     "Any infected device in your home could have read it too.",
                                     "Switch on HTTPS in the printer's settings, then change this password."},
                                    1),
                               "http-basic", "admin", "success"),
                    "192.168.1.50", "192.168.1.31", 80),
            {{"logins", 1}}, {5}),
        with_evidence(
            told(alert(6, 52, "Tablet", Severity::worth_knowing, "New device", now - hours{3}), "new-device", "New device",
                 {"Tablet was seen for the first time.", "A device that you know is nothing to worry about.",
                  "If nobody in your home knows it, change the password of your Wi-Fi."},
                 1),
            {{"address", "192.168.1.52"}}, {})};
}

}  // namespace

std::string key(int n) { return fmt::format("00:00:5e:00:53:{:02x}", n % 256); }

Json device(int n, const std::string& name, Timestamp last_seen) {
    return {{"timestamp", to_string(last_seen)},
            {"event_type", "device"},
            {"linnet",
             {{"device",
               {{"key", key(n)},
                {"mac", key(n)},
                {"ips", {fmt::format("192.168.1.{}", n), fmt::format("fe80::200:5eff:fe00:53{:02x}", n)}},
                {"name", name},
                {"hostname", ""},
                {"maker", ""},
                {"kind", ""},
                {"model", ""},
                {"os", ""},
                {"confidence", Json::object()},
                {"reasons", {"It asked for its address by DHCP."}},
                {"first_seen", to_string(last_seen - hours{24 * 41})},
                {"last_seen", to_string(last_seen)},
                {"bytes_sent", 1'000},
                {"bytes_received", 2'000},
                {"randomized_mac", false}}}}}};
}

Json alert(std::uint64_t id, int n, const std::string& name, Severity severity, const std::string& title,
           Timestamp last_seen) {
    return {{"timestamp", to_string(last_seen)},
            {"event_type", "alert"},
            {"src_ip", fmt::format("192.168.1.{}", n)},
            {"alert",
             {{"gid", 1},
              {"signature_id", 1001},
              {"rev", 1},
              {"severity", static_cast<int>(severity)},
              {"signature", title},
              {"category", "Test"}}},
            {"linnet",
             {{"id", id},
              {"detector", "test"},
              {"confidence", "confirmed"},
              {"device", {{"mac", key(n)}, {"name", name}}},
              {"count", 1},
              {"first_seen", to_string(last_seen - minutes{12})},
              {"last_seen", to_string(last_seen)},
              {"guidelines", Json::array()},
              {"evidence", Json::object()},
              {"happened", "Something happened."},
              {"meaning", "It means something."},
              {"advice", "Do something."}}}};
}

Json home(Timestamp now) {
    Json alerts = camera_alerts(now);
    for (Json& alert : other_alerts(now)) alerts.push_back(std::move(alert));
    return {{"devices", devices(now)}, {"alerts", alerts}, {"status", status()}};
}

Json quiet_home(Timestamp now) { return {{"devices", devices(now)}, {"alerts", Json::array()}, {"status", status()}}; }

Json stranger_home(const std::string& text, Timestamp now) {
    Json state = quiet_home(now);
    state["devices"] = {device(1, text, now)};
    Json& about = state["devices"][0]["linnet"]["device"];
    for (const char* part : {"maker", "hostname", "kind", "model", "os"}) about[part] = text;
    about["reasons"] = {text};
    Json told = alert(1, 1, text, Severity::act_now, text, now);
    for (const char* part : {"happened", "meaning", "advice"}) told["linnet"][part] = text;
    told["linnet"]["evidence"] = {{text, text}};
    told = with_login(std::move(told), "telnet", text.c_str(), "success");
    state["alerts"] = {told};
    state["status"]["version"] = text;
    state["status"]["sensors"][0]["source"] = text;
    return state;
}

Json crowd(int device_count, int alert_count, Timestamp now) {
    Json all_devices = Json::array(), alerts = Json::array();
    for (int n = 0; n < device_count; ++n) all_devices.push_back(device(n, fmt::format("Device {}", n), now - minutes{n}));
    for (int i = 1; i <= alert_count; ++i) {
        const int n = i % device_count;
        alerts.push_back(alert(static_cast<std::uint64_t>(i), n, fmt::format("Device {}", n),
                               static_cast<Severity>(1 + i % 3), "Password sent without protection",
                               now - minutes{alert_count - i}));
    }
    return {{"devices", all_devices}, {"alerts", alerts}, {"status", status()}};
}

}  // namespace linnet::demo
