// new-device: a device that the household has not seen before. Not while Linnet itself is new here: for the first day,
// and again after a long silence or a jump of time, everything is new and nothing is said. Neither a random MAC nor an
// address without a MAC is by itself a new device (phones change theirs daily). Anybody can put an address on one packet:
// told of is who says something of itself, is given an address, is answered, or is still there a minute later; no more than
// a few dozen in a day, and nobody while more come within a minute than any home has visitors.
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
          per_day_{static_cast<std::uint64_t>(thresholds.integer("new-device.per_day", 1, 10'000))},
          per_minute_{static_cast<std::uint64_t>(thresholds.integer("new-device.per_minute", 1, 10'000))} {}

    void on_event(const Event& event, Context& context) override {
        if (std::holds_alternative<SensorStats>(event) || std::holds_alternative<Lost>(event)) return;
        const Timestamp now = time_of(event);
        Home& home = home_.touch("home");
        if (!home.known || now > home.last + restart_ || now + restart_ < home.last)
            home = {.known = true, .since = now, .last = now, .day = {}, .minute = {}, .crowded = {}};
        home.last = std::max(home.last, now);
        if (now < home.since + learning_) return;
        for (const auto& [mac, ip] : context.household.newcomers()) {
            if (!mac.known() || mac.is_locally_administered()) continue;
            count(home, now);
            waiting_.touch(RowKey{}.add(mac).text()) = {ip, now};
        }
        if (waiting_.size() > 0)
            for (const auto& sign : signs_in(event)) look_at(sign, now, home, context);
    }

    std::vector<StateTableBase*> tables() override { return {&home_, &waiting_}; }

 private:
    static constexpr std::chrono::hours day{24};
    static constexpr std::chrono::seconds minute{60}, calm{600};
    static constexpr std::size_t max_waiting = 256;

    struct Home {
        bool known = false;
        Timestamp since, last;  ///< of what has been seen without a long silence
        Timestamp day;          ///< when counting of `told` began
        std::uint64_t told = 0;
        Timestamp minute;  ///< when counting of `newcomers` began
        std::uint64_t newcomers = 0;
        Timestamp crowded;  ///< when there were last too many
        [[nodiscard]] Json to_state() const {
            return {to_number(since),  to_number(last), to_number(day),    told,
                    to_number(minute), newcomers,       to_number(crowded)};
        }
        static Home from_state(const Json& state) {
            Home home{.known = true,
                      .since = time_at(state.at(0)),
                      .last = time_at(state.at(1)),
                      .day = time_at(state.at(2)),
                      .told = state.at(3).get<std::uint64_t>(),
                      .minute = {}};
            if (state.size() < 7) return home;
            home.minute = time_at(state.at(4));
            home.newcomers = state.at(5).get<std::uint64_t>();
            home.crowded = time_at(state.at(6));
            return home;
        }
    };
    /// Seen, but not told of yet.
    struct Waiting {
        IpAddress ip;
        Timestamp since;
        [[nodiscard]] Json to_state() const {
            Json state{to_number(since)};
            push_ip(state, ip);
            return state;
        }
        static Waiting from_state(const Json& state) { return {ip_at(state, 1), time_at(state.at(0))}; }
    };
    struct Sign {
        MacAddress mac;
        bool of_life = false;  ///< more than a packet that anybody could have sent
    };

    static std::vector<Sign> signs_in(const Event& event) {
        if (const auto* flow = std::get_if<Flow>(&event)) {
            const bool answered = flow->packets_to_client > 0 && flow->packets_to_server > 0;
            return {{flow->client.mac, answered}, {flow->server.mac, answered}};
        }
        if (const auto* hint = std::get_if<DeviceHint>(&event)) return {{hint->mac, true}};
        if (const auto* binding = std::get_if<AddressBinding>(&event)) return {{binding->mac, binding->source == "dhcp"}};
        if (const auto* probe = std::get_if<Probe>(&event)) return {{probe->mac, false}};
        if (const auto* login = std::get_if<Login>(&event)) return {{login->client.mac, true}, {login->server.mac, true}};
        if (const auto* tls = std::get_if<TlsHandshake>(&event)) {
            const bool answered = tls->version != 0;
            return {{tls->client.mac, true}, {tls->server.mac, answered}};
        }
        return {};
    }

    void look_at(const Sign& sign, Timestamp now, Home& home, Context& context) {
        const std::string key = RowKey{}.add(sign.mac).text();
        const Waiting* waiting = waiting_.find(key);
        if (waiting == nullptr || (!sign.of_life && now < waiting->since + minute)) return;
        if (now >= home.crowded && now < home.crowded + calm) return;
        Finding finding;
        finding.detector = "new-device";
        finding.device = context.household.device(sign.mac, waiting->ip);
        finding.src = waiting->ip;
        finding.first = waiting->since;
        finding.last = now;
        waiting_.erase(key);
        if (context.household.is_trusted(finding.device)) return;
        if (may_tell(home, now)) context.episodes.report(std::move(finding));
    }

    void count(Home& home, Timestamp now) const {
        if (now >= home.minute + minute || now < home.minute) {
            home.minute = now;
            home.newcomers = 0;
        }
        if (++home.newcomers > per_minute_) home.crowded = now;
    }

    bool may_tell(Home& home, Timestamp now) const {
        if (now >= home.day + day) {
            home.day = now;
            home.told = 0;
        }
        return home.told < per_day_ && ++home.told != 0;
    }

    Duration learning_, restart_;
    std::uint64_t per_day_, per_minute_;
    StateTable<Home> home_{"new-device", 1};
    StateTable<Waiting> waiting_{"new-device-waiting", max_waiting};
};

}  // namespace

std::unique_ptr<Detector> make_new_device(Thresholds& thresholds) { return std::make_unique<NewDevice>(thresholds); }

}  // namespace linnet
