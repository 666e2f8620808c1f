#include "cli/table.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace linnet;

TEST_CASE("table: columns are as wide as their widest cell, two spaces apart, without spaces at the end") {
    Table table{{{"NAME"}, {"COUNT", Align::right}, {"KIND"}}};
    table.add({"Hall camera", "7", "camera"});
    table.add({"Hub", "1200", ""});
    CHECK(table.render(0) ==
          "NAME         COUNT  KIND\n"
          "Hall camera      7  camera\n"
          "Hub           1200\n");
}

TEST_CASE("table: wide characters keep the columns straight") {
    Table table{{{"NAME"}, {"KIND"}}};
    table.add({"厨房", "lamp"});
    table.add({"Hall", "camera"});
    CHECK(table.render(0) ==
          "NAME  KIND\n"
          "厨房  lamp\n"
          "Hall  camera\n");
}

TEST_CASE("table: a name with escape sequences is shown, not obeyed") {
    Table table{{{"NAME"}, {"KIND"}}};
    table.add({"\x1b[31m", "x\ny"});
    CHECK(table.render(0) ==
          "NAME      KIND\n"
          "\\x1B[31m  x\\x0Ay\n");
}

TEST_CASE("table: on a narrow terminal the widest column gives way first") {
    Table table{{{"NAME"}, {"WHAT"}}};
    table.add({"Hall camera", "searches the network"});  // 11 + 2 + 20
    CHECK(table.render(33) == "NAME         WHAT\nHall camera  searches the network\n");
    CHECK(table.render(32) == "NAME         WHAT\nHall camera  searches the netwo…\n");
    SUBCASE("and no column falls below six") { CHECK(table.render(1) == "NAME    WHAT\nHall …  searc…\n"); }
}

TEST_CASE("table: a row that does not fit the columns is a mistake of ours") {
    Table table{{{"NAME"}, {"KIND"}}};
    CHECK_THROWS_AS(table.add({"only one"}), std::invalid_argument);
}

TEST_CASE("a column with a limit of its own is shortened everywhere") {
    Table table{{{"NAME", Align::left, 8}, {"MAC"}}};
    table.add({"a-name-that-has-no-end", "00:11:22:33:44:55"});
    CHECK(table.render(0) == "NAME      MAC\na-name-…  00:11:22:33:44:55\n");
}
