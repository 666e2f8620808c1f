// new-device: a device that the household has not seen before. Not while Linnet itself is new here: for the first day,
// and again after a long silence or a jump of time, everything is new and nothing is said. Neither a random MAC nor an
// address without a MAC is by itself a new device (phones change theirs daily), and no more than a few dozen are told of in
// a day.
#include "analyzer/detector.hpp"
#include "analyzer/ip_state.hpp"

#include <algorithm>

namespace linnet {
namespace {

class NewDevice : public Detector {
 public:
    explicit NewDevice(Thresholds& thresholds)
        : learning_{thresholds.seconds("new-device.learning_seconds")},
          restart_{thresholds.seconds("new-device.restart_seconds")},
          per_day_{static_cast<std::uint64_t>(thresholds.integer("new-device.per_day", 1, 10'000))} {}

    void on_event(const Event& event, Context& context) override {
        if (std::holds_alternative<SensorStats>(event) || std::holds_alternative<Lost>(event)) return;
        const Timestamp now = time_of(event);
        Home& home = home_.touch("home");
        if (!home.known || now > home.last + restart_ || now + restart_ < home.last) home = {true, now, now, {}, 0};
        home.last = std::max(home.last, now);
        if (now < home.since + learning_) return;
        for (const auto& [mac, ip] : context.household.newcomers()) {
            if (!mac.known() || mac.is_locally_administered() || !may_tell(home, now)) continue;
            Finding finding;
            finding.detector = "new-device";
            finding.device = context.household.device(mac, ip);
            finding.src = ip;
            finding.first = finding.last = now;
            context.episodes.report(std::move(finding));
        }
    }

    std::vector<StateTableBase*> tables() override { return {&home_}; }

 private:
    static constexpr std::chrono::hours day{24};

    struct Home {
        bool known = false;
        Timestamp since, last;  ///< of what has been seen without a long silence
        Timestamp day;          ///< when counting of `told` began
        std::uint64_t told = 0;
        [[nodiscard]] Json to_state() const { return {to_number(since), to_number(last), to_number(day), told}; }
        static Home from_state(const Json& state) {
            return {true, time_at(state.at(0)), time_at(state.at(1)), time_at(state.at(2)),
                    state.at(3).get<std::uint64_t>()};
        }
    };

    bool may_tell(Home& home, Timestamp now) const {
        if (now >= home.day + day) {
            home.day = now;
            home.told = 0;
        }
        return home.told < per_day_ && ++home.told != 0;
    }

    Duration learning_, restart_;
    std::uint64_t per_day_;
    StateTable<Home> home_{"new-device", 1};
};

}  // namespace

std::unique_ptr<Detector> make_new_device(Thresholds& thresholds) { return std::make_unique<NewDevice>(thresholds); }

}  // namespace linnet
