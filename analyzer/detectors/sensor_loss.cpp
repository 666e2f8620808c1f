// sensor-loss: Linnet itself misses something. Four ways to know: the kernel or the interface dropped packets before the
// sensor read them (libpcap's ps_drop and ps_ifdrop); events got lost between sensor and analyzer; one sensor says nothing
// any more while another still does, its counters being due every 10 s; or a live sensor's clock jumped, so that times are
// wrong. A capture file drops nothing, may hold any times and ends: it is never told of.
#include "analyzer/detector.hpp"
#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <limits>

namespace linnet {
namespace {

Duration distance(Timestamp a, Timestamp b) { return a > b ? a - b : b - a; }

/// "40 minutes", "3 hours", "12 days": the largest unit of which there are two.
std::string lasting(Duration time) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(time).count();
    if (minutes < 120) return std::to_string(minutes) + (minutes == 1 ? " minute" : " minutes");
    if (minutes < 48 * 60) return std::to_string(minutes / 60) + " hours";
    return std::to_string(minutes / (24 * 60)) + " days";
}

/// What one sensor said last, and where its running window began.
struct Watched {
    std::string source;  ///< empty = no counters yet
    Timestamp at;        ///< of its newest counters
    std::uint64_t packets = 0, dropped = 0;
    Timestamp window;
    std::uint64_t window_packets = 0, window_dropped = 0;
    bool live = false, silent = false;

    [[nodiscard]] Json to_state() const {
        return {source, to_number(at), packets, dropped, to_number(window), window_packets, window_dropped, live, silent};
    }
    static Watched from_state(const Json& state) {
        return {state.at(0).get<std::string>(),   time_at(state.at(1)),    state.at(2).get<std::uint64_t>(),
                state.at(3).get<std::uint64_t>(), time_at(state.at(4)),    state.at(5).get<std::uint64_t>(),
                state.at(6).get<std::uint64_t>(), state.at(7).get<bool>(), state.at(8).get<bool>()};
    }
};

class SensorLoss : public Detector {
 public:
    explicit SensorLoss(Thresholds& thresholds)
        : window_{thresholds.seconds("sensor-loss.window_seconds")},
          silent_{thresholds.seconds("sensor-loss.silent_seconds")},
          back_{thresholds.seconds("sensor-loss.clock_back_seconds")},
          ahead_{thresholds.seconds("sensor-loss.clock_ahead_seconds")},
          drops_{number(thresholds, "sensor-loss.drops")},
          large_lost_{number(thresholds, "sensor-loss.large_lost")},
          ratio_{thresholds.ratio("sensor-loss.drop_ratio")},
          large_ratio_{thresholds.ratio("sensor-loss.large_drop_ratio")} {}

    void on_event(const Event& event, Context& context) override {
        if (const auto* stats = std::get_if<SensorStats>(&event)) return on_stats(*stats, context);
        if (const auto* lost = std::get_if<Lost>(&event)) return on_lost(*lost, context);
    }

    std::vector<StateTableBase*> tables() override { return {&sensors_}; }

 private:
    static constexpr std::size_t max_sensors = 64;

