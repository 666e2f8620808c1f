// Logins in protocols of bytes rather than lines: MQTT, LDAP, SOCKS 5; and Redis and IRC, which are lines of their own kind.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_view_literals;

namespace {

std::string field(std::string_view text) { return {std::string{'\0', static_cast<char>(text.size())} + std::string{text}}; }

/// MQTT 3.1.1, section 3.1: fixed header, "MQTT", level 4, flags, keep alive 60 s, payload.
std::string mqtt_connect(std::string_view protocol, char level, unsigned flags, const std::string& rest) {
    const std::string body = field(protocol) + level + static_cast<char>(flags) + std::string{"\0\x3C"sv} + rest;
    return '\x10' + std::string(1, static_cast<char>(body.size())) + body;
}

/// BER (X.690) with lengths below 128.
std::string ber(char tag, const std::string& value) { return std::string{tag, static_cast<char>(value.size())} + value; }
std::string bind_request(char id, const std::string& name, const std::string& secret) {
    return ber('\x30', ber('\x02', {id}) + ber('\x60', ber('\x02', "\x03") + ber('\x04', name) + ber('\x80', secret)));
}
std::string bind_response(char id, char result) {
    return ber('\x30', ber('\x02', {id}) + ber('\x61', ber('\x0A', {result}) + ber('\x04', "") + ber('\x04', "")));
}

}  // namespace

TEST_CASE("MQTT: user and password of CONNECT, outcome from CONNACK, in each version") {
    const auto accepted = "\x20\x02\x00\x00"sv, refused = "\x20\x02\x00\x05"sv;
    const std::vector<Heard> anna{{Service::mqtt, "anna", "secret", success}};
    SUBCASE("3.1.1") {
        Dialogue dialogue{1883};
        dialogue.client(mqtt_connect("MQTT", 4, 0xC2, field("plug") + field("anna") + field("secret"))).server(accepted);
        CHECK(logins_of(mqtt_login, dialogue) == anna);
    }
    SUBCASE("3.1, on any port, with a last will (flag 0x04)") {
        Dialogue dialogue{9000};
        dialogue.client(
            mqtt_connect("MQIsdp", 3, 0xC6, field("p") + field("t") + field("m") + field("anna") + field("secret")));
        dialogue.server(accepted);
        CHECK(logins_of(mqtt_login, dialogue) == anna);
    }
    SUBCASE("5, with properties of the packet and of the will; 0x86 is bad user name or password") {
        const std::string session_expiry{"\x05\x11\x00\x00\x00\x0A"sv}, no_properties(1, '\0');
        Dialogue dialogue{1883};
        dialogue.client(mqtt_connect(
            "MQTT", 5, 0xC6,
            session_expiry + field("p") + no_properties + field("t") + field("m") + field("anna") + field("secret")));
        dialogue.server("\x20\x03\x00\x86\x00"sv);
        CHECK(logins_of(mqtt_login, dialogue) == std::vector<Heard>{{Service::mqtt, "anna", "secret", failure}});
    }
    SUBCASE("a name without a password is a credential too; without either there is none") {
        Dialogue name_only{1883};
        name_only.client(mqtt_connect("MQTT", 4, 0x82, field("plug") + field("anna"))).server(refused);
        CHECK(logins_of(mqtt_login, name_only) == std::vector<Heard>{{Service::mqtt, "anna", "", failure}});
        Dialogue nothing{1883};
        nothing.client(mqtt_connect("MQTT", 4, 0x02, field("plug"))).server(accepted);
        CHECK(logins_of(mqtt_login, nothing).empty());
    }
}

TEST_CASE("LDAP: simple binds (RFC 4511, section 4.2), matched by message number") {
    const std::string admin = "cn=admin,dc=example,dc=com";
    Dialogue dialogue{389};
    dialogue.client(bind_request(1, admin, "wrong")).server(bind_response(1, 49));  // invalidCredentials
    dialogue.client(bind_request(2, admin, "secret")).server(bind_response(2, 0)).client(ber('\x30', ber('\x02', "\x03")));
    CHECK(logins_of(ldap_login, dialogue) ==
          std::vector<Heard>{{Service::ldap, admin, "wrong", failure}, {Service::ldap, admin, "secret", success}});
    Dialogue anonymous{389};
    anonymous.client(bind_request(1, "", "")).server(bind_response(1, 0)).client(bind_request(2, admin, ""));
    CHECK(logins_of(ldap_login, anonymous).empty());
}

