#include "attention.hpp"

#include "analyzer/household/resident.hpp"
#include "analyzer/ip_state.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// The key that the device goes by now.
std::string present_key(const std::string& key, const Household& household) {
    const DeviceRef then{
        .mac = MacAddress::parse(key).value_or(MacAddress{}), .ip = IpAddress::parse(key).value_or(IpAddress{}), .name = {}};
    const DeviceRef now = household.now(then);
    return device_key(now.mac, now.ip);
}

std::string key_of(std::uint64_t number) { return RowKey{}.add(std::to_string(number)).text(); }

}  // namespace

bool Mute::fits(const Alert& alert, const Household& household) const {
    if (!detector.empty() && detector != alert.detector) return false;
    if (peer.known() && peer != alert.src && peer != alert.dest) return false;
    return present_key(device, household) == present_key(device_key(alert.device.mac, alert.device.ip), household);
}

Json Mute::to_state() const {
    Json state{id, device, detector, to_number(since), to_number(until)};
    push_ip(state, peer);
    return state;
}

Mute Mute::from_state(const Json& state) {
    return {.id = state.at(0).get<std::uint64_t>(),
            .device = state.at(1).get<std::string>(),
            .detector = state.at(2).get<std::string>(),
            .peer = ip_at(state, 5),
            .since = time_at(state.at(3)),
            .until = time_at(state.at(4))};
}

void Attention::acknowledge(const Alert& alert, Timestamp at) {
    acknowledged_.touch(key_of(alert.id)) = {at, alert.severity};
}

std::optional<Timestamp> Attention::acknowledged(const Alert& alert) const {
    const Acknowledged* found = acknowledged_.find(key_of(alert.id));
    if (found == nullptr || alert.severity < found->severity) return std::nullopt;
    return found->at;
}

void Attention::drop_ended(Timestamp now) {
    std::vector<std::string> ended;
    mutes_.for_each_row([&](const std::string& key, const Mute& mute) {
        if (!mute.holds(now)) ended.push_back(key);
    });
    for (const auto& key : ended) mutes_.erase(key);
}

std::optional<Mute> Attention::mute(Mute mute, const Household& household, Timestamp now) {
    drop_ended(now);
    const std::string key = present_key(mute.device, household);
    mutes_.for_each([&](const Mute& other) {
        if (other.detector == mute.detector && other.peer == mute.peer && present_key(other.device, household) == key)
            mute.id = other.id;
    });
    if (mute.id == 0) {
        if (mutes_.size() >= max_mutes) return std::nullopt;
        mute.id = ++numbers_.touch("mutes").last;
    }
    mutes_.touch(key_of(mute.id)) = mute;
    return mute;
}

std::optional<Mute> Attention::unmute(std::uint64_t id) {
    const Mute* found = mutes_.find(key_of(id));
    if (found == nullptr) return std::nullopt;
    const Mute mute = *found;
    mutes_.erase(key_of(id));
    return mute;
}

std::vector<Mute> Attention::mutes(Timestamp now) const {
    std::vector<Mute> all;
    mutes_.for_each([&](const Mute& mute) {
        if (mute.holds(now)) all.push_back(mute);
    });
    std::sort(all.begin(), all.end(), [](const Mute& a, const Mute& b) { return a.id < b.id; });
    return all;
}

std::optional<Timestamp> Attention::muted_until(const Alert& alert, const Household& household, Timestamp now) const {
    std::optional<Timestamp> until;
    mutes_.for_each([&](const Mute& mute) {
        if (mute.holds(now) && (!until || *until < mute.until) && mute.fits(alert, household)) until = mute.until;
    });
    return until;
}

AlertStanding Attention::standing(const Alert& alert, bool is_over, const Household& household, Timestamp now) const {
    AlertStanding standing{
        .state = AlertState::fresh, .acknowledged = acknowledged(alert), .muted_until = muted_until(alert, household, now)};
    if (is_over)
        standing.state = AlertState::ended;
    else if (standing.muted_until)
        standing.state = AlertState::muted;
    else if (standing.acknowledged)
        standing.state = AlertState::acknowledged;
    return standing;
}

Json Attention::Acknowledged::to_state() const { return {to_number(at), static_cast<int>(severity)}; }

Attention::Acknowledged Attention::Acknowledged::from_state(const Json& state) {
    return {time_at(state.at(0)), static_cast<Severity>(std::clamp(state.at(1).get<int>(), 1, 3))};
}

}  // namespace linnet
