// rlogin, rsh and rexec, NNTP, SIP, and command lines without a password.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_view_literals;

namespace {

constexpr std::string_view startup = "\0anna\0root\0xterm/38400\0"sv;
constexpr std::string_view basic = "QWxhZGRpbjpvcGVuIHNlc2FtZQ==";  // RFC 7617: Aladdin, open sesame

std::string sip_request(std::string_view authorization, int number) {
    return "REGISTER sip:example.org SIP/2.0\r\nCSeq: " + std::to_string(number) +
           " REGISTER\r\nAuthorization: " + std::string{authorization} + "\r\nContent-Length: 0\r\n\r\n";
}
std::string sip_response(int status, int number) {
    return "SIP/2.0 " + std::to_string(status) + " x\r\nCSeq: " + std::to_string(number) + " REGISTER\r\nl: 2\r\n\r\nhi";
}

}  // namespace

TEST_CASE("rlogin: a password that is asked for, with the size of the window in between (RFC 1282)") {
    Dialogue dialogue{513};
    dialogue.client(startup).server("\0Password: "sv).client("\xFF\xFFss\0\x18\0\x50\0\0\0\0"sv).client("secret\r");
    dialogue.server("\r\nLogin incorrect\r\nlogin: ").client("anna\r").server("anna\r\nPassword: ").client("right\r");
    dialogue.server("\r\nLast login: today\r\n$ ");
    CHECK(logins_of(rlogin_login, dialogue) ==
          std::vector<Heard>{{Service::rlogin, "root", "secret", failure}, {Service::rlogin, "anna", "right", success}});
    CHECK(dialogue.read(rlogin_login).events.empty());
}

TEST_CASE("rlogin: a server that trusts the client's word") {
    Dialogue dialogue{513};
    dialogue.client(startup).server("\0\r\n# "sv).client("ls\r").server("ls\r\n# ");
    CHECK(logins_of(rlogin_login, dialogue).empty());
    const auto notes = dialogue.read(rlogin_login);
    REQUIRE(notes.events.size() == 1);
    const auto& login = std::get<Login>(notes.events[0]);
    CHECK(login.service == Service::rlogin);
    CHECK(login.user == "root");
    CHECK(login.outcome == success);
    CHECK(login.default_entry == 0);
    Dialogue refused{513};
    refused.client(startup).server("\1Permission denied.\r\n");
    REQUIRE(refused.read(rlogin_login).events.size() == 1);
    CHECK(std::get<Login>(refused.read(rlogin_login).events[0]).outcome == failure);
    CHECK(Dialogue{513}.client("GET / HTTP/1.1\r\n").read(rlogin_login).events.empty());
}

TEST_CASE("rsh: the user on whose word a command runs; rexec: with a password") {
    Dialogue rsh{514};
    rsh.client("1022\0anna\0root\0cat /etc/passwd\0"sv).server("\0"sv);
    check_every_prefix(rsh_login, rsh);
    const auto notes = rsh.read(rsh_login);
    REQUIRE(notes.events.size() == 1);
    CHECK(std::get<Login>(notes.events[0]).user == "root");
    CHECK(std::get<Login>(notes.events[0]).outcome == success);
    Dialogue rexec{512};
    rexec.client("0\0anna\0secret\0id\0"sv).server("\1Login incorrect.\n");
    CHECK(logins_of(rsh_login, rexec) == std::vector<Heard>{{Service::rsh, "anna", "secret", failure}});
    for (const auto other :
         {"<34>Oct 11 22:14:15 host su: failed\n"sv, "1022\0an na\0root\0id\0"sv, "70000000\0a\0b\0c\0"sv})
        CHECK(Dialogue{514}.client(other).server("\0"sv).read(rsh_login).events.empty());
}

TEST_CASE("NNTP: AUTHINFO USER and PASS, and SASL PLAIN (RFC 4643)") {
    Dialogue dialogue{119};
    dialogue.server("200 hello\r\n").client("AUTHINFO USER anna\r\n").server("381 more\r\n");
    dialogue.client("AUTHINFO PASS wrong word\r\n").server("481 no\r\n");
    dialogue.client("authinfo user anna\r\nauthinfo pass secret\r\n").server("381 more\r\n281 in\r\n");
    dialogue.client("AUTHINFO SASL PLAIN AGFubmEAcHc=\r\n").server("502 no\r\n");
    CHECK(logins_of(nntp_login, dialogue) == std::vector<Heard>{{Service::nntp, "anna", "wrong word", failure},
                                                                {Service::nntp, "anna", "secret", success},
                                                                {Service::nntp, "anna", "pw", failure}});
    Dialogue encrypted{119};
    encrypted.server("200 hello\r\n").client("STARTTLS\r\n").server("382 go\r\n");
    encrypted.client("AUTHINFO USER anna\r\nAUTHINFO PASS secret\r\n");
    CHECK(logins_of(nntp_login, encrypted).empty());
    Dialogue digest{119};
    digest.client("AUTHINFO SASL CRAM-MD5\r\n").server("383 PDE+\r\n").client("YW5uYSAwMDA=\r\n").server("281 in\r\n");
    CHECK(logins_of(nntp_login, digest).empty());
}

TEST_CASE("SIP over TCP: Basic, and the response of the same transaction") {
    Dialogue dialogue{5060};
    dialogue.client(sip_request("Basic " + std::string{basic}, 1)).server(sip_response(100, 1) + sip_response(401, 1));
    dialogue.client(sip_request("Basic " + std::string{basic}, 2)).server(sip_response(200, 2));
    dialogue.client(sip_request("Digest username=\"anna\", response=\"00\"", 3)).server(sip_response(200, 3));
    CHECK(logins_of(sip_login, dialogue) == std::vector<Heard>{{Service::sip, "Aladdin", "open sesame", failure},
                                                               {Service::sip, "Aladdin", "open sesame", success}});
}

TEST_CASE("telnet: a command line that nobody had to sign in for, and those that somebody had to") {
    Dialogue open{23};
    open.server("\xFF\xFB\x01"sv).client("\xFF\xFD\x01"sv).server("BusyBox v1.20\r\n# ").client("ls\r\n").server("ls\r\n# ");
    check_every_prefix(telnet_login, open);
    const auto notes = open.read(telnet_login);
    REQUIRE(notes.events.size() == 1);
    CHECK(std::get<Observation>(notes.events[0]).kind == ObservationKind::open_service);
    CHECK(std::get<Observation>(notes.events[0]).protocol == "telnet");
    Dialogue with_password{23};
    with_password.server("host login: ").client("anna\r\n").server("anna\r\nPassword: ").client("secret\r\n");
    with_password.server("\r\n$ ").client("ls\r\n").server("ls\r\n$ ");
    CHECK(with_password.read(telnet_login).events.empty());
    Dialogue unusual{23};
    unusual.server("Username> ").client("anna\r\n").server("\r\nPassword> ").client("secret\r\n").server("\r\nLocal> ");
    CHECK(unusual.read(telnet_login).events.empty());
}
