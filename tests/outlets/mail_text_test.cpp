// Internet mail, worked out by hand from RFC 5322, 2045 and 2047.
#include "outlets/mail_text.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace std::chrono_literals;

namespace {

const UtcOffset one_hour = [](Timestamp) { return 60min; };

}  // namespace

TEST_CASE("dates are those of the home's clock") {
    const auto at = *parse_timestamp("2026-03-01T23:20:11.999999Z");
    CHECK(mail_date(at, 60min) == "Mon, 02 Mar 2026 00:20:11 +0100");
    CHECK(mail_date(at, 0min) == "Sun, 01 Mar 2026 23:20:11 +0000");
    CHECK(mail_date(at, -(3h + 30min)) == "Sun, 01 Mar 2026 19:50:11 -0330");
}

TEST_CASE("quoted-printable") {
    CHECK(quoted_printable("a=b") == "a=3Db");
    CHECK(quoted_printable("K\xC3\xBC"
                           "che") == "K=C3=BCche");
    CHECK(quoted_printable("a \nb ") == "a=20\r\nb=20");
    CHECK(quoted_printable(std::string(76, 'x')) == std::string(76, 'x'));
    CHECK(quoted_printable(std::string(77, 'x')) == std::string(75, 'x') + "=\r\nxx");
    CHECK(quoted_printable(std::string(74, 'x') + "\xC3\xBC") == std::string(74, 'x') + "=\r\n=C3=BC");
    CHECK(quoted_printable(".") == ".");  // who transfers it doubles the dot
}

TEST_CASE("a header's text") {
    CHECK(header_text("Hall camera: telnet", 9) == "Hall camera: telnet");
    CHECK(header_text("K\xC3\xBC"
                      "che: x",
                      9) == "=?utf-8?Q?K=C3=BCche=3A_x?=");
    CHECK(header_text("=?utf-8?Q?trick?=", 9) == "=?utf-8?Q?=3D=3Futf=2D8=3FQ=3Ftrick=3F=3D?=");
    // 10 + 2 are around a word. Of 76 that leaves 55 behind "Subject: ", 9 characters of 6, and 63 behind a space, 10 of 6.
    std::string text, nine, ten;
    for (int i = 0; i < 20; ++i) text += "\xC3\xBC";
    for (int i = 0; i < 9; ++i) nine += "=C3=BC";
    for (int i = 0; i < 10; ++i) ten += "=C3=BC";
    CHECK(header_text(text, 9) == "=?utf-8?Q?" + nine + "?=\r\n =?utf-8?Q?" + ten + "?=\r\n =?utf-8?Q?=C3=BC?=");
}

TEST_CASE("addresses") {
    CHECK(is_mail_address("anna@example.org"));
    CHECK(is_mail_address("anna+linnet@mail.example.org"));
    for (const char* bad :
         {"", "anna", "@example.org", "anna@", "a@b@c", "a b@c", "a@b\r\nX: y", "<a@b>", "a@b,c@d", "\xC3\xBC@b"})
        CHECK_FALSE(is_mail_address(bad));
}

TEST_CASE("a whole mail, to the byte") {
    Message message;
    message.id = "mail/5eed-17/begun";
    message.kind = MessageKind::begun;
    message.severity = Severity::act_now;
    message.title = "Hall camera: Mirai-style scanning";
    message.text = "It happened.\n\nDo this.";
    message.at = *parse_timestamp("2026-03-01T18:20:11.120345Z");
    CHECK(mail_text(message, {.from = "linnet@example.org", .to = {"anna@example.org", "bert@example.org"}}, one_hour) ==
          "Date: Sun, 01 Mar 2026 19:20:11 +0100\r\n"
          "From: Linnet <linnet@example.org>\r\n"
          "To: anna@example.org,\r\n bert@example.org\r\n"
          "Subject: Hall camera: Mirai-style scanning\r\n"
          "Message-ID: <mail.5eed-17.begun@example.org>\r\n"
          "X-Linnet-Id: mail/5eed-17/begun\r\n"
          "Auto-Submitted: auto-generated\r\n"
          "Importance: high\r\n"
          "MIME-Version: 1.0\r\n"
          "Content-Type: text/plain; charset=utf-8\r\n"
          "Content-Transfer-Encoding: quoted-printable\r\n"
          "\r\n"
          "It happened.\r\n\r\nDo this.\r\n");
}
