#include "analyzer/distinct_set.hpp"

#include <doctest/doctest.h>

using namespace linnet;

TEST_CASE("different numbers are counted once each") {
    DistinctSet set;
    CHECK(set.insert(7));
    CHECK_FALSE(set.insert(7));
    CHECK(set.insert(8));
    CHECK(set.count() == 2);
    CHECK(set.exact());
}

TEST_CASE("exact up to the limit, an estimate behind it, in the same memory") {
    DistinctSet set;
    for (std::uint64_t n = 1; n <= DistinctSet::limit; ++n) set.insert(n);
    CHECK(set.count() == DistinctSet::limit);
    CHECK(set.exact());
    const auto slots = set.slots();
    for (std::uint64_t n = DistinctSet::limit + 1; n <= 100'000; ++n) set.insert(n);
    CHECK(set.count() == 100'000);  // nothing came twice, so the estimate is right
    CHECK_FALSE(set.exact());
    CHECK(set.slots() <= slots);
}

TEST_CASE("rebuilt from its numbers it has the same size and knows the same") {
    DistinctSet set;
    for (std::uint64_t n = 1; n <= 5000; ++n) set.insert(n * 977);
    auto copy = DistinctSet::of(set.forgotten(), set.numbers());
    CHECK(copy.count() == set.count());
    CHECK(copy.slots() == set.slots());
    for (std::uint64_t n = 4900; n <= 5100; ++n) CHECK(copy.insert(n * 977) == set.insert(n * 977));
}

TEST_CASE("addresses become numbers that are never 0, IPv4 without collisions") {
    CHECK(number_of(IpAddress::v4(0)) != 0);
    CHECK(number_of(IpAddress::v4(1)) != number_of(IpAddress::v4(2)));
    CHECK(number_of(IpAddress{}) != 0);
}
