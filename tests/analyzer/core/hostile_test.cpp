// Whatever comes: bounded memory, bounded time, no overflow.
#include "home.hpp"
#include "wire/event_limits.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace linnet::test;

namespace {

std::size_t saved_rows(Core& core) {
    std::size_t rows = 0;
    core.save_changes([&rows](StateRow&& row) { rows += row.value ? 1 : 0; });
    return rows;
}

}  // namespace

TEST_CASE("a flood of 50,000 MACs leaves 4,096 devices") {
    Core core{{}, signatures()};
    for (std::uint32_t n = 0; n < 50'000; ++n) {
        AddressBinding binding{at(n * 0.001), {}, IpAddress::v4(0x0a000000 + n), "arp"};
        binding.mac.bytes = {0,
                             0x11,
                             static_cast<std::uint8_t>(n >> 24),
                             static_cast<std::uint8_t>(n >> 16),
                             static_cast<std::uint8_t>(n >> 8),
                             static_cast<std::uint8_t>(n)};
        core.apply("s", binding);
        if (n % 1000 == 0) core.take_changes();
    }
    CHECK(core.devices().size() == 4096);
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].signature == "Flood of invented devices");
}

TEST_CASE("a scan of 200,000 targets costs rows for none of them") {
    Core core{{}, signatures()};
    Probe batch = hallmark("192.168.1.23", "203.0.113.1", 23, 0);
    std::uint32_t target = 0x0b000000;
    for (int event = 0; event < 200'000 / 64; ++event) {
        batch.attempts.clear();
        for (int i = 0; i < 64; ++i)
            batch.attempts.push_back({IpAddress::v4(target += 977), {23}, ProbeOutcome::unanswered, true});
        batch.first_seen = batch.last_seen = at(event * 0.4);
        core.apply("s", batch);
    }
    REQUIRE(core.alerts().size() == 1);
    CHECK(core.alerts()[0].count == 200'000);
    CHECK(saved_rows(core) < 20);
}

TEST_CASE("a scan from 12,000 invented sources keeps every table within its limit") {
    Core core{{}, signatures()};
    for (std::uint32_t n = 0; n < 12'000; ++n) {
        Probe batch = probe("10.0.0.1", "192.168.1.1", 445, n * 0.001);
        batch.source = IpAddress::v4(0x0a000000 + n);
        for (std::uint32_t i = 0; i < 10; ++i)
            batch.attempts.push_back({IpAddress::v4(0xc0a80200U + i), {445}, ProbeOutcome::unanswered, false});
        core.apply("s", batch);
        if (n % 1000 == 0) core.take_changes();
    }
    CHECK(core.alerts().size() == 10'000);
    CHECK(core.devices().size() == 4096);
    CHECK(saved_rows(core) < 40'000);
}

TEST_CASE("times from both ends of what is allowed, back and forth") {
    Core core{{}, signatures()};
    const Timestamp ends[] = {earliest_time, latest_time, Timestamp{}, at(0)};
    for (int round = 0; round < 3; ++round)
        for (const Timestamp time : ends) {
            Probe syn = hallmark("192.168.1.23", "203.0.113.1", 23, 0);
            for (std::uint32_t i = 0; i < 40; ++i)
                syn.attempts.push_back(
                    {IpAddress::v4(0xcb007100U + i), {static_cast<std::uint16_t>(i)}, ProbeOutcome::unanswered, i % 2 == 0});
            syn.first_seen = syn.last_seen = time;
            core.apply("s", syn);
            auto session = flow(end("192.168.1.10", 1), end("192.168.1.23", 23), "telnet");
            session.first_seen = earliest_time;
            session.last_seen = time;
            core.apply("s", session);
            core.apply("s", AddressBinding{time, mac("00:11:22:33:44:55"), ip("192.168.1.9"), "arp"});
            core.apply("s", Lost{time, time, 1, ""});
        }
    for (const auto& alert : core.alerts()) {
        CHECK(parse_timestamp(to_string(alert.first_seen)) == alert.first_seen);
        CHECK(parse_timestamp(to_string(alert.last_seen)) == alert.last_seen);
    }
    CHECK_FALSE(core.alerts().empty());
}

TEST_CASE("text that is not UTF-8 passes through and is mended where it is written") {
    Core core{{}, signatures()};
    core.apply("s", login(end("192.168.1.10"), end("192.168.1.23", 21), Service::ftp, "a\xff\xfe"));
    core.apply("s", hostname("00:11:22:33:44:55", "\xc3("));
    CHECK(view(core).find("a\xef\xbf\xbd\xef\xbf\xbd") != std::string::npos);
    CHECK(saved_rows(core) > 2);
}
