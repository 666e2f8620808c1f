// Syslog messages, worked out by hand from RFC 5424 section 6 (its grammar: HEADER SP STRUCTURED-DATA [SP MSG]) and RFC 5425
// section 4.3 (octet counting).
#include "outlets/syslog_message.hpp"
#include "outlets/outlets.hpp"
#include "outlets/server_address.hpp"

#include "tests/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace linnet;

namespace {

Json alert(int severity = 1) {
    return {
        {"timestamp", "2026-11-22T11:59:06.724658Z"},
        {"event_type", "alert"},
        {"src_ip", "192.168.1.23"},
        {"alert", {{"severity", severity}, {"signature", "Scanning"}}},
        {"linnet", {{"id", 7}, {"detector", "mirai-scan"}, {"device", {{"mac", "b8:27:eb:00:00:23"}, {"name", "Hall"}}}}}};
}

/// What stands behind the structured data.
std::string text_of(const std::string& message) { return message.substr(message.find("] ") + 2); }

void configure(const std::string& text) {
    const test::TemporaryFolder folder;
    const auto file = folder.file("linnet.toml");
    std::ofstream{file, std::ios::trunc} << "[outlets]\n" << text << '\n';
    Settings settings{file, "outlets"};
    static_cast<void>(syslog_outlet.make_stream(settings, {}));
    settings.finish();
}

}  // namespace

TEST_CASE("syslog: an alert, to the byte") {
    const SyslogSender sender{.facility = 16, .host = "pi"};
    // local0 is 16, an alert is 1: 16 * 8 + 1.
    CHECK(
        syslog_message(sender, alert()) ==
        "<129>1 2026-11-22T11:59:06.724658Z pi linnet - alert [linnet@32473 id=\"7\" detector=\"mirai-scan\" severity=\"1\" "
        "signature=\"Scanning\" mac=\"b8:27:eb:00:00:23\" device=\"Hall\" source=\"192.168.1.23\"] " +
            alert().dump());
    auto eve = alert();
    eve["timestamp"] = "2026-11-22T11:59:06.724658+0000";
    CHECK(syslog_message(sender, eve).starts_with("<129>1 2026-11-22T11:59:06.724658Z pi linnet - alert ["));
    CHECK(octet_counted("<1>1 - - - - - -") == "16 <1>1 - - - - - -");
}

TEST_CASE("syslog: how grave it is") {
    const SyslogSender sender{.facility = 1, .host = "pi"};
    CHECK(syslog_message(sender, alert(1)).starts_with("<9>1 "));   // alert
    CHECK(syslog_message(sender, alert(2)).starts_with("<12>1 "));  // warning
    CHECK(syslog_message(sender, alert(3)).starts_with("<13>1 "));  // notice
    CHECK(syslog_message(sender, {{"event_type", "stats"}}).starts_with("<14>1 - pi linnet - stats [linnet@32473] "));
    CHECK(parse_facility("kern") == 0);
    CHECK(parse_facility("authpriv") == 10);
    CHECK(parse_facility("local7") == 23);
    CHECK_FALSE(parse_facility("local8"));
    CHECK_FALSE(parse_facility(""));
}

TEST_CASE("syslog: what a stranger wrote stays in its place") {
    auto eve = alert();
    eve["linnet"]["device"]["name"] = "a\"] \\ [x y=\"1\"]\n<1>1 \x1b[31m\xff\xe2\x80\xae";
    const auto message = syslog_message({.host = "a b\n\xc3\xa4"}, eve);
    CHECK(message.find(" a_b___ linnet ") != std::string::npos);
    CHECK(message.find(R"(device="a\"\] \\ [x y=\"1\"\] <1>1 )") != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
    CHECK(message.find('\x1b') == std::string::npos);
    const auto text = message.substr(message.find(" {\"") + 1);
    CHECK(std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < '\x7f'; }));
    CHECK(Json::parse(text).at("linnet").at("id") == 7);
    CHECK(syslog_message({}, alert()).find("Z - linnet ") != std::string::npos);
    CHECK(syslog_message({.host = std::string(300, 'h')}, alert()).find(' ' + std::string(255, 'h') + ' ') !=
          std::string::npos);
    eve["event_type"] = std::string(40, 'e');
    CHECK(syslog_message({.host = "h"}, eve).find(" - " + std::string(32, 'e') + " [") != std::string::npos);
}

