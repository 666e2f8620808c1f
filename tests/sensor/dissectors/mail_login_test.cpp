// IMAP and SMTP logins.
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

TEST_CASE("IMAP: LOGIN with atoms, quoted strings and literals (RFC 9051, section 6.2.3)") {
    struct Case {
        std::string_view command, user, secret;
    };
    const Case cases[] = {{"a1 LOGIN anna secret\r\n", "anna", "secret"},
                          {"a1 login \"anna k\" \"se\\\"cr\\\\et\"\r\n", "anna k", "se\"cr\\et"},
                          {"a1 LOGIN {4+}\r\nanna {6+}\r\nsecret\r\n", "anna", "secret"},
                          {"a1 LOGIN \"\" {9+}\r\ntwo\r\nwide\r\n", "", "two\r\nwide"}};
    for (const auto& c : cases) {
        CAPTURE(c.command);
        Dialogue dialogue{143};
        dialogue.server("* OK ready\r\n").client("a0 CAPABILITY\r\n").server("* CAPABILITY IMAP4rev2\r\na0 OK\r\n");
        dialogue.client(c.command).server("* note\r\na1 OK in\r\n").client("a2 LIST \"\" *\r\n");
        CHECK(logins_of(imap_login, dialogue) ==
              std::vector<Heard>{{Service::imap, std::string{c.user}, std::string{c.secret}, success}});
    }
}

TEST_CASE("IMAP: a literal waits for the server's word, a refusal is NO or BAD with the command's tag") {
    Dialogue dialogue{143};
    dialogue.server("* OK\r\n").client("x LOGIN {4}\r\n").server("+ go on\r\n").client("anna {6}\r\n").server("+ go on\r\n");
    dialogue.client("secret\r\n").server("x NO wrong\r\n").client("y LOGIN anna other\r\n").server("y OK\r\n");
    CHECK(logins_of(imap_login, dialogue) ==
          std::vector<Heard>{{Service::imap, "anna", "secret", failure}, {Service::imap, "anna", "other", success}});
}

TEST_CASE("IMAP: AUTHENTICATE, STARTTLS, and a message that looks like a login") {
    Dialogue plain{143};
    plain.server("* OK\r\n").client("1 AUTHENTICATE PLAIN\r\n").server("+ \r\n").client("AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
    plain.server("1 OK\r\n");
    CHECK(logins_of(imap_login, plain) == std::vector<Heard>{{Service::imap, "tim", "tanstaaftanstaaf", success}});
    Dialogue cram{143};
    cram.server("* OK\r\n").client("1 AUTHENTICATE CRAM-MD5\r\n").server("+ PDFAeD4=\r\n").client("YW5uYSAwMDAw\r\n");
    CHECK(logins_of(imap_login, cram).empty());
    Dialogue secured{143};
    secured.server("* OK\r\n").client("1 STARTTLS\r\n").server("1 OK\r\n").client("2 LOGIN looks like\r\n");
    CHECK(logins_of(imap_login, secured).empty());
    Dialogue append{143};
    append.server("* OK\r\n")
        .client("1 APPEND box {19}\r\n1 LOGIN anna none\r\n\r\n2 LOGIN anna secret\r\n")
        .server("2 OK\r\n");
    CHECK(logins_of(imap_login, append) == std::vector<Heard>{{Service::imap, "anna", "secret", success}});
}

TEST_CASE("SMTP: AUTH LOGIN and AUTH PLAIN (RFC 4954); 235 is success, 535 failure") {
    Dialogue dialogue{25};
    dialogue.server("220-mail\r\n220 ready\r\n").client("EHLO x\r\n").server("250-mail\r\n250 AUTH PLAIN LOGIN\r\n");
    dialogue.client("AUTH LOGIN\r\n").server("334 VXNlcm5hbWU6\r\n").client("YW5uYQ==\r\n").server("334 UGFzc3dvcmQ6\r\n");
    dialogue.client("d3Jvbmc=\r\n").server("535 no\r\n");
    dialogue.client("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n")
        .server("235 yes\r\n")
        .client("MAIL FROM:<a@example.com>\r\n");
    CHECK(logins_of(smtp_login, dialogue) == std::vector<Heard>{{Service::smtp, "anna", "wrong", failure},
                                                                {Service::smtp, "tim", "tanstaaftanstaaf", success}});
}

TEST_CASE("SMTP: a mechanism that is refused, STARTTLS, and a message about passwords are no logins") {
    Dialogue refused{587};
    refused.server("220 x\r\n")
        .client("EHLO x\r\n")
        .server("250 x\r\n")
        .client("AUTH LOGIN\r\n")
        .server("504 no\r\n")
        .client("QUIT\r\n");
    CHECK(logins_of(smtp_login, refused).empty());
    Dialogue secured{587};
    secured.server("220 x\r\n").client("EHLO x\r\n").server("250 x\r\n").client("STARTTLS\r\n").server("220 go\r\n");
    secured.client("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n");
    CHECK(logins_of(smtp_login, secured).empty());
    Dialogue message{25};
    message.server("220 x\r\n").client("HELO x\r\n").server("250 x\r\n").client("DATA\r\n").server("354 go\r\n");
    message.client("AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n.\r\n").server("250 taken\r\n");
    CHECK(logins_of(smtp_login, message).empty());
    Dialogue unanswered{25};
    unanswered.server("220 x\r\n").client("AUTH LOGIN\r\n");
    CHECK(logins_of(smtp_login, unanswered).empty());
}
