// flood: seconds in which a device sent a great many packets to one target and got next to nothing back (the sensor's
// Burst), so many of them within a short time. One full second is no flood: a file transfer begins, a game starts. A
// transfer of any size is acknowledged by its receiver, and what is answered is no flood; but for HTTP, where a server that
// is being flooded does answer.
#include "analyzer/ip_state.hpp"
#include "directed_finding.hpp"
#include "flood_cause.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

constexpr std::array<const char*, 7> kind_names{"syn", "ack", "udp", "dns", "gre", "icmp", "http"};

const char* name_of(BurstKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

const char* proto_of(BurstKind kind, const IpAddress& target) {
    switch (kind) {
        case BurstKind::udp:
        case BurstKind::dns: return "UDP";
        case BurstKind::gre: return "GRE";
        case BurstKind::icmp: return target.is_v4() ? "ICMP" : "IPv6-ICMP";
        default: return "TCP";
    }
}

class Flood : public Detector {
 public:
    explicit Flood(Thresholds& thresholds)
        : window_{thresholds.seconds("flood.window_seconds")},
          seconds_{static_cast<std::size_t>(thresholds.integer("flood.seconds", 1, 60))},
          packets_for_an_answer_{static_cast<std::uint64_t>(thresholds.integer("flood.packets_for_an_answer", 1, 1000))},
          udp_many_ports_{static_cast<std::uint64_t>(thresholds.integer("flood.udp_many_ports", 1, 10'000'000))},
          syn_many_ports_{static_cast<std::uint64_t>(thresholds.integer("flood.syn_many_ports", 1, 10'000'000))} {
        for (std::size_t i = 0; i < kind_names.size(); ++i)
            floors_[i] = static_cast<std::uint64_t>(
                thresholds.integer(std::string{"flood."} + kind_names[i] + "_packets", 1, 10'000'000));
    }

    void on_event(const Event& event, Context& context) override {
        const auto* burst = std::get_if<Burst>(&event);
        if (burst == nullptr || !is_full(*burst)) return;
        const Endpoint client{burst->source, {}, burst->mac}, server{burst->target, burst->port, {}};
        const auto way = way_of(client, server, context.household);
        if (!way) return;
        const std::string key = flood_cause(burst->source, burst->target, burst->kind);
        Run& run = runs_.touch(key);
        run.add(*burst, window_);
        if (run.fired || run.last.size() >= seconds_) report(run, *burst, *way, key, context);
    }

    std::vector<StateTableBase*> tables() override { return {&runs_}; }

 private:
    static constexpr std::size_t max_runs = 512, max_remembered = 64;

    /// The full seconds of the window, oldest first.
    struct Run {
        std::vector<Timestamp> last;
        std::uint64_t packets = 0, peak = 0, untold = 0;
        Timestamp first;
        bool fired = false;

        void add(const Burst& burst, Duration window) {
            const auto outside = [&](Timestamp at) { return at + window <= burst.at || burst.at + window <= at; };
            std::erase_if(last, outside);
            if (last.empty()) *this = {};
            if (last.empty()) first = burst.at;
            if (last.size() == max_remembered) last.erase(last.begin());
            last.push_back(burst.at);
            packets += burst.packets;
            untold += burst.packets;
            peak = std::max(peak, burst.packets);
        }
        [[nodiscard]] Json to_state() const {
            Json times = Json::array();
            for (const auto at : last) times.push_back(to_number(at));
            return {{"last", times},    {"packets", packets},        {"peak", peak},
                    {"untold", untold}, {"first", to_number(first)}, {"fired", fired}};
        }
        static Run from_state(const Json& state) {
            Run run;
            for (const auto& at : state.at("last"))
                if (run.last.size() < max_remembered) run.last.push_back(time_at(at));
            state.at("packets").get_to(run.packets);
            state.at("peak").get_to(run.peak);
            state.at("untold").get_to(run.untold);
            run.first = time_at(state.at("first"));
            state.at("fired").get_to(run.fired);
            return run;
        }
    };

    [[nodiscard]] bool is_full(const Burst& burst) const {
        const bool many_ports = burst.port == Port{};
        auto floor = floors_[static_cast<std::size_t>(burst.kind)];
        if (many_ports && burst.kind == BurstKind::udp) floor = udp_many_ports_;
        if (many_ports && burst.kind == BurstKind::syn) floor = syn_many_ports_;
        const bool unanswered = burst.kind == BurstKind::http || burst.answers <= burst.packets / packets_for_an_answer_;
        return burst.packets >= floor && unanswered;
    }

    static void report(Run& run, const Burst& burst, Way way, const std::string& key, Context& context) {
        const Endpoint client{burst.source, {}, burst.mac}, server{burst.target, burst.port, {}};
        const auto& about = way == Way::inwards ? server : client;
        Finding finding = directed_finding("flood", {client, server, about}, burst.at, context.household);
        if (way == Way::inwards) finding.variant = "inwards";
        if (way == Way::inside) finding.variant = "inside";
        finding.cause = key;
        finding.confidence = Confidence::likely;
        finding.proto = proto_of(burst.kind, burst.target);
        finding.first = run.fired ? burst.at : run.first;
        finding.count = run.untold;
        finding.evidence = {{"kind", name_of(burst.kind)}, {"packets_per_second", run.peak}};
        run.fired = true;
        run.untold = 0;
        context.episodes.report(std::move(finding));
    }

    Duration window_;
    std::size_t seconds_;
    std::uint64_t packets_for_an_answer_;
    std::array<std::uint64_t, 7> floors_{};
    std::uint64_t udp_many_ports_;  ///< of datagrams to several ports: no stream does that
    std::uint64_t syn_many_ports_;  ///< of requests to several ports: below, it is a scan (see vertical-scan)
    StateTable<Run> runs_{"flood", max_runs};
};

}  // namespace

std::unique_ptr<Detector> make_flood(Thresholds& thresholds) { return std::make_unique<Flood>(thresholds); }

}  // namespace linnet
