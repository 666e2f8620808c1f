// blind-spot: Linnet hears that devices are there (what they send to everybody: ARP, DHCP, mDNS and the like) but sees none
// of their conversations. That is what a switch port without a mirror, or another Wi-Fi client, gets to see; it would be
// wrong to let "no alerts" look like "all is well" there.
//
// For each device two things are kept, by the hour: when it was heard, and with whom it spoke. It counts as followed where a
// conversation with the outside or with another device was seen in the last day. Where at most one device speaks with the
// outside, the sensor most likely sits on that one and sees its own traffic: speaking with it then counts for nothing.
// Once an hour, when a whole day is known, the devices heard regularly are counted. Told once for the home; again only
// when most devices were followed in between.
#include "analyzer/detector.hpp"
#include "analyzer/ip_state.hpp"
#include "wire/event_limits.hpp"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace linnet {
namespace {

constexpr std::int64_t day = 24;  // everything below is in hours since 1970

std::int64_t hour_of(Timestamp time) { return std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count(); }

std::int64_t hour_at(const Json& number) {
    return std::clamp(number.get<std::int64_t>(), std::int64_t{-1}, hour_of(latest_time));
}

struct Heard {
    static constexpr std::uint32_t all = (1U << day) - 1;
    static constexpr std::size_t max_peers = 2;  // two are more than one: that is all that matters
    struct Peer {
        std::string key;
        std::int64_t hour = 0;
    };

    std::int64_t newest = 0;
    std::uint32_t hours = 0;  ///< bit i: heard i hours before the newest
    std::int64_t outside = 0;
    std::vector<Peer> peers;

    [[nodiscard]] bool is_marked(std::int64_t hour) const {
        const std::int64_t ago = newest - hour;
        return ago >= 0 && ago < day && (hours >> ago & 1) != 0;
    }
    void mark(std::int64_t hour) {
        const std::int64_t ago = newest - hour;
        if (ago > 0 && ago < day) {  // a flow is told of when it is over
            hours |= 1U << ago;
            return;
        }
        hours = std::abs(ago) >= day ? 1 : (hours << -ago & all) | 1;
        newest = hour;
    }
    [[nodiscard]] int count(std::int64_t hour) const {
        const std::int64_t gone = hour - newest;
        return gone < 0 || gone >= day ? 0 : std::popcount(hours & all >> gone);
    }

    [[nodiscard]] Json to_state() const {
        Json list = Json::array();
        for (const auto& peer : peers) list.push_back({to_hex(peer.key), peer.hour});
        return {newest, hours, outside, std::move(list)};
    }
    static Heard from_state(const Json& state) {
        Heard heard{hour_at(state.at(0)), state.at(1).get<std::uint32_t>() & all, hour_at(state.at(2)), {}};
        for (const Json& peer : state.at(3)) {
            if (heard.peers.size() == max_peers) break;
            heard.peers.push_back({from_hex(peer.at(0).get<std::string>()).value_or(""), hour_at(peer.at(1))});
        }
        return heard;
    }
};

struct Home {
    std::int64_t since = -1, hour = 0;  ///< seen without a gap of a day; -1 = nothing yet
    bool told = false, counted = false;
    std::uint64_t devices = 0, followed = 0;

    [[nodiscard]] Json to_state() const { return {since, hour, told, counted, devices, followed}; }
    static Home from_state(const Json& state) {
        return {hour_at(state.at(0)),
                hour_at(state.at(1)),
                state.at(2).get<bool>(),
                state.at(3).get<bool>(),
                state.at(4).get<std::uint64_t>(),
                state.at(5).get<std::uint64_t>()};
    }
};

std::string key_of(const DeviceRef& device) {
    return device.mac.known() ? RowKey{}.add(device.mac).text() : RowKey{}.add(device.ip).text();
}

class BlindSpot : public Detector {
 public:
    explicit BlindSpot(Thresholds& thresholds)
        : observe_{std::chrono::ceil<std::chrono::hours>(thresholds.seconds("blind-spot.observe_seconds")).count()},
          regular_{static_cast<int>(thresholds.integer("blind-spot.regular_hours", 1, day))},
          devices_least_{static_cast<std::uint64_t>(thresholds.integer("blind-spot.devices", 2, 1000))},
          unseen_least_{static_cast<std::uint64_t>(thresholds.integer("blind-spot.unseen", 1, 1000))},
          followed_share_{thresholds.ratio("blind-spot.followed_share")} {}

    void on_event(const Event& event, Context& context) override {
        const auto* flow = std::get_if<Flow>(&event);
        const auto* binding = std::get_if<AddressBinding>(&event);
        const auto* hint = std::get_if<DeviceHint>(&event);
        if (flow == nullptr && binding == nullptr && hint == nullptr) return;
        const Timestamp now = time_of(event);
        turn_of_the_hour(now, context);
        const auto& household = context.household;
        if (flow != nullptr) hear(*flow, household);
        if (binding != nullptr && household.locality().at_home(binding->ip))
            hear(household.device(binding->mac, binding->ip), hour_of(now));
        if (hint != nullptr && hint->mac.known() && !hint->mac.is_group())
            hear(household.device(hint->mac, hint->ip), hour_of(now));
    }

