#include "analyzer/alert_latency.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using namespace std::chrono_literals;

TEST_CASE("latency from packet to alert: each bucket has those of the ones before it") {
    const Timestamp now = *parse_timestamp("2026-03-01T12:00:00.000000Z");
    AlertLatency latency;
    CHECK(latency.to_json().at("count") == 0);
    for (const Duration took : {Duration{0}, Duration{50ms}, Duration{51ms}, Duration{3s}, Duration{40s}})
        latency.note(now - took, now);
    const auto json = latency.to_json();
    CHECK(json.at("count") == 5);
    CHECK(json.at("sum_seconds").get<double>() == doctest::Approx(43.101));
    const auto& buckets = json.at("buckets");
    REQUIRE(buckets.size() == 8);
    CHECK(buckets[0] == Json{{"le", 0.05}, {"count", 2}});
    CHECK(buckets[1] == Json{{"le", 0.1}, {"count", 3}});
    CHECK(buckets[4] == Json{{"le", 1.0}, {"count", 3}});
    CHECK(buckets[6] == Json{{"le", 5.0}, {"count", 4}});
    CHECK(buckets[7] == Json{{"le", 10.0}, {"count", 4}});
}

TEST_CASE("latency from packet to alert: what is no latency is not counted") {
    const Timestamp now = *parse_timestamp("2026-03-01T12:00:00.000000Z");
    AlertLatency latency;
    latency.note(now + 1us, now);                          // a clock that was set
    latency.note(now - AlertLatency::longest - 1us, now);  // a capture file
    CHECK(latency.to_json().at("count") == 0);
    latency.note(now - AlertLatency::longest, now);
    CHECK(latency.to_json().at("count") == 1);
}
