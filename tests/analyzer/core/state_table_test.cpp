#include "analyzer/state_table.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace linnet;

namespace {

struct Number {
    int value = 0;
    [[nodiscard]] Json to_state() const { return value; }
    static Number from_state(const Json& state) { return {state.get<int>()}; }
};
using Table = StateTable<Number>;

/// What a store would have on disk.
struct Disk {
    std::map<std::string, std::string> rows;
    int written = 0, deleted = 0;

    void save(Table& table) {
        table.save([this](StateRow&& row) {
            if (row.value) {
                rows[row.key] = *row.value;
                ++written;
            } else {
                rows.erase(row.key);
                ++deleted;
            }
        });
    }
    void restore(Table& table) const {
        for (const auto& [key, value] : rows) table.restore({"numbers", key, value});
    }
};

std::vector<int> oldest_first(const Table& table) {
    std::vector<int> values;
    table.for_each([&values](const Number& number) { values.push_back(number.value); });
    return values;
}

}  // namespace

TEST_CASE("a full table loses the row that was not touched for longest, and says so") {
    std::vector<int> evicted;
    Table table{"numbers", 2, [&evicted](Number&& number) { evicted.push_back(number.value); }};
    table.touch("a").value = 1;
    table.touch("b").value = 2;
    table.touch("a");            // now b is the oldest
    table.touch("c").value = 3;  // and gives way
    CHECK(evicted == std::vector{2});
    CHECK(table.find("b") == nullptr);
    REQUIRE(table.find("a") != nullptr);
    CHECK(table.find("a")->value == 1);
    CHECK(oldest_first(table) == std::vector{1, 3});
}

TEST_CASE("reading with find() changes nothing: neither the order nor what is saved") {
    Table table{"numbers", 2};
    table.touch("a").value = 1;
    table.touch("b").value = 2;
    Disk disk;
    disk.save(table);
    static_cast<void>(table.find("a"));
    disk.save(table);
    CHECK(disk.written == 2);
    CHECK(oldest_first(table) == std::vector{1, 2});
}

TEST_CASE("only what was touched since the last save is written again") {
    Table table{"numbers", 100};
    Disk disk;
    for (int i = 0; i < 50; ++i) table.touch(std::to_string(i)).value = i;
    disk.save(table);
    CHECK(disk.written == 50);
    table.touch("7").value = 70;
    disk.save(table);
    CHECK(disk.written == 51);
    disk.save(table);
    CHECK(disk.written == 51);
}

TEST_CASE("a row that goes is deleted outside only if it ever was there") {
    Table table{"numbers", 10};
    Disk disk;
    table.touch("saved").value = 1;
    disk.save(table);
    table.touch("never saved").value = 2;
    table.erase("never saved");
    table.erase("saved");
    disk.save(table);
    CHECK(disk.deleted == 1);
    CHECK(disk.rows.empty());
}

TEST_CASE("a row that was deleted and came back is on disk") {
    Table table{"numbers", 10};
    Disk disk;
    table.touch("a").value = 1;
    disk.save(table);
    table.erase("a");
    table.touch("a").value = 2;
    disk.save(table);
    Table copy{"numbers", 10};
    disk.restore(copy);
    REQUIRE(copy.find("a") != nullptr);
    CHECK(copy.find("a")->value == 2);
}

TEST_CASE("a restored table has the same order, although the rows come back by key") {
    Table table{"numbers", 3};
    table.touch("z").value = 1;
    table.touch("a").value = 2;
    table.touch("m").value = 3;
    Disk disk;
    disk.save(table);
    Table copy{"numbers", 3};
    disk.restore(copy);
    for (Table* each : {&table, &copy}) {
        each->touch("n").value = 4;
        CHECK(each->find("z") == nullptr);  // the oldest, in both
        CHECK(oldest_first(*each) == std::vector{2, 3, 4});
    }
    Disk again;
    again.save(copy);
    CHECK(again.written == 1);  // what was restored is not new
    CHECK(again.deleted == 1);  // but the row that gave way must go
}

TEST_CASE("damaged rows are refused and change nothing") {
    Table table{"numbers", 3};
    CHECK_THROWS_AS(table.restore({"numbers", "xyz", "\x01"}), std::invalid_argument);
    CHECK_THROWS_AS(table.restore({"numbers", "6", "\x01"}), std::invalid_argument);
    CHECK_THROWS_AS(table.restore({"numbers", "61", "\xff\xff"}), Json::exception);
    CHECK_THROWS_AS(table.restore({"numbers", "61", std::string{"\xa1\x61x\x01", 4}}), Json::exception);  // {"x": 1}
    CHECK(table.size() == 0);
}