    std::vector<StateTableBase*> tables() override { return {&home_, &heard_}; }

    void add_status(Json& status) const override {
        const Home* home = home_.find("home");
        if (home != nullptr && home->counted) status["sight"] = {{"devices", home->devices}, {"followed", home->followed}};
    }

 private:
    static constexpr std::size_t max_devices = 1024;

    void hear(const DeviceRef& device, std::int64_t hour) {
        const std::string key = key_of(device);
        const Heard* known = heard_.find(key);
        if (known == nullptr || !known->is_marked(hour)) heard_.touch(key).mark(hour);
    }

    void hear(const Flow& flow, const Household& household) {
        const auto& locality = household.locality();
        const bool both = flow.packets_to_client > 0 && flow.packets_to_server > 0 && Locality::is_host(flow.server.ip);
        if (flow.packets_to_server > 0) hear(flow.client, flow.server, both, hour_of(flow.last_seen), household);
        if (flow.packets_to_client > 0 && locality.at_home(flow.server.ip))
            hear(flow.server, flow.client, both, hour_of(flow.last_seen), household);
    }

    void hear(const Endpoint& end, const Endpoint& peer, bool conversation, std::int64_t hour, const Household& household) {
        const auto& locality = household.locality();
        if (!locality.at_home(end.ip)) return;
        const DeviceRef device = household.at_end(end, peer);
        hear(device, hour);
        if (!conversation) return;
        const std::string key = key_of(device);
        if (!locality.at_home(peer.ip)) {
            if (heard_.find(key)->outside != hour) heard_.touch(key).outside = hour;
            return;
        }
        const std::string with = key_of(household.at_end(peer, end));
        const auto is_it = [&with](const Heard::Peer& known) { return known.key == with; };
        const auto& known = heard_.find(key)->peers;
        const auto found = std::find_if(known.begin(), known.end(), is_it);
        if (found != known.end() && found->hour == hour) return;
        auto& peers = heard_.touch(key).peers;
        std::erase_if(peers, is_it);
        if (peers.size() == Heard::max_peers) peers.erase(peers.begin());
        peers.push_back({with, hour});
    }

    void turn_of_the_hour(Timestamp now, Context& context) {
        const std::int64_t hour = hour_of(now);
        if (const Home* home = home_.find("home"); home != nullptr && home->since >= 0 && home->hour == hour) return;
        Home& home = home_.touch("home");
        const bool jumped = home.since < 0 || std::abs(hour - home.hour) > day;
        if (jumped) home.since = hour;
        if (!jumped && hour < home.hour) return;  // late events of the last hour
        home.hour = hour;
        if (jumped || hour - home.since < observe_) return;
        count(home);
        const auto devices = static_cast<double>(home.devices), followed = static_cast<double>(home.followed);
        if (followed >= devices * (1 + followed_share_) / 2) home.told = false;
        if (home.told || home.devices < devices_least_ || home.devices - home.followed < unseen_least_ ||
            followed >= devices * followed_share_)
            return;
        home.told = true;
        tell(home, now, context);
    }

    void count(Home& home) const {
        const auto lately = [&home](std::int64_t hour) { return hour > home.hour - day && hour <= home.hour; };
        std::string only;  // who speaks with the outside, where it is one alone
        std::size_t speakers = 0;
        heard_.for_each_row([&](const std::string& key, const Heard& heard) {
            if (!lately(heard.outside)) return;
            only = key;
            ++speakers;
        });
        if (speakers > 1) only.clear();
        home.counted = true;
        home.devices = home.followed = 0;
        heard_.for_each([&](const Heard& heard) {
            if (heard.count(home.hour) < regular_) return;
            ++home.devices;
            if (lately(heard.outside) || std::any_of(heard.peers.begin(), heard.peers.end(), [&](const auto& peer) {
                    return lately(peer.hour) && peer.key != only;
                }))
                ++home.followed;
        });
    }

    static void tell(const Home& home, Timestamp now, Context& context) {
        Finding finding;
        finding.detector = "blind-spot";
        finding.device.name = "Your home";
        finding.first = finding.last = now;
        finding.evidence = {{"devices", home.devices}, {"followed", home.followed}};
        finding.peer = (home.followed == 0 ? "none" : std::to_string(home.followed)) + " of your " +
                       std::to_string(home.devices) + " devices";
        context.episodes.report(std::move(finding));
    }

    std::int64_t observe_;
    int regular_;
    std::uint64_t devices_least_, unseen_least_;
    double followed_share_;
    StateTable<Home> home_{"blind-spot", 1};
    StateTable<Heard> heard_{"heard", max_devices};
};

}  // namespace

std::unique_ptr<Detector> make_blind_spot(Thresholds& thresholds) { return std::make_unique<BlindSpot>(thresholds); }

}  // namespace linnet
