// POP3 logins (RFC 1939, RFC 5034).
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

TEST_CASE("POP3: USER and PASS, one after the other and in one go") {
    Dialogue in_turn{110};
    in_turn.server("+OK ready\r\n").client("USER anna\r\n").server("+OK\r\n").client("PASS a b\r\n").server("-ERR no\r\n");
    in_turn.client("USER anna\r\n").server("+OK\r\n").client("PASS secret\r\n").server("+OK 2 messages\r\n");
    const std::vector<Heard> expected{{Service::pop3, "anna", "a b", failure}, {Service::pop3, "anna", "secret", success}};
    CHECK(logins_of(pop3_login, in_turn) == expected);
    Dialogue pipelined{110};
    pipelined.server("+OK ready\r\n").client("USER anna\r\nPASS a b\r\nUSER anna\r\nPASS secret\r\n");
    pipelined.server("+OK\r\n-ERR no\r\n+OK\r\n+OK 2 messages\r\n");
    CHECK(logins_of(pop3_login, pipelined) == expected);
}

TEST_CASE("POP3: AUTH PLAIN (RFC 4616), at once or when asked, and AUTH LOGIN") {
    // "AHRpbQB0YW5zdGFhZnRhbnN0YWFm" is NUL "tim" NUL "tanstaaftanstaaf", RFC 4616's example in Base64.
    const std::vector<Heard> tim{{Service::pop3, "tim", "tanstaaftanstaaf", success}};
    Dialogue at_once{110};
    at_once.server("+OK\r\n").client("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n").server("+OK in\r\n");
    CHECK(logins_of(pop3_login, at_once) == tim);
    Dialogue asked{110};
    asked.server("+OK\r\n")
        .client("auth plain\r\n")
        .server("+ \r\n")
        .client("AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n")
        .server("+OK\r\n");
    CHECK(logins_of(pop3_login, asked) == tim);
    Dialogue login{110};
    login.server("+OK\r\n").client("AUTH LOGIN\r\n").server("+ VXNlcm5hbWU6\r\n").client("YW5uYQ==\r\n");
    login.server("+ UGFzc3dvcmQ6\r\n").client("c2VjcmV0\r\n").server("-ERR no\r\n");
    CHECK(logins_of(pop3_login, login) == std::vector<Heard>{{Service::pop3, "anna", "secret", failure}});
}

TEST_CASE("POP3: a mechanism that the server refuses, that is cancelled or that sends no password is none") {
    Dialogue dialogue{110};
    dialogue.server("+OK <1@x>\r\n").client("AUTH PLAIN\r\n").server("-ERR unknown\r\n");
    dialogue.client("AUTH LOGIN\r\n").server("+ VXNlcm5hbWU6\r\n").client("*\r\n").server("-ERR cancelled\r\n");
    dialogue.client("AUTH CRAM-MD5\r\n").server("+ PDFAeD4=\r\n").client("YW5uYSAwMDAw\r\n").server("-ERR no\r\n");
    dialogue.client("APOP anna c4c9334bac560ecc979e58001b3e22fb\r\n").server("+OK\r\n");
    CHECK(logins_of(pop3_login, dialogue).empty());
}

TEST_CASE("POP3: after STLS nothing can be read, unless it was refused") {
    Dialogue accepted{110};
    accepted.server("+OK\r\n")
        .client("STLS\r\n")
        .server("+OK go\r\n")
        .client("USER anna\r\nPASS noise\r\n")
        .server("+OK\r\n");
    CHECK(logins_of(pop3_login, accepted).empty());
    Dialogue refused{110};
    refused.server("+OK\r\n").client("STLS\r\n").server("-ERR no\r\n").client("USER anna\r\n").server("+OK\r\n");
    refused.client("PASS secret\r\n").server("+OK\r\n");
    CHECK(logins_of(pop3_login, refused) == std::vector<Heard>{{Service::pop3, "anna", "secret", success}});
}