TEST_CASE("syslog: values are cut, and a message never longer than the receiver takes") {
    auto eve = alert();
    eve["linnet"]["device"]["name"] = std::string(10'000, 'x');
    for (const std::size_t most : {std::size_t{2'048}, std::size_t{8'192}, std::size_t{65'536}}) {
        const auto message = syslog_message({.host = std::string(255, 'h'), .max_bytes = most}, eve);
        CHECK(message.size() <= most);
        const auto text = Json::parse(text_of(message));
        CHECK(text.at("event_type") == "alert");
        CHECK(text.at("linnet").at("id") == 7);
        CHECK(text.at("linnet").contains("left_out_bytes") == (most < 10'000));
    }
}

TEST_CASE("syslog: an object that makes no sense is a message all the same") {
    for (const char* odd : {"{}", R"({"timestamp":7,"event_type":[],"linnet":3})", R"({"linnet":{"id":{},"device":"x"}})"})
        CHECK(syslog_message({.host = "h"}, Json::parse(odd)).starts_with("<134>1 - h linnet - - [linnet@32473] {"));
}

TEST_CASE("syslog: what is refused in the configuration") {
    CHECK_NOTHROW(configure("url = \"tls://logs.example.org\""));
    CHECK_NOTHROW(configure("url = \"tls://[2001:db8::1]:6514/\"\nfacility = \"daemon\"\nmax_bytes = 65536"));
    for (const char* bad :
         {"", "url = \"tcp://logs.example.org\"", "url = \"tls://logs.example.org:0\"",
          "url = \"tls://logs.example.org\"\nfacility = \"local9\"", "url = \"tls://logs.example.org\"\nmax_bytes = 100",
          "url = \"tls://logs.example.org\"\ncertificate = \"/etc/hostname\"",
          "url = \"tls://logs.example.org\"\ncertificate = \"/nowhere\"\nkey = \"/nowhere\"",
          "url = \"tls://logs.example.org\"\nseverity = \"important\""})
        CHECK_THROWS_AS(configure(bad), SettingsError);
}

TEST_CASE("the address of a server") {
    const auto parsed = [](const char* text) {
        const auto server = parse_server_address(text);
        return server ? server->scheme + "|" + server->host + "|" + std::to_string(server->port) : "none";
    };
    CHECK(parsed("mqtts://Mqtt.example.org") == "mqtts|Mqtt.example.org|0");
    CHECK(parsed("tls://10.0.0.1:6514/") == "tls|10.0.0.1|6514");
    CHECK(parsed("tls://[::1]:1") == "tls|::1|1");
    CHECK(parsed("tls://[::1]") == "tls|::1|0");
    for (const char* bad : {"", "tls:", "tls://", "tls:///", "://h", "TLS://h", "tls://h:", "tls://h:0", "tls://h:65536",
                            "tls://h:1x", "tls://h/path", "tls://u@h", "tls://[::1", "tls://[10.0.0.1]", "tls://[::1]x",
                            "tls://::1", "tls://h h", "tls://h:+1", "tls://h:-1"})
        CHECK_MESSAGE(parsed(bad) == "none", bad);
    for (const char* here : {"localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"})
        CHECK_MESSAGE(is_this_machine(here), here);
    for (const char* elsewhere :
         {"", "localhost.example.org", "127.0.0.1.example.org", "128.0.0.1", "[]", "[", "0.0.0.0", "::2"})
        CHECK_MESSAGE(!is_this_machine(elsewhere), elsewhere);
}
