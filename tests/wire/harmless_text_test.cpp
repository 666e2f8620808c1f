#include "wire/harmless_text.hpp"

#include "wire/alert.hpp"

#include <doctest/doctest.h>

using namespace linnet;

TEST_CASE("characters are taken one by one; what is no UTF-8 is one byte each (RFC 3629)") {
    CHECK(first_character("a").point == U'a');
    CHECK(first_character("\xC3\xBC").point == U'\u00FC');
    CHECK(first_character("\xF0\x9F\x8F\xA0").point == U'\U0001F3E0');
    CHECK(first_character("\xF0\x9F\x8F\xA0").length == 4);
    CHECK(first_character(std::string_view{"\0", 1}).valid);
    for (const char* bad : {"\xFF", "\x80", "\xC0\xAF", "\xC3", "\xE2\x82", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "\xF0\x80\x80\x80", "\xE0\x80\x80"}) {
        CAPTURE(bad);
        CHECK_FALSE(first_character(bad).valid);
        CHECK(first_character(bad).length == 1);
    }
}

TEST_CASE("what does something to a reader is not harmless; people's scripts are") {
    for (const char32_t point : {U'\0',     U'\x1B',   U'\n',     U'\x7F',   U'\x9B',       U'\u00AD',     U'\u061C',
                                 U'\u115F', U'\u200B', U'\u200E', U'\u2028', U'\u202E',     U'\u2066',     U'\u2069',
                                 U'\u2800', U'\u3164', U'\uFEFF', U'\uFFFE', U'\U000E0041', U'\U000F0000', U'\U0001FFFF'}) {
        CAPTURE(static_cast<std::uint32_t>(point));
        CHECK_FALSE(is_harmless(point));
    }
    for (const char32_t point : {U' ', U'~', U'\u00FC', U'\u0448', U'\u05E9', U'\u0645', U'\u200C', U'\u200D', U'\u4E2D',
                                 U'\uAC00', U'\uFE0F', U'\U0001F3E0'}) {
        CAPTURE(static_cast<std::uint32_t>(point));
        CHECK(is_harmless(point));
    }
    CHECK(is_harmless("Küche 厨房 кухня"));
    CHECK_FALSE(is_harmless("a\xFF"));
    CHECK(is_harmless(""));
}

TEST_CASE("JSON says the same and does nothing to a terminal") {
    const std::string hostile =
        "<b>\x1B[2J\x7F\xC2\x9B"
        "31m\xE2\x80\xAE"
        "gpj\xF3\xA0\x81\x81\xFF Küche";
    const std::string json = dump(Json{{"name", hostile}});
    CHECK(json == "{\"name\":\"<b>\\u001b[2J\\u007f\\u009b31m\\u202egpj\\udb40\\udc41\xEF\xBF\xBD Küche\"}");
    CHECK(Json::parse(json).at("name") ==
          "<b>\x1B[2J\x7F\xC2\x9B"
          "31m\xE2\x80\xAE"
          "gpj\xF3\xA0\x81\x81\xEF\xBF\xBD Küche");
    CHECK(dump(Json{{"name", std::string(65'536, '\0')}}).size() == 65'536 * 6 + 11);
    CHECK(dump(Json{{"name", "plain"}}) == R"({"name":"plain"})");
}