    static std::uint64_t number(Thresholds& thresholds, const char* path) {
        return static_cast<std::uint64_t>(thresholds.integer(path, 1, 1'000'000'000));
    }

    void on_stats(const SensorStats& stats, Context& context) {
        Watched& sensor = sensors_.touch(RowKey{}.add(context.sensor).text());
        const auto room = std::numeric_limits<std::uint64_t>::max() - stats.kernel_dropped;
        const std::uint64_t dropped = stats.kernel_dropped + std::min(stats.interface_dropped, room);
        const bool live = stats.progress == 0 && stats.source != "-";
        const bool same_run = sensor.source == stats.source && stats.packets >= sensor.packets && dropped >= sensor.dropped;
        if (same_run && sensor.live && live) look_at_clock(sensor, stats, context);
        if (!same_run) sensor.window_packets = sensor.window_dropped = 0;
        if (!same_run || stats.at < sensor.window) sensor.window = stats.at;
        sensor.source = stats.source;
        sensor.packets = stats.packets;
        sensor.dropped = dropped;
        sensor.live = live && !stats.last;
        sensor.at = stats.at;
        sensor.silent = false;
        if (stats.last || stats.at - sensor.window >= window_) look_at_drops(sensor, context);
        if (sensor.live) look_at_others(stats.at, context);
    }

    void look_at_drops(Watched& sensor, Context& context) const {
        const std::uint64_t dropped = sensor.dropped - sensor.window_dropped;
        const std::uint64_t packets = sensor.packets - sensor.window_packets;
        const double share = static_cast<double>(dropped) / (static_cast<double>(packets) + static_cast<double>(dropped));
        if (dropped >= drops_ && share >= ratio_) {
            Finding finding = about(context.sensor, share >= large_ratio_ ? "large" : "", sensor.window, sensor.at);
            finding.count = dropped;
            finding.evidence = {{"source", sensor.source}, {"dropped", dropped}, {"read", packets}};
            context.episodes.report(std::move(finding));
        }
        sensor.window = sensor.at;
        sensor.window_packets = sensor.packets;
        sensor.window_dropped = sensor.dropped;
    }

    void on_lost(const Lost& lost, Context& context) const {
        const bool large = lost.count >= large_lost_;
        Finding finding = about(context.sensor, large ? "large" : "lost", lost.from, lost.to);
        if (large) finding.cause = "lost" + finding.cause;
        finding.peer = lost.reason;
        finding.count = lost.count;
        finding.evidence = {{"reason", lost.reason}};
        context.episodes.report(std::move(finding));
    }

    void look_at_clock(const Watched& sensor, const SensorStats& stats, Context& context) const {
        const bool back = stats.at < sensor.at;
        if (distance(stats.at, sensor.at) < (back ? back_ : ahead_)) return;
        Finding finding = about(context.sensor, "clock", stats.at, stats.at);
        finding.peer = lasting(distance(stats.at, sensor.at)) + (back ? " back" : " ahead");
        finding.evidence = {{"before", to_string(sensor.at)}, {"after", to_string(stats.at)}};
        context.episodes.report(std::move(finding));
    }

    /// Whoever has been quiet for long while this one goes on. Once for each silence.
    void look_at_others(Timestamp now, Context& context) {
        std::vector<std::string> silent;
        sensors_.for_each_row([&](const std::string& key, const Watched& other) {
            if (other.live && !other.silent && now > other.at + silent_) silent.push_back(key);
        });
        for (const auto& key : silent) {
            Watched& other = *sensors_.touch_existing(key);
            other.silent = true;
            Finding finding = about(key.substr(0, key.find('\0')), "silent", other.at, now);
            finding.peer = lasting(now - other.at);
            finding.evidence = {{"source", other.source}, {"last_heard", to_string(other.at)}};
            context.episodes.report(std::move(finding));
        }
    }

    static Finding about(std::string_view sensor, std::string_view variant, Timestamp first, Timestamp last) {
        Finding finding;
        finding.detector = "sensor-loss";
        finding.variant = variant;
        finding.cause = std::string{variant} + ":" + std::string{sensor};
        finding.device.name = "The sensor " + std::string{sensor};
        finding.first = std::min(first, last);
        finding.last = last;
        return finding;
    }

    Duration window_, silent_, back_, ahead_;
    std::uint64_t drops_, large_lost_;
    double ratio_, large_ratio_;
    StateTable<Watched> sensors_{"sensor-loss", max_sensors};
};

}  // namespace

std::unique_ptr<Detector> make_sensor_loss(Thresholds& thresholds) { return std::make_unique<SensorLoss>(thresholds); }

}  // namespace linnet
