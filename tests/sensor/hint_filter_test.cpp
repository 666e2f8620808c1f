#include "sensor/hint_filter.hpp"
#include "packets_by_hand.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace linnet;
using namespace linnet::test;

namespace {

DeviceHint hint(double seconds, std::string_view hardware, std::string value, std::string_view address = "192.168.1.20") {
    return {.at = at(seconds),
            .mac = hardware.empty() ? MacAddress{} : mac(hardware),
            .ip = ip(address),
            .source = "mdns",
            .key = "hostname",
            .value = std::move(value)};
}

constexpr std::string_view one = "02:00:00:00:00:01", other = "02:00:00:00:00:02";

}  // namespace

TEST_CASE("what was said within the hour is not said again") {
    HintFilter filter{7};
    CHECK(filter.passes(hint(0, one, "hall")));
    CHECK_FALSE(filter.passes(hint(1, one, "hall")));
    CHECK_FALSE(filter.passes(hint(3599, one, "hall")));
    CHECK(filter.passes(hint(3600, one, "hall")));
    CHECK(filter.passes(hint(3599, one, "hall")));  // time went backwards
}

TEST_CASE("another device, source, key or value is another hint; another address of the device is not") {
    HintFilter filter{7};
    CHECK(filter.passes(hint(0, one, "hall")));
    CHECK(filter.passes(hint(1, other, "hall")));
    CHECK(filter.passes(hint(2, one, "attic")));
    auto from_elsewhere = hint(3, one, "hall");
    from_elsewhere.source = "llmnr";
    CHECK(filter.passes(from_elsewhere));
    auto another_key = hint(4, one, "hall");
    another_key.key = "service";
    CHECK(filter.passes(another_key));
    CHECK_FALSE(filter.passes(hint(5, one, "hall", "192.168.1.21")));
}

TEST_CASE("where one text ends and the next begins is part of it") {
    HintFilter filter{7};
    auto a = hint(0, one, "bc");
    a.key = "a";
    auto b = hint(0, one, "c");
    b.key = "ab";
    CHECK(filter.passes(a));
    CHECK(filter.passes(b));
    CHECK(filter.passes(hint(0, one, std::string("x\0", 2))));
    CHECK(filter.passes(hint(0, one, "x")));
}

TEST_CASE("without a hardware address the address stands for the device") {
    HintFilter filter{7};
    CHECK(filter.passes(hint(0, {}, "hall")));
    CHECK_FALSE(filter.passes(hint(1, {}, "hall")));
    CHECK(filter.passes(hint(2, {}, "hall", "192.168.1.21")));
}

TEST_CASE("what a DHCP server offers is told each time") {
    HintFilter filter{7};
    auto offered = hint(0, one, "192.168.1.1");
    offered.source = "dhcp-server";
    CHECK(filter.passes(offered));
    CHECK(filter.passes(offered));
}

TEST_CASE("a flood of names pushes others out and changes nothing else, whatever the seed") {
    HintFilter filter{7}, seeded_otherwise{0x123456789abcdefULL};
    constexpr int flood = 10 * HintFilter::places * HintFilter::ways;
    int passed = 0;
    bool same = true;
    for (int i = 0; i < flood; ++i) {
        const auto name = hint(i * 1e-3, one, "name-" + std::to_string(i % (flood / 2)));
        const bool passes = filter.passes(name);
        passed += passes ? 1 : 0;
        same = same && passes == seeded_otherwise.passes(name);
    }
    CHECK(passed == flood);  // of five times as many as there is room for, none is still known
    CHECK(same);
    CHECK(filter.passes(hint(200, other, "hall")));
    CHECK_FALSE(filter.passes(hint(201, other, "hall")));
}
