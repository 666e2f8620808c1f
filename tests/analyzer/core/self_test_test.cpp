#include "home.hpp"
#include "wire/self_test_name.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

NameBinding answer(const std::string& name, const std::string& client = "192.168.1.10", std::uint16_t type = 1) {
    NameBinding binding;
    binding.at = at(0);
    binding.client = end(client, 40'000, "00:11:22:33:44:10");
    binding.resolver = end("192.168.1.1", 53, "00:11:22:33:44:01");
    binding.name = name;
    binding.type = type;
    binding.rcode = 3;
    return binding;
}

}  // namespace

TEST_CASE("the name of a self-test: one label between the two ends") {
    CHECK(self_test::is_name("linnet-selftest.4f1c09ab77d2e630.invalid"));
    CHECK(self_test::is_name("linnet-selftest.kitchen-2.invalid"));
    CHECK_FALSE(self_test::is_name("linnet-selftest.invalid"));
    CHECK_FALSE(self_test::is_name("linnet-selftest..invalid"));
    CHECK_FALSE(self_test::is_name("linnet-selftest.a.b.invalid"));
    CHECK_FALSE(self_test::is_name("linnet-selftest.4f1c.invalid.example.com"));
    CHECK_FALSE(self_test::is_name("x.linnet-selftest.4f1c.invalid"));
    CHECK_FALSE(self_test::is_name("linnet-selftest." + std::string(64, 'a') + ".invalid"));
    CHECK_FALSE(self_test::is_name(""));
}

TEST_CASE("other names are no self-test; the name of one is told of, with the name, also where there is no such name") {
    Core core{{}, signatures()};
    core.apply("pi", answer("example.com"));
    core.apply("pi", answer("selftest.invalid"));
    CHECK(alerts(core, "self-test").empty());
    core.apply("pi", answer("linnet-selftest.4f1c.invalid"));
    REQUIRE(alerts(core, "self-test").size() == 1);
    const Alert alert = alerts(core, "self-test")[0];
    CHECK(alert.detector == "self-test");
    CHECK(alert.severity == Severity::worth_knowing);
    CHECK(alert.device.mac == mac("00:11:22:33:44:10"));
    CHECK(alert.evidence.at("name") == "linnet-selftest.4f1c.invalid");
    CHECK(alert.evidence.at("sensor") == "pi");
}

TEST_CASE("a name counts once however often it is asked for; the next test shows its own name in the same alert") {
    Core core{{}, signatures()};
    core.apply("pi", answer("linnet-selftest.1.invalid"));
    core.apply("pi", answer("linnet-selftest.1.invalid", "192.168.1.10", 28));
    REQUIRE(alerts(core, "self-test").size() == 1);
    CHECK(alerts(core, "self-test")[0].count == 1);
    core.apply("pi", answer("linnet-selftest.2.invalid"));
    REQUIRE(alerts(core, "self-test").size() == 1);
    CHECK(alerts(core, "self-test")[0].count == 2);
    CHECK(alerts(core, "self-test")[0].evidence.at("name") == "linnet-selftest.2.invalid");
}
