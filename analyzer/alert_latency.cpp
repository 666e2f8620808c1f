#include "alert_latency.hpp"

namespace linnet {
namespace {

double seconds_of(Duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

void AlertLatency::note(Timestamp seen, Timestamp now) {
    const Duration took = now - seen;
    if (took < Duration{} || took > longest) return;
    ++count_;
    sum_ += took;
    for (std::size_t i = 0; i < bounds.size(); ++i)
        if (seconds_of(took) <= bounds.at(i)) ++buckets_.at(i);
}

Json AlertLatency::to_json() const {
    Json buckets = Json::array();
    for (std::size_t i = 0; i < bounds.size(); ++i) buckets.push_back({{"le", bounds.at(i)}, {"count", buckets_.at(i)}});
    return {{"count", count_}, {"sum_seconds", seconds_of(sum_)}, {"buckets", std::move(buckets)}};
}

}  // namespace linnet
