// How the household joins the addresses of one device, and takes them apart again.
#include "analyzer/household.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace linnet {
namespace {

constexpr std::chrono::minutes pause{5};  // a silence so long ends a stay

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
    return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max() : a + b;
}

/// For how long both were heard in their present stays.
Duration both_heard(const Station& a, const Station& b) {
    return std::max(std::min(a.last, b.last) - std::max(a.since, b.since), Duration{});
}

void add_device(const Device& from, Device& into) {
    into.first_seen = std::min(into.first_seen, from.first_seen);
    into.last_seen = std::max(into.last_seen, from.last_seen);
    into.bytes_sent = saturating_sum(into.bytes_sent, from.bytes_sent);
    into.bytes_received = saturating_sum(into.bytes_received, from.bytes_received);
    for (const auto& ip : from.ips) {
        if (std::find(into.ips.begin(), into.ips.end(), ip) != into.ips.end()) continue;
        if (into.ips.size() == Household::max_addresses) into.ips.erase(into.ips.begin());
        into.ips.push_back(ip);
    }
    if (into.hostname.empty()) into.hostname = from.hostname;
    if (into.mud_url.empty()) into.mud_url = from.mud_url;
}

void forget_suggestions(Dossier& dossier, const std::string& key) {
    std::erase_if(dossier.suggestions, [&key](const Suggestion& each) { return each.key == key; });
}

}  // namespace

template <class Signal>
void Household::learn(const std::string& row, const Signal& signal, Timestamp at) {
    const Dossier* known = residents_.dossier(row);
    const Traits before = known == nullptr ? Traits{} : known->traits;
    Traits after = before;
    if (!after.note(signal)) return;
    residents_.remove_marks(before, row);
    residents_.note_marks(after, row);
    residents_.touch_dossier(row).traits = std::move(after);
    look_for_twins(row, at);
}
template void Household::learn(const std::string&, const DeviceHint&, Timestamp);
template void Household::learn(const std::string&, const TlsHandshake&, Timestamp);

/// Routers speak for others.
bool Household::may_be_joined(const Resident& resident) const {
    return resident.device.mac.known() && !resident.addresses.carries_others() &&
           std::none_of(resident.stations.begin(), resident.stations.end(),
                        [this](const Station& station) { return gateways_.find(row_key_of(station.key)) != nullptr; });
}

Together Household::together(const Resident& a, const Resident& b) const {
    for (const auto& x : a.stations)
        for (const auto& y : b.stations)
            if (both_heard(x, y) > together_) return Together::yes;
    return Together::no;
}

void Household::look_for_twins(const std::string& row, Timestamp at) {
    const Resident* resident = residents_.find(row);
    if (resident == nullptr || !may_be_joined(*resident)) return;
    const Dossier& dossier = *residents_.dossier(row);
    Likeness best;
    std::string twin;
    for (const auto& other : residents_.holders(dossier.traits, row)) {
        const Resident* candidate = residents_.find(other);
        const Dossier* theirs = residents_.dossier(other);
        if (candidate == nullptr || theirs == nullptr || !may_be_joined(*candidate)) continue;
        if (dossier.is_apart(candidate->device.key) || theirs->is_apart(resident->device.key)) continue;
        auto found = likeness({resident->device, dossier.traits}, {candidate->device, theirs->traits},
                              together(*resident, *candidate), weights_);
        if (found.points <= best.points) continue;
        best = std::move(found);
        twin = other;
    }
    if (twin.empty()) return;
    if (best.points >= weights_.join)
        join(row, twin, {best.lasting ? Bond::lasting : Bond::succession, best.why}, at);
    else if (best.points >= weights_.suggest)
        suggest(row, twin, best);
}

void Household::suggest(const std::string& row, const std::string& other, const Likeness& likeness) {
    const auto add = [&](const std::string& to, const std::string& of) {
        const std::string& key = residents_.find(of)->device.key;
        Dossier& dossier = residents_.touch_dossier(to);
        forget_suggestions(dossier, key);
        if (dossier.suggestions.size() == Device::max_suggestions) dossier.suggestions.erase(dossier.suggestions.begin());
        dossier.suggestions.push_back({key, static_cast<int>(likeness.points), likeness.why});
        mark_changed(to);
    };
    add(row, other);
    add(other, row);
}

/// Of two that are one: whose key stays? The one to which a person gave words, else the one whose address is no random one,
/// else the one that was here first.
bool Household::is_better_key(const std::string& a, const std::string& b) const {
    const Dossier *of_a = residents_.dossier(a), *of_b = residents_.dossier(b);
    const bool given_a = of_a != nullptr && of_a->given != GivenWords{};
    const bool given_b = of_b != nullptr && of_b->given != GivenWords{};
    if (given_a != given_b) return given_a;
    const Device &x = residents_.find(a)->device, &y = residents_.find(b)->device;
    if (x.randomized_mac != y.randomized_mac) return y.randomized_mac;
    if (x.first_seen != y.first_seen) return x.first_seen < y.first_seen;
    return x.key < y.key;
}

