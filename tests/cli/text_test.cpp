#include "cli/text.hpp"

#include <doctest/doctest.h>

using namespace linnet;

TEST_CASE("escaped: a device cannot steer the terminal with its name") {
    CHECK(escaped("Hall camera") == "Hall camera");
    CHECK(escaped("\x1b[2J\x1b]0;owned\x07") == "\\x1B[2J\\x1B]0;owned\\x07");
    CHECK(escaped("one\ntwo\r\tthree\x7f") == "one\\x0Atwo\\x0D\\x09three\\x7F");
    SUBCASE("the C1 controls are controls in UTF-8 too: U+009B is CSI") {
        CHECK(escaped("\xc2\x9b"
                      "31m") == "\\u009B31m");
    }
    SUBCASE("line and paragraph separators break lines") { CHECK(escaped("a\u2028b\u2029") == "a\\u2028b\\u2029"); }
}

TEST_CASE("escaped: text cannot pretend to be other text") {
    CHECK(escaped("cam\u202Egpj.exe") == "cam\\u202Egpj.exe");  // right-to-left override
    CHECK(escaped("\u2066x\u2069\u200F\u061C") == "\\u2066x\\u2069\\u200F\\u061C");
    CHECK(escaped("a\u200Bb\uFEFF\u00AD") == "a\\u200Bb\\uFEFF\\u00AD");  // invisible
    CHECK(escaped("\U000E0041") == "\\uE0041");                           // tag characters
}

TEST_CASE("escaped: other people's scripts stay readable") {
    CHECK(escaped("Küche 厨房 кухня 🏠") == "Küche 厨房 кухня 🏠");
    CHECK(escaped("می\u200Cخواهم") == "می\u200Cخواهم");  // the non-joiner is part of Persian spelling
}

TEST_CASE("escaped: bytes that are not UTF-8 are written out, one by one") {
    CHECK(escaped("a\xff"
                  "b") == "a\\xFFb");
    CHECK(escaped("\xe5\x8e") == "\\xE5\\x8E");           // the character ends early
    CHECK(escaped("\xc0\xaf") == "\\xC0\\xAF");           // overlong: RFC 3629, section 3
    CHECK(escaped("\xed\xa0\x80") == "\\xED\\xA0\\x80");  // a surrogate
    CHECK(escaped({"a\0b", 3}) == "a\\x00b");
}

TEST_CASE("escaped: 64 KiB of anything stay one line") {
    CHECK(escaped(std::string(65'536, '\0')).size() == 4 * 65'536);
    const std::string long_name(65'536, 'W');
    CHECK(escaped(long_name) == long_name);
    CHECK(display_width(shortened(escaped(std::string(65'536, '\x1b')), 40)) == 40);
}

TEST_CASE("display_width counts columns, not bytes") {
    CHECK(display_width("") == 0);
    CHECK(display_width("Hall") == 4);
    CHECK(display_width("Küche") == 5);
    CHECK(display_width("厨房") == 4);     // East Asian Wide: UAX #11
    CHECK(display_width("e\u0301") == 1);  // e and a combining acute accent
    CHECK(display_width("ｗ") == 2);       // fullwidth form
}

TEST_CASE("shortened: what is cut off leaves a mark, and wide characters are never halved") {
    CHECK(shortened("camera", 6) == "camera");
    CHECK(shortened("camera", 5) == "came…");
    CHECK(shortened("厨房的灯", 8) == "厨房的灯");
    CHECK(shortened("厨房的灯", 6) == "厨房…");  // 5 columns: a third character would need 7
    CHECK(shortened("camera", 1) == "…");
    CHECK(shortened("camera", 0).empty());
}

TEST_CASE("wrapped: lines break at spaces and fill up to the last column") {
    CHECK(wrapped("", 10).empty());
    CHECK(wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
    CHECK(wrapped("one two three", 6) == std::vector<std::string>{"one", "two", "three"});
    CHECK(wrapped("  one   two ", 20) == std::vector<std::string>{"one two"});
    SUBCASE("a long word stays whole, so that it can be copied") {
        CHECK(wrapped("see https://example.com/a/long/way now", 10) ==
              std::vector<std::string>{"see", "https://example.com/a/long/way", "now"});
    }
    SUBCASE("wide characters take two columns") {
        CHECK(wrapped("厨房 灯 x", 7) == std::vector<std::string>{"厨房 灯", "x"});
    }
}

TEST_CASE("counted: a number with its noun") {
    CHECK(counted(0, "device", "devices") == "0 devices");
    CHECK(counted(1, "device", "devices") == "1 device");
    CHECK(counted(999, "packet", "packets") == "999 packets");
    CHECK(counted(1000, "packet", "packets") == "1,000 packets");
    CHECK(counted(1234567, "packet", "packets") == "1,234,567 packets");
}
