// FTP logins (RFC 959).
#include "dialogue_checks.hpp"
#include "sensor/dissectors.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;
using namespace std::string_view_literals;

TEST_CASE("FTP: USER, PASS and the reply to PASS") {
    Dialogue dialogue{21};
    dialogue.server("220 ready\r\n").client("USER anna\r\n").server("331 Password, please\r\n").client("PASS secret\r\n");
    SUBCASE("230 is success") {
        dialogue.server("230 Logged in\r\n").client("QUIT\r\n").server("221 Bye\r\n");
        CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", "secret", success}});
    }
    SUBCASE("530 is failure") {
        dialogue.server("530 Login incorrect.\r\n");
        CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", "secret", failure}});
    }
    SUBCASE("421, the server has had enough, is failure") {
        dialogue.server("421 Too many attempts\r\n");
        CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", "secret", failure}});
    }
    SUBCASE("332, an account is wanted as well, is neither") {
        dialogue.server("332 Need account\r\n").client("ACCT staff\r\n").server("230 Now you are in\r\n");
        CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", "secret", unknown}});
    }
    SUBCASE("no reply is neither") {
        CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", "secret", unknown}});
    }
    SUBCASE("the first line of a reply of several lines says what it means (RFC 959, section 4.2)") {
        dialogue.server("230-Welcome\r\n a long message of the d");
        CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", "secret", success}});
    }
    SUBCASE("what is inside of it is no reply to anything") {
        dialogue.server("230-Welcome\r\n 530 is no code here\r\n230-more\r\n230 Logged in\r\n");
        CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", "secret", success}});
    }
    SUBCASE("a reply without a code is passed over") {
        dialogue.server("oops\r\n23 short\r\n230 Logged in\r\n");
        CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", "secret", success}});
    }
}

TEST_CASE("FTP: thirty attempts are thirty logins, the last one right") {
    Dialogue dialogue{21};
    dialogue.server("220 ready\r\n");
    for (int i = 1; i < 30; ++i) {
        dialogue.client("USER anna\r\n").server("331 go on\r\n");
        dialogue.client("PASS " + std::to_string(i) + "\r\n").server("530 no\r\n");
    }
    dialogue.client("USER anna\r\n").server("331 go on\r\n").client("PASS 30\r\n").server("230 yes\r\n");
    const auto logins = logins_of(ftp_login, dialogue);
    REQUIRE(logins.size() == 30);
    for (std::size_t i = 0; i < 29; ++i) CHECK(logins[i] == Heard{Service::ftp, "anna", std::to_string(i + 1), failure});
    CHECK(logins[29] == Heard{Service::ftp, "anna", "30", success});
}

TEST_CASE("FTP: commands in any case, LF alone, passwords with blanks and with the word PASS, as they were sent") {
    Dialogue dialogue{21};
    dialogue.server("220 ready\n")
        .client("user anna\n")
        .server("331 go on\n")
        .client("pass  PASS word \n")
        .server("230 yes\n");
    CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", " PASS word ", success}});
}

TEST_CASE("FTP: sent in one go, the replies come in order") {
    Dialogue dialogue{21};
    dialogue.server("220 ready\r\n").client("USER anna\r\nPASS one\r\nUSER anna\r\nPASS two\r\n");
    dialogue.server("331 go on\r\n530 no\r\n331 go on\r\n230 yes\r\n");
    CHECK(logins_of(ftp_login, dialogue) ==
          std::vector<Heard>{{Service::ftp, "anna", "one", failure}, {Service::ftp, "anna", "two", success}});
}

TEST_CASE("FTP: after AUTH TLS nothing can be read; where it is refused, everything") {
    Dialogue dialogue{21};
    dialogue.server("220 ready\r\n").client("AUTH TLS\r\n");
    SUBCASE("234") {
        dialogue.server("234 go\r\n").client("USER anna\r\n").server("331\r\n").client("PASS looks like one\r\n");
        CHECK(logins_of(ftp_login, dialogue).empty());
    }
    SUBCASE("502") {
        dialogue.server("502 no\r\n")
            .client("USER anna\r\n")
            .server("331 go\r\n")
            .client("PASS secret\r\n")
            .server("230 yes\r\n");
        CHECK(logins_of(ftp_login, dialogue) == std::vector<Heard>{{Service::ftp, "anna", "secret", success}});
    }
}

TEST_CASE("FTP: who speaks it") {
    SUBCASE("a server on another port that greets with 220, a client that says USER") {
        Dialogue dialogue{2100};
        dialogue.server("220 ready\r\n")
            .client("USER anna\r\n")
            .server("331 go\r\n")
            .client("PASS secret\r\n")
            .server("230 y\r\n");
        CHECK(logins_of(ftp_login, dialogue).size() == 1);
    }
    SUBCASE("a mail server greets with 220 too") {
        Dialogue dialogue{2100};
        dialogue.server("220 mail\r\n").client("EHLO x\r\nUSER anna\r\nPASS secret\r\n");
        CHECK(logins_of(ftp_login, dialogue).empty());
    }
    SUBCASE("a server that does not speak in codes is no FTP server, even on port 21") {
        Dialogue dialogue{21};
        dialogue.client("USER anna\r\nPASS secret\r\n").server("HTTP/1.1 200 OK\r\n\r\n");
        CHECK(logins_of(ftp_login, dialogue).empty());
    }
    SUBCASE("a password without a name is not reported: the name may have gone by unseen") {
        Dialogue dialogue{21};
        dialogue.server("220 ready\r\n").client("PASS secret\r\n").server("503 USER first\r\n");
        CHECK(logins_of(ftp_login, dialogue).empty());
    }
    SUBCASE("where the server's side goes past the sensor, the login is still readable") {
        Dialogue dialogue{21};
        dialogue.client("USER anna\r\n").client("PASS secret\r\n");
        CHECK(dialogue.read_client_only(ftp_login).logins == std::vector<Heard>{{Service::ftp, "anna", "secret", unknown}});
    }
    SUBCASE("backslash, r, backslash, n is not the end of a line") {
        Dialogue dialogue{21};
        dialogue.client(R"(USER anna\r\n)").client(R"(PASS secret\r\n)");
        CHECK(dialogue.read_client_only(ftp_login).logins.empty());
    }
}