TEST_CASE("LDAP: SASL PLAIN is readable, other mechanisms are not (RFC 4511, section 4.2)") {
    const auto bind = [](const std::string& mechanism) {
        const std::string credentials{"\0anna\0secret"sv};
        return ber('\x30',
                   ber('\x02', "\1") + ber('\x60', ber('\x02', "\x03") + ber('\x04', "") +
                                                       ber('\xA3', ber('\x04', mechanism) + ber('\x04', credentials))));
    };
    CHECK(logins_of(ldap_login, Dialogue{389}.client(bind("PLAIN")).server(bind_response(1, 0))) ==
          std::vector<Heard>{{Service::ldap, "anna", "secret", success}});
    CHECK(logins_of(ldap_login, Dialogue{389}.client(bind("CRAM-MD5")).server(bind_response(1, 0))).empty());
}

TEST_CASE("SOCKS 5: user name and password (RFC 1929), where the server chose that method") {
    Dialogue right{1080};
    right.client("\x05\x02\x00\x02"sv)
        .server("\x05\x02"sv)
        .client(
            "\x01\x04"
            "anna\x06"
            "secret"sv);
    SUBCASE("let in") {
        right.server("\x01\x00"sv);
        CHECK(logins_of(socks5_login, right) == std::vector<Heard>{{Service::socks5, "anna", "secret", success}});
    }
    SUBCASE("turned away") {
        right.server("\x01\x01"sv);
        CHECK(logins_of(socks5_login, right) == std::vector<Heard>{{Service::socks5, "anna", "secret", failure}});
    }
    SUBCASE("no method suits the server") {
        CHECK(logins_of(socks5_login, Dialogue{1080}.client("\x05\x02\x00\x02"sv).server("\x05\xFF"sv)).empty());
    }
}

TEST_CASE("Redis: AUTH as an array or in one line, HELLO with AUTH; the user is \"default\" unless it is said") {
    Dialogue dialogue{6379};
    dialogue.client("*3\r\n$4\r\nAUTH\r\n$4\r\nanna\r\n$5\r\nwr\r\nx\r\n").server("-WRONGPASS no\r\n");
    dialogue.client("AUTH secret\r\n").server("+OK\r\n").client("*1\r\n$4\r\nPING\r\n").server("+PONG\r\n");
    dialogue.client("hello 3 auth anna secret\r\n").server("%1\r\n$6\r\nserver\r\n$5\r\nredis\r\n");
    CHECK(logins_of(redis_login, dialogue) == std::vector<Heard>{{Service::redis, "anna", "wr\r\nx", failure},
                                                                 {Service::redis, "default", "secret", success},
                                                                 {Service::redis, "anna", "secret", success}});
}

TEST_CASE("IRC: PASS before or after NICK; 001 welcomes, 464 refuses (RFC 2812)") {
    Dialogue welcome{6667};
    welcome.client("CAP LS 302\r\n")
        .server(":irc NOTICE * :wait\r\n")
        .client("PASS :secret\r\nNICK anna\r\nUSER a 0 * :Anna\r\n");
    welcome.server("@time=1 :irc 001 anna :Welcome\r\n");
    CHECK(logins_of(irc_login, welcome) == std::vector<Heard>{{Service::irc, "anna", "secret", success}});
    Dialogue refused{7000};
    refused.client("NICK anna\r\n").client("PASS secret\r\n").server(":irc 464 anna :Password incorrect\r\n");
    CHECK(logins_of(irc_login, refused) == std::vector<Heard>{{Service::irc, "anna", "secret", failure}});
    CHECK(logins_of(irc_login, Dialogue{6667}.client("NICK anna\r\nUSER a 0 * :x\r\n").server(":irc 001 anna :x\r\n"))
              .empty());
}
