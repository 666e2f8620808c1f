#include "api_alerts.hpp"

#include "api_devices.hpp"
#include "attention.hpp"
#include "detector.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet {
namespace {

bool is_detector(const std::string& name) {
    const auto known = detectors();
    return std::any_of(known.begin(), known.end(), [&name](const DetectorEntry& entry) { return entry.name == name; });
}

std::string all_detectors() {
    std::string names;
    for (const auto& entry : detectors()) names += (names.empty() ? "" : ", ") + std::string{entry.name};
    return names;
}

Json told(const Mute& mute, const Household& household) {
    const auto device = household.device(mute.device);
    Json entry{{"id", mute.id},
               {"device", device ? device->key : mute.device},
               {"name", device ? device->name : mute.device},
               {"since", to_string(mute.since)},
               {"until", to_string(mute.until)}};
    if (!mute.detector.empty()) entry["kind"] = mute.detector;
    if (mute.peer.known()) entry["peer"] = to_string(mute.peer);
    return entry;
}

/// Those that can still count up are told anew, for whoever shows them or carries them out of the house.
std::uint64_t retell(const Mute& mute, Core& core) {
    std::uint64_t count = 0;
    core.retell([&](const Alert& alert) { return mute.fits(alert, core.household()) && ++count != 0; });
    return count;
}

AlertsAnswer acknowledge(const ApiRequest& request, Core& core, Store& store, Timestamp now) {
    AlertsAnswer answer;
    auto found = store.alerts({.limit = 1, .before = static_cast<std::int64_t>(request.alert) + 1});
    if (found.empty() || found.front().at("linnet").value("id", std::uint64_t{0}) != request.alert)
        return {.error = "There is no such alert."};
    core.attention().acknowledge(alert_from_eve(found.front()), now);
    core.retell([&request](const Alert& alert) { return alert.id == request.alert; });
    bring_up_to_date(found.front(), core, store.clock(), now);
    return {.result = std::move(found.front()), .changed = true};
}

AlertsAnswer mute(const ApiRequest& request, Core& core, Timestamp now) {
    const auto device = core.household().device(request.page.device);
    if (!device) return {.error = "There is no such device."};
    Mute wanted{.device = device->key,
                .detector = request.kind.value_or(""),
                .peer = IpAddress::parse(request.peer).value_or(IpAddress{}),
                .since = now,
                .until = request.until.value_or(now + usual_mute)};
    if (!wanted.detector.empty() && !is_detector(wanted.detector))
        return {.error = "There is no such kind of alert: these are: " + all_detectors() + "."};
    if (!request.peer.empty() && !wanted.peer.known()) return {.error = "A peer is an address, such as 192.168.1.5."};
    if (wanted.until <= now) return {.error = "A mute ends in the future."};
    if (wanted.until > now + longest_mute) return {.error = "A mute ends within a year; then think again."};
    const auto made = core.attention().mute(wanted, core.household(), now);
    if (!made) return {.error = fmt::format("There are {} mutes already. Take some back.", Attention::max_mutes)};
    AlertsAnswer answer{.result = told(*made, core.household()), .changed = true};
    answer.result["alerts"] = retell(*made, core);
    return answer;
}

AlertsAnswer unmute(const ApiRequest& request, Core& core) {
    const auto gone = core.attention().unmute(request.mute);
    if (!gone) return {.error = "There is no such mute; it may have ended."};
    AlertsAnswer answer{.result = told(*gone, core.household()), .changed = true};
    answer.result["alerts"] = retell(*gone, core);
    return answer;
}

AlertsAnswer mutes(const Core& core, Timestamp now) {
    Json all = Json::array();
    for (const auto& mute : core.attention().mutes(now)) all.push_back(told(mute, core.household()));
    return {.result = std::move(all)};
}

}  // namespace

bool is_about_alerts(const ApiRequest& request) {
    switch (request.question) {
        case ApiQuestion::alert_acknowledge:
        case ApiQuestion::alert_mute:
        case ApiQuestion::mutes:
        case ApiQuestion::unmute: return true;
        default: return false;
    }
}

AlertsAnswer answer_about_alerts(const ApiRequest& request, Core& core, Store& store, Timestamp now) {
    switch (request.question) {
        case ApiQuestion::alert_acknowledge: return acknowledge(request, core, store, now);
        case ApiQuestion::alert_mute: return mute(request, core, now);
        case ApiQuestion::unmute: return unmute(request, core);
        default: return mutes(core, now);
    }
}

void bring_up_to_date(Json& alert, const Core& core, Timestamp seen, Timestamp now) {
    bring_up_to_date(alert, core.household());
    try {
        const Alert read = alert_from_eve(alert);
        const bool over = seen != Timestamp{} && read.last_seen + core.quiet() < seen;
        put(core.attention().standing(read, over, core.household(), now), alert);
    } catch (const std::exception&) {  // one of another version: nothing is said of it
    }
}

}  // namespace linnet
