// The small readers that the dissectors share.
#include "dialogue_checks.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/dissectors/base64.hpp"
#include "sensor/dissectors/telnet_stream.hpp"
#include "sensor/line_reader.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace std::string_view_literals;

TEST_CASE("lines end with LF or CR LF; what has not ended is no line") {
    LineReader lines{"one\r\ntwo\n\nthree\r\r\nfour"};
    const auto one = lines.next();
    REQUIRE(one);
    CHECK(one->text == "one");
    CHECK(one->begin == 0);
    CHECK(one->end == 5);
    CHECK(lines.next()->text == "two");
    CHECK(lines.next()->text.empty());
    CHECK(lines.next()->text == "three\r");
    CHECK(!lines.next());
    CHECK(lines.offset() == 18);
}

TEST_CASE("arguments follow their command and one blank, exactly as they were sent") {
    CHECK(argument_of("USER", "user anna") == "anna");
    CHECK(argument_of("PASS", "PASS  two blanks ") == " two blanks ");
    CHECK(argument_of("PASS", "PASS") == "");
    CHECK(!argument_of("PASS", "PASSWORD x"));
    CHECK(!argument_of("PASS", "PAS"));
}

TEST_CASE("Base64: RFC 4648, section 10, and what is none") {
    struct Case {
        std::string_view text, bytes;
    };
    WipedText out;
    for (const auto& c :
         {Case{"", ""}, {"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYg==", "foob"}, {"Zm9vYmFy", "foobar"}}) {
        CHECK(decode_base64(c.text, out));
        CHECK(out.view() == c.bytes);
    }
    for (const auto wrong : {"Zg"sv, "Zg="sv, "Z==="sv, "Zm9v\n"sv, "Zm 9"sv, "=Zm9"sv, "Zg==Zg=="sv, "Zm_-"sv})
        CHECK(!decode_base64(wrong, out));
}

TEST_CASE("telnet text: commands, options, subnegotiations and colours are not text (RFC 854, RFC 855)") {
    const TelnetStream stream{
        "a\xFF\xFB\x01"
        "b\xFF\xFA\x18\x01\xFF\xFF\xFF\xF0"
        "c\xFF\xFF\x1B[1;31md\xFF\xF9"sv};
    CHECK(stream.text() ==
          "abc\xFF"
          "d");
    CHECK(stream.negotiates());
    CHECK(stream.raw_offset(1) == 4);
    CHECK(stream.text_within(4) == 1);
    CHECK(stream.text_within(5) == 2);
    CHECK(stream.text_within(1000) == 5);
}

TEST_CASE("telnet text: a subnegotiation that never ends hides the rest; the next command ends it") {
    CHECK(TelnetStream{"a\xFF\xFA\x18hidden"sv}.text() == "a");
    CHECK(TelnetStream{"a\xFF\xFA\x18x\xFF\xFB\x01"
                       "b"sv}
              .text() == "ab");
    CHECK(!TelnetStream{"a\xFF\xFF"}.negotiates());
}

TEST_CASE("plain text: what strangers call themselves, made harmless") {
    const std::string mark = "\xEF\xBF\xBD";  // U+FFFD
    CHECK(plain_text("Anna's K\xC3\xBC"
                     "che \xF0\x9F\x90\xA6") ==
          "Anna's K\xC3\xBC"
          "che \xF0\x9F\x90\xA6");
    CHECK(plain_text("a\x1B[31mb\x7F") == "a" + mark + "[31mb" + mark);
    CHECK(plain_text("\xC2\x9B") == mark);  // C1: the eight-bit control sequence introducer
    CHECK(plain_text("a\xE2\x80\xAE"
                     "b") == "a" + mark + "b");                       // right-to-left override
    CHECK(plain_text("\xC0\xAF") == mark + mark);                     // overlong '/'
    CHECK(plain_text("\xED\xA0\x80") == mark + mark + mark);          // a surrogate
    CHECK(plain_text("\xF4\x90\x80\x80").size() == 4 * mark.size());  // above U+10FFFF
    CHECK(plain_text("\xE2\x82") == mark + mark);                     // cut short
    CHECK(plain_text(std::string(300, 'x')) == std::string(255, 'x'));
    CHECK(plain_text(std::string(254, 'x') + "\xC3\xBC") == std::string(254, 'x'));  // not half a character
    CHECK(plain_text(std::string(300, '\0')).size() == 255);                         // 85 marks of three bytes
}

TEST_CASE("how much the server had said when a byte of the client arrived") {
    const Turn turns[] = {{0, 10}, {5, 30}, {9, 31}};
    Conversation c;
    CHECK(server_bytes_before(c, 7) == 0);
    c.turns = turns;
    CHECK(server_bytes_before(c, 0) == 10);
    CHECK(server_bytes_before(c, 4) == 10);
    CHECK(server_bytes_before(c, 5) == 30);
    CHECK(server_bytes_before(c, 100) == 31);
}
