#include "sensor/binding_filter.hpp"
#include "packets_by_hand.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

AddressBinding binding(double seconds, std::string_view hardware, std::string_view address = "192.168.1.1") {
    return {.at = at(seconds), .mac = mac(hardware), .ip = ip(address), .source = "arp"};
}

}  // namespace

TEST_CASE("what was said within five minutes is not said again") {
    BindingFilter filter;
    CHECK(filter.passes(binding(0, "02:00:00:00:00:01")));
    CHECK_FALSE(filter.passes(binding(1, "02:00:00:00:00:01")));
    CHECK_FALSE(filter.passes(binding(299, "02:00:00:00:00:01")));
    CHECK(filter.passes(binding(300, "02:00:00:00:00:01")));
    CHECK(filter.passes(binding(299, "02:00:00:00:00:01")));  // time went backwards
}

TEST_CASE("each change of an address's owner is told of, to and fro") {
    BindingFilter filter;
    for (int i = 0; i < 10; ++i) {
        CHECK(filter.passes(binding(2 * i, "02:00:00:00:00:01")));
        CHECK(filter.passes(binding(2 * i + 1, "02:00:00:00:00:66")));
        CHECK_FALSE(filter.passes(binding(2 * i + 1, "02:00:00:00:00:66")));
    }
}

TEST_CASE("other addresses of the same owner are their own matter") {
    BindingFilter filter;
    CHECK(filter.passes(binding(0, "02:00:00:00:00:01", "192.168.1.1")));
    CHECK(filter.passes(binding(1, "02:00:00:00:00:01", "192.168.1.2")));
    CHECK_FALSE(filter.passes(binding(2, "02:00:00:00:00:01", "192.168.1.1")));
}
