#include "sensor/parser_channel.hpp"

#include <doctest/doctest.h>

using namespace linnet;

TEST_CASE("signatures go to the parser once, and the next ones wait until it has taken them") {
    ParserChannel channel;
    CHECK(!channel.take());
    CHECK(channel.offer({"/somewhere", {"first", std::string(100'000, 'x'), ""}}));
    CHECK(!channel.offer({"/elsewhere", {"second"}}));
    const auto taken = channel.take();
    REQUIRE(taken);
    CHECK(taken->folder == "/somewhere");
    REQUIRE(taken->texts.size() == 3);
    CHECK(taken->texts[0] == "first");
    CHECK(taken->texts[1].size() == 100'000);
    CHECK(taken->texts[2].empty());
    CHECK(!channel.take());
    CHECK(channel.offer({"/elsewhere", {"second"}}));
    CHECK(channel.take()->texts == std::vector<std::string>{"second"});
}

TEST_CASE("a parser that begins has the newest signatures already") {
    ParserChannel channel;
    CHECK(channel.offer({"/somewhere", {"text"}}));
    channel.begin();
    CHECK(!channel.take());
    CHECK(channel.offer({"/somewhere", {"text"}}));
}

TEST_CASE("texts that do not fit are not offered") {
    ParserChannel channel;
    CHECK(!channel.offer({"/somewhere", std::vector<std::string>(5, std::string(4 * 1024 * 1024, 'x'))}));
    CHECK(!channel.take());
}

TEST_CASE("last words are cut, and made harmless") {
    ParserChannel channel;
    CHECK(channel.complaint().empty());
    channel.complain("bad\x1b[31m news\n" + std::string(500, 'y'));
    const auto words = channel.complaint();
    CHECK(words.starts_with("bad?[31m news?yyy"));
    CHECK(words.size() == 255);
}