void Household::move_stations(Resident&& from, Resident& into, const std::string& row, Bond bond) {
    for (auto& station : from.stations) {
        if (station.bond == Bond::own) station.bond = bond;
        residents_.add_alias(row_key_of(station.key), row);
        into.stations.push_back(std::move(station));
    }
    const auto by_age = [](const Station& a, const Station& b) {
        return std::tie(a.first, a.key) < std::tie(b.first, b.key);
    };
    std::sort(into.stations.begin(), into.stations.end(), by_age);
    while (into.stations.size() > Device::max_macs) {
        const auto oldest = std::min_element(into.stations.begin(), into.stations.end(), [&](const auto& a, const auto& b) {
            return std::pair{a.key == into.device.key, a.last} < std::pair{b.key == into.device.key, b.last};
        });
        residents_.remove_alias(row_key_of(oldest->key));
        into.stations.erase(oldest);
    }
}

void Household::join(const std::string& a, const std::string& b, const Reason& reason, Timestamp at) {
    const bool a_stays = is_better_key(a, b);
    const std::string &into_row = a_stays ? a : b, &from_row = a_stays ? b : a;
    Resident from = *residents_.find(from_row);
    const Dossier* known = residents_.dossier(from_row);
    Dossier theirs = known == nullptr ? Dossier{} : *known;
    const bool settled = residents_.has_settled(from_row);
    residents_.erase(from_row);

    Resident& into = residents_.touch(into_row);
    Dossier& dossier = residents_.touch_dossier(into_row);
    const std::string from_key = from.device.key, into_key = into.device.key;
    residents_.remove_marks(dossier.traits, into_row);
    dossier.traits.take(theirs.traits);
    residents_.note_marks(dossier.traits, into_row);
    if (dossier.given.name.empty()) dossier.given.name = theirs.given.name;
    if (dossier.given.kind.empty()) dossier.given.kind = theirs.given.kind;
    if (dossier.given.model.empty()) dossier.given.model = theirs.given.model;
    dossier.given.trusted = dossier.given.trusted || theirs.given.trusted;
    for (const auto& key : theirs.apart) dossier.keep_apart(key);
    for (auto& entry : theirs.history) dossier.tell(std::move(entry));
    forget_suggestions(dossier, from_key);
    dossier.tell({at, "joined", from_key,
                  reason.bond == Bond::person ? fmt::format("{} is this device, too: so you said.", from_key)
                                              : fmt::format("{} is this device, too: {}.", from_key, reason.text)});
    add_device(from.device, into.device);
    if (from.told) gone_.push_back(from_key);
    away_.erase(from_row);
    move_stations(std::move(from), into, into_row, reason.bond);
    rename(into.device, &dossier);
    merges_.push_back({from_key, into_key});
    mark_changed(into_row);
    if (settled) residents_.settle_in(into_row, at);
}

/// Notes that the station was heard. Where an address that was joined because the other had gone is used beside it, the two
/// are two.
void Household::visit(Resident& resident, const std::string& row, Station& station, Timestamp at) {
    if (at - station.last > pause || at < station.since) station.since = at;
    station.first = std::min(station.first, at);
    station.last = std::max(station.last, at);
    if (resident.stations.size() < 2) return;
    for (const auto& other : resident.stations) {
        if (&other == &station || both_heard(station, other) <= together_) continue;
        const bool is_guess = station.bond == Bond::succession || other.bond == Bond::succession;
        if (!is_guess) continue;
        const std::string mine = station.key, theirs = other.key;  // the resident is about to change
        const std::string& leaving = station.bond == Bond::succession ? mine : theirs;
        return separate(row, leaving, fmt::format("{} and {} were heard at the same time", mine, theirs), at);
    }
}

/// The station becomes a device of its own, and the two are kept apart from now on.
void Household::separate(const std::string& row, const std::string& leaving, const std::string& text, Timestamp at) {
    Resident& resident = residents_.touch(row);
    const Station station = *resident.station(leaving);
    std::erase_if(resident.stations, [&leaving](const Station& each) { return each.key == leaving; });
    const bool still_used = std::any_of(resident.stations.begin(), resident.stations.end(),
                                        [&](const Station& each) { return each.ip == station.ip; });
    if (!still_used) std::erase(resident.device.ips, station.ip);
    const std::string left = resident.device.key;
    Dossier& dossier = residents_.touch_dossier(row);
    dossier.keep_apart(leaving);
    dossier.tell({at, "split", leaving, fmt::format("{} is another device: {}.", leaving, text)});
    rename(resident.device, &dossier);
    mark_changed(row);

    const std::string own = row_key_of(leaving);
    residents_.remove_alias(own);
    Resident& apart = residents_.touch(own);
    introduce(apart, MacAddress::parse(leaving).value_or(MacAddress{}), IpAddress::parse(leaving).value_or(IpAddress{}),
              station.first);
    apart.stations = {station};
    apart.stations[0].bond = Bond::own;
    apart.device.last_seen = station.last;
    if (station.ip.known()) apart.device.ips = {station.ip};
    Dossier& other = residents_.touch_dossier(own);
    other.keep_apart(left);
    other.tell({at, "split", left, fmt::format("{} is another device: {}.", left, text)});
    rename(apart.device, &other);
    std::erase(gone_, leaving);
    mark_changed(own);
    if (apart.device.last_seen - apart.device.first_seen >= Residents::newcomer) residents_.settle_in(own, at);
}

}  // namespace linnet
