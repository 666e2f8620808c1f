#include "presence.hpp"

#include "analyzer/signatures.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace linnet {
namespace {

constexpr std::chrono::minutes shortest_sleep{5};
constexpr std::int64_t enough_sleeps = 4, newest_counts = 4, most_doublings = 5;

/// They send when something happens, which may be once a day.
bool sleeps_for_long(std::string_view kind) {
    static constexpr std::array kinds{"sensor", "siren", "scale", "wearable", "doorbell", "thermostat"};
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

std::int64_t in_seconds(Duration duration) { return std::chrono::floor<std::chrono::seconds>(duration).count(); }

}  // namespace

PresenceLimits::PresenceLimits(Thresholds& thresholds)
    : away{thresholds.seconds("household.away_seconds")}, longest{thresholds.seconds("household.asleep_seconds")} {}

void Rhythm::heard(Duration silence, std::string_view kind, const PresenceLimits& limits) {
    if (silence < shortest_sleep || silence > limits.longest) return;
    const auto before = patience(kind, limits);
    if (silence > before && silence < before * 2) doublings_ = std::min(doublings_ + 1, most_doublings);
    const auto seconds = in_seconds(silence);
    if (sleeps_++ == 0) mean_ = seconds, deviation_ = seconds;
    deviation_ += (std::abs(seconds - mean_) - deviation_) / newest_counts;
    mean_ += (seconds - mean_) / newest_counts;
}

Duration Rhythm::patience(std::string_view kind, const PresenceLimits& limits) const {
    if (sleeps_for_long(kind)) return limits.longest;
    Duration patience = limits.away * (std::int64_t{1} << doublings_);
    const bool regular = sleeps_ >= enough_sleeps && deviation_ * 3 <= mean_;
    if (regular) patience = std::max<Duration>(patience, std::chrono::seconds{mean_ * 3});
    return std::min(patience, limits.longest);
}

Json Rhythm::to_state() const { return {sleeps_, mean_, deviation_, doublings_}; }

Rhythm Rhythm::from_state(const Json& state) {
    Rhythm rhythm;
    const auto number = [&state](std::size_t at, std::int64_t most) {
        return std::clamp<std::int64_t>(state.at(at).get<std::int64_t>(), 0, most);
    };
    constexpr std::int64_t ten_years = 10 * 366 * 86'400LL;
    rhythm.sleeps_ = number(0, INT64_MAX / 2);
    rhythm.mean_ = number(1, ten_years);
    rhythm.deviation_ = number(2, ten_years);
    rhythm.doublings_ = number(3, most_doublings);
    return rhythm;
}

}  // namespace linnet
