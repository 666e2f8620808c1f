#include "resident.hpp"

#include "analyzer/ip_state.hpp"
#include "analyzer/state_table.hpp"

#include <algorithm>

namespace linnet {

bool is_usable(const MacAddress& mac) { return mac.known() && !mac.is_group(); }

std::string row_key(const MacAddress& mac, const IpAddress& ip) {
    return is_usable(mac) ? RowKey{}.add(mac).text() : RowKey{}.add(ip).text();
}

std::string device_key(const MacAddress& mac, const IpAddress& ip) {
    return is_usable(mac) ? to_string(mac) : to_string(ip);
}

std::string row_key_of(std::string_view device_key) {
    if (const auto mac = MacAddress::parse(device_key)) return RowKey{}.add(*mac).text();
    if (const auto ip = IpAddress::parse(device_key)) return RowKey{}.add(*ip).text();
    return {};
}

Json Station::to_state() const {
    Json state{key, to_number(first), to_number(last), to_number(since), static_cast<int>(bond)};
    push_ip(state, ip);
    return state;
}

Station Station::from_state(const Json& state) {
    Station station;
    state.at(0).get_to(station.key);
    station.first = time_at(state.at(1));
    station.last = time_at(state.at(2));
    station.since = time_at(state.at(3));
    station.bond = static_cast<Bond>(std::clamp(state.at(4).get<int>(), 0, 3));
    station.ip = ip_at(state, 5);
    return station;
}

bool SpokenAddresses::is_bound(const IpAddress& ip) const {
    return std::find(bound_.begin(), bound_.end(), ip) != bound_.end();
}

void SpokenAddresses::bind(const IpAddress& ip) {
    if (is_bound(ip)) return;
    std::erase_if(spoken_, [&ip](const Spoken& spoken) { return spoken.ip == ip; });
    if (bound_.size() == max_bound) bound_.erase(bound_.begin());
    bound_.push_back(ip);
}

bool SpokenAddresses::speak(const IpAddress& ip, std::size_t limit, std::size_t limit_v6) {
    if (carries_ || ip == latest_ || is_bound(ip)) return false;
    latest_ = ip;
    const auto known = std::find_if(spoken_.begin(), spoken_.end(), [&ip](const Spoken& each) { return each.ip == ip; });
    if (known == spoken_.end()) {
        if (spoken_.size() == max_spoken) spoken_.erase(spoken_.begin());
        spoken_.push_back({ip, false});
        return false;
    }
    known->returned = true;
    std::size_t v4 = 0, v6 = 0;
    for (const auto& each : spoken_)
        if (each.returned) ++(each.ip.is_v4() ? v4 : v6);
    carries_ = v4 >= limit || v6 >= limit_v6;
    return carries_;
}

std::vector<IpAddress> SpokenAddresses::unbound() const {
    std::vector<IpAddress> addresses;
    for (const auto& each : spoken_) addresses.push_back(each.ip);
    return addresses;
}

Json SpokenAddresses::to_state() const {
    Json spoken = Json::array(), bound = Json::array(), latest = Json::array();
    for (const auto& each : spoken_) {
        push_ip(spoken, each.ip);
        spoken.push_back(each.returned);
    }
    for (const auto& ip : bound_) push_ip(bound, ip);
    push_ip(latest, latest_);
    return {std::move(spoken), std::move(bound), std::move(latest), carries_};
}

SpokenAddresses SpokenAddresses::from_state(const Json& state) {
    SpokenAddresses addresses;
    const Json &spoken = state.at(0), &bound = state.at(1);
    for (std::size_t at = 0; at + 2 < spoken.size() && addresses.spoken_.size() < max_spoken; at += 3)
        addresses.spoken_.push_back({ip_at(spoken, at), spoken.at(at + 2).get<bool>()});
    for (std::size_t at = 0; at + 1 < bound.size() && addresses.bound_.size() < max_bound; at += 2)
        addresses.bound_.push_back(ip_at(bound, at));
    addresses.latest_ = ip_at(state.at(2), 0);
    addresses.carries_ = state.at(3).get<bool>();
    return addresses;
}

Station* Resident::station(std::string_view key) {
    const auto found =
        std::find_if(stations.begin(), stations.end(), [key](const Station& each) { return each.key == key; });
    return found == stations.end() ? nullptr : &*found;
}

Json Resident::to_state() const {
    Json state = to_eve(device);
    Json list = Json::array();
    for (const auto& each : stations) list.push_back(each.to_state());
    state["resident"] = {std::move(list), addresses.to_state(), rhythm.to_state()};
    return state;
}

Resident Resident::from_state(const Json& state) {
    Resident resident;
    resident.device = device_from_eve(state);
    resident.told = true;
    if (const auto more = state.find("resident"); more != state.end()) {
        for (const Json& each : more->at(0)) resident.stations.push_back(Station::from_state(each));
        resident.addresses = SpokenAddresses::from_state(more->at(1));
        resident.rhythm = Rhythm::from_state(more->at(2));
    } else {  // written before a device could have several
        const auto& device = resident.device;
        resident.stations.push_back({device.key, device.first_seen, device.last_seen, device.first_seen, {}, Bond::own});
    }
    return resident;
}

void Dossier::tell(HistoryEntry entry) {
    const auto is_move = [](const HistoryEntry& each) { return each.event == "address"; };
    const auto moves = static_cast<std::size_t>(std::count_if(history.begin(), history.end(), is_move));
    const auto first_move = std::find_if(history.begin(), history.end(), is_move);
    if (first_move != history.end() && (history.size() == Device::max_history || (is_move(entry) && moves == max_moves)))
        history.erase(first_move);
    else if (history.size() == Device::max_history)
        history.erase(history.begin());
    history.push_back(std::move(entry));
}

void Dossier::keep_apart(const std::string& key) {
    if (is_apart(key)) return;
    if (apart.size() == max_apart) apart.erase(apart.begin());
    apart.push_back(key);
}

bool Dossier::is_apart(const std::string& key) const { return std::find(apart.begin(), apart.end(), key) != apart.end(); }

/// Its part of a device's record has the rest.
Json Dossier::to_state() const {
    Device device;
    device.given = given;
    device.history = history;
    device.suggestions = suggestions;
    return {{"device", to_eve(device)}, {"traits", traits.to_state()}, {"apart", apart}};
}

Dossier Dossier::from_state(const Json& state) {
    const Device device = device_from_eve(state.at("device"));
    Dossier dossier;
    dossier.traits = Traits::from_state(state.at("traits"));
    dossier.given = device.given;
    dossier.history = device.history;
    dossier.suggestions = device.suggestions;
    state.at("apart").get_to(dossier.apart);
    return dossier;
}

}  // namespace linnet
