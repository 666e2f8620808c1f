#include "household.hpp"

#include "analyzer/identify/inference.hpp"
#include "analyzer/ip_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <tuple>

namespace linnet {
namespace {

constexpr std::chrono::seconds look_interval{60};

bool same_identity(const Device& a, const Device& b) {
    return std::tie(a.maker, a.kind, a.model, a.os, a.confidence, a.reasons, a.called) ==
           std::tie(b.maker, b.kind, b.model, b.os, b.confidence, b.reasons, b.called);
}

MacAddress mac_of(const Endpoint& end, const Endpoint& peer) { return end.mac == peer.mac ? MacAddress{} : end.mac; }

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
    return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max() : a + b;
}

}  // namespace

Household::Household(Locality locality, std::size_t max_devices, std::shared_ptr<const Signatures> signatures,
                     Thresholds& thresholds)
    : locality_{std::move(locality)},
      signatures_{std::move(signatures)},
      weights_{thresholds},
      presence_{thresholds},
      together_{thresholds.seconds("household.together_seconds")},
      own_addresses_{static_cast<std::size_t>(thresholds.integer("household.own_addresses", 1, 16))},
      own_addresses_v6_{static_cast<std::size_t>(thresholds.integer("household.own_addresses_v6", 1, 16))},
      residents_{max_devices,
                 [this](const Resident& resident) {
                     away_.erase(row_key_of(resident.device.key));
                     departed_.push_back(resident.device.key);
                     if (resident.told) gone_.push_back(resident.device.key);
                 }},
      away_{"away", max_devices} {}

void Household::apply(const Event& event) {
    wake();
    newcomers_.clear();
    departed_.clear();
    if (const Timestamp at = time_of(event); at != Timestamp{}) now_ = at;
    std::visit([this](const auto& body) { apply(body); }, event);
    if (now_ >= looked_ + look_interval || now_ + look_interval < looked_) look_who_is_away(now_);
    clock_.touch("now") = {now_, looked_};
}

/// Behind a restore: what follows from the rows.
void Household::wake() {
    if (!residents_.index()) return;
    if (const Clock* clock = clock_.find("now")) {
        now_ = clock->now;
        looked_ = clock->looked;
    }
}

void Household::apply(const Flow& flow) {
    if (flow.is_hearsay()) return;
    const bool over = flow.stage == FlowStage::end;
    const auto add = [over, this](const std::string& row, std::uint64_t sent, std::uint64_t received) {
        if (!over) return;  // the counters are totals: only the last ones are added up
        Device& device = residents_.touch(row).device;
        device.bytes_sent = saturating_sum(device.bytes_sent, sent);
        device.bytes_received = saturating_sum(device.bytes_received, received);
    };
    if (flow.packets_to_server > 0 && locality_.is_local(flow.client.ip, flow.server.ip))
        add(seen(mac_of(flow.client, flow.server), flow.client.ip, flow.last_seen), flow.bytes_to_server,
            flow.bytes_to_client);
    if (flow.packets_to_client > 0 && locality_.is_local(flow.server.ip, flow.client.ip))
        add(seen(mac_of(flow.server, flow.client), flow.server.ip, flow.last_seen), flow.bytes_to_client,
            flow.bytes_to_server);
    if (flow.packets_to_client > 0) note_gateway(flow.server, flow.client, flow.last_seen);
}

void Household::apply(const Probe& probe) {
    const bool local = std::any_of(probe.attempts.begin(), probe.attempts.end(), [&](const ProbeAttempt& attempt) {
        const bool hearsay = probe.tunnelled && attempt.outcome != ProbeOutcome::answered;
        return !hearsay && locality_.is_local(probe.source, attempt.target);
    });
    if (local) seen(probe.mac, probe.source, probe.last_seen);
}

void Household::apply(const DeviceHint& hint) {
    if (!is_usable(hint.mac) && !locality_.at_home(hint.ip)) return;
    const auto row = seen(hint.mac, locality_.at_home(hint.ip) ? hint.ip : IpAddress{}, hint.at);
    Device& device = residents_.touch(row).device;
    if (hint.key == "mud-url" && hint.value.starts_with("https://")) device.mud_url = hint.value;
    // What it calls itself elsewhere helps where DHCP is silent.
    const bool is_better = hint.source == "dhcp" || device.hostname.empty();
    if (hint.key == "hostname" && is_better && !hint.value.empty() && hint.value != device.hostname) {
        device.hostname = hint.value;
        rename(device, residents_.dossier(row));
    }
    learn(row, hint, hint.at);
}

void Household::apply(const Login& login) { meet(login.client, login.server, login.at); }
void Household::apply(const Certificate& certificate) { meet(certificate.client, certificate.server, certificate.at); }

void Household::apply(const TlsHandshake& handshake) {
    const bool is_local = locality_.is_local(handshake.client.ip, handshake.server.ip);
    if (handshake.version != 0)
        meet(handshake.client, handshake.server, handshake.at);
    else if (is_local)  // nobody says that the server is there
        seen(mac_of(handshake.client, handshake.server), handshake.client.ip, handshake.at);
    if (is_local) learn(row_for(mac_of(handshake.client, handshake.server), handshake.client.ip), handshake, handshake.at);
}

/// The two ends of a conversation, of which there may be no Flow yet.
void Household::meet(const Endpoint& client, const Endpoint& server, Timestamp at) {
    if (locality_.is_local(client.ip, server.ip)) seen(mac_of(client, server), client.ip, at);
    if (locality_.is_local(server.ip, client.ip)) seen(mac_of(server, client), server.ip, at);
}

void Household::apply(const AddressBinding& binding) {
    if (!is_usable(binding.mac) || !locality_.is_local(binding.ip, {})) return;
    seen(binding.mac, binding.ip, binding.at, How::claimed);
}

/// The packets of a flood may be of a kind that no other event tells of.
void Household::apply(const Burst& burst) {
    if (locality_.is_local(burst.source, burst.target)) seen(burst.mac, burst.source, burst.at);
}

void Household::note_gateway(const Endpoint& stranger, const Endpoint& local, Timestamp at) {
    const auto mac = mac_of(stranger, local);
    if (!is_usable(mac) || !Locality::is_host(stranger.ip) || locality_.is_local(stranger.ip, local.ip)) return;
    const auto key = row_key(mac, {});
    if (gateways_.find(key) == nullptr) gateways_.touch(key).since = at;
}

bool Household::is_gateway(const MacAddress& mac) const { return gateways_.find(row_key(mac, {})) != nullptr; }

std::string Household::row_for(const MacAddress& mac, const IpAddress& ip) const {
    const std::string& row = residents_.row_of(row_key(mac, ip));
    if (!is_usable(mac) || !ip.known()) return row;
    const Resident* resident = residents_.find(row);
    const bool carried = resident != nullptr && resident->addresses.carries_others() && !resident->addresses.is_bound(ip);
    return carried ? residents_.row_of(row_key({}, ip)) : row;
}

std::string Household::seen(const MacAddress& mac, const IpAddress& ip, Timestamp at, How how) {
    const std::string own = row_key(mac, {});
    const std::string by_mac_row = is_usable(mac) ? residents_.row_of(own) : std::string{};
    std::string row = is_usable(mac) && how == How::claimed ? by_mac_row : row_for(mac, ip);
    const bool by_mac = !by_mac_row.empty() && by_mac_row == row;
    Resident& resident = residents_.touch(row);
    const bool first = resident.device.key.empty();
    if (first) {
        introduce(resident, by_mac ? mac : MacAddress{}, ip, at);
        newcomers_.push_back({by_mac ? mac : MacAddress{}, ip});
    }
    mark_changed(row);
    Device& device = resident.device;
    if (at > device.last_seen) resident.rhythm.heard(at - device.last_seen, device.kind, presence_);
    away_.erase(row);
    device.first_seen = std::min(device.first_seen, at);
    device.last_seen = std::max(device.last_seen, at);
    const bool carried = resident.addresses.carries_others();
    if (ip.known()) add_address(resident, row, ip, at, how);
    const bool carries = resident.addresses.carries_others() && !carried;
    Station* station = resident.stations.size() == 1 && (!by_mac || own == row) ? &resident.stations[0]
                                                                                : resident.station(device_key(mac, ip));
    if (station != nullptr) {
        if (ip.is_v4() && ip.known()) station->ip = ip;
        visit(resident, row, *station, at);
    }
    if (by_mac) row = residents_.row_of(own);  // the visit may have split it
    const Resident* now = residents_.find(row);
    if (now != nullptr && now->device.last_seen - now->device.first_seen >= Residents::newcomer)
        residents_.settle_in(row, at);
    if (carries) stop_carrying(residents_.touch(row), row, at);
    return row;
}

void Household::add_address(Resident& resident, const std::string& row, const IpAddress& ip, Timestamp at, How how) {
    Device& device = resident.device;
    if (how == How::claimed)
        resident.addresses.bind(ip);
    else if (device.mac.known() && locality_.at_home(ip) && resident.addresses.speak(ip, own_addresses_, own_addresses_v6_))
        return;
    if (std::find(device.ips.begin(), device.ips.end(), ip) != device.ips.end()) return;
    if (const auto before = best_address(device); before != nullptr && before->is_v4() && ip.is_v4())
        residents_.touch_dossier(row).tell(
            {at, "address", to_string(ip),
             fmt::format("It had the address {} and now uses {}, too.", to_string(*before), to_string(ip))});
    if (device.ips.size() == max_addresses) device.ips.erase(device.ips.begin());
    device.ips.push_back(ip);
    rename(device, residents_.dossier(row));
}

/// What it only carried is not its own: each of those addresses is a device.
void Household::stop_carrying(Resident& resident, const std::string& row, Timestamp at) {
    Device& device = resident.device;
    const auto others = resident.addresses.unbound();
    std::erase_if(device.ips,
                  [&](const IpAddress& ip) { return std::find(others.begin(), others.end(), ip) != others.end(); });
    rename(device, residents_.dossier(row));
    residents_.touch_dossier(row).tell(
        {at, "router", "", "It carries the packets of several others; each of their addresses is a device of its own."});
    const auto first = device.first_seen;
    for (const auto& ip : others) {
        seen({}, ip, first);
        seen({}, ip, at);
    }
}

void Household::introduce(Resident& resident, const MacAddress& mac, const IpAddress& ip, Timestamp at) {
    Device& device = resident.device;
    device.first_seen = device.last_seen = at;
    device.key = device_key(mac, ip);
    resident.stations = {{device.key, at, at, at, {}, Bond::own}};
    if (!is_usable(mac)) return;
    device.mac = mac;
    device.randomized_mac = mac.is_locally_administered();
    rename(device, nullptr);
}

void Household::identify(const std::string& key, const Identification& identity) {
    const std::string row = residents_.row_of(row_key_of(key));
    const Resident* known = residents_.find(row);
    if (known == nullptr) return;
    Device changed = known->device;
    changed.confidence = Json::object();
    changed.reasons.clear();
    const std::array places{&changed.maker, &changed.kind, &changed.model, &changed.os};
    for (const auto aspect : aspects) {
        const auto& conclusion = identity.of(aspect);
        *places.at(static_cast<std::size_t>(aspect)) = conclusion.value;
        if (conclusion.value.empty()) continue;
        changed.confidence[std::string{to_string(aspect)}] = conclusion.confidence;
        changed.reasons.push_back(conclusion.reason);
    }
    changed.called = identity.called;
    rename(changed, residents_.dossier(row));
    if (same_identity(changed, known->device)) return;
    residents_.touch(row).device = std::move(changed);
    mark_changed(row);
}

const Device* Household::find(const MacAddress& mac, const IpAddress& ip) const {
    const Resident* resident = residents_.find(row_for(mac, ip));
    return resident == nullptr ? nullptr : &resident->device;
}

const Device* Household::find(const std::string& key) const {
    const Resident* resident = residents_.find(residents_.row_of(row_key_of(key)));
    return resident == nullptr ? nullptr : &resident->device;
}

const Device* Household::find_at(const Endpoint& end, const Endpoint& peer) const {
    return locality_.is_local(end.ip, peer.ip) ? find(mac_of(end, peer), end.ip) : nullptr;
}

DeviceRef Household::at_end(const Endpoint& end, const Endpoint& peer) const { return device(mac_of(end, peer), end.ip); }

std::string Household::name_at_end(const Endpoint& end, const Endpoint& peer) const {
    return locality_.is_local(end.ip, peer.ip) ? at_end(end, peer).name : to_string(end.ip);
}

MacAddress Household::principal(const MacAddress& mac) const {
    const Resident* resident = is_usable(mac) ? residents_.find(residents_.row_of(row_key(mac, {}))) : nullptr;
    return resident != nullptr && resident->device.mac.known() ? resident->device.mac : mac;
}

bool Household::has_settled(const MacAddress& mac) const {
    return residents_.has_settled(residents_.row_of(row_key(mac, {})));
}

std::vector<IpAddress> Household::addresses_of(const MacAddress& mac) const {
    std::vector<IpAddress> addresses;
    if (const Resident* resident = residents_.find(residents_.row_of(row_key(mac, {}))))
        std::copy_if(resident->device.ips.begin(), resident->device.ips.end(), std::back_inserter(addresses),
                     [](const IpAddress& ip) { return ip.is_v4(); });
    return addresses;
}

void Household::mark_changed(const std::string& row) {
    if (changed_set_.insert(row).second) changed_.push_back(row);
}

bool Household::is_away(const Resident& resident) const {
    const Clock* clock = now_ == Timestamp{} ? clock_.find("now") : nullptr;  // nothing came since a restart
    const Timestamp now = clock == nullptr ? now_ : clock->now;
    return now - resident.device.last_seen > resident.rhythm.patience(resident.device.kind, presence_);
}

/// Those who left since the last time are told as changed; who comes back is so anyhow.
void Household::look_who_is_away(Timestamp now) {
    looked_ = now;
    std::vector<std::string> left;
    residents_.for_each([&](const std::string& row, const Resident& resident) {
        if (is_away(resident) && away_.find(row) == nullptr) left.push_back(row);
    });
    std::sort(left.begin(), left.end());  // whatever order the tables have behind a restart
    for (const auto& row : left) {
        away_.touch(row);
        mark_changed(row);
    }
}

Device Household::shown(const std::string& row, const Resident& resident) const {
    Device device = resident.device;
    if (resident.stations.size() > 1)
        for (const auto& station : resident.stations)
            if (const auto mac = MacAddress::parse(station.key)) device.macs.push_back(*mac);
    device.away = is_away(resident);
    const Dossier* dossier = residents_.dossier(row);
    if (dossier == nullptr) return device;
    device.given = dossier->given;
    device.history = dossier->history;
    for (const auto& other : dossier->suggestions)
        if (residents_.find(row_key_of(other.key)) != nullptr) device.suggestions.push_back(other);
    if (!device.given.kind.empty()) device.kind = device.given.kind;
    if (!device.given.model.empty()) device.model = device.given.model;
    return device;
}

std::optional<Device> Household::device(const std::string& key) const {
    const std::string row = residents_.row_of(row_key_of(key));
    const Resident* resident = residents_.find(row);
    return resident == nullptr ? std::nullopt : std::optional{shown(row, *resident)};
}

std::vector<std::string> Household::keys_of(const std::string& key) const {
    const Resident* resident = residents_.find(residents_.row_of(row_key_of(key)));
    if (resident == nullptr) return {key};
    std::vector<std::string> keys;
    for (const auto& station : resident->stations) keys.push_back(station.key);
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
    return keys;
}

std::vector<Device> Household::take_changes() {
    std::vector<Device> devices;
    for (const auto& row : changed_) {
        const Resident* resident = residents_.find(row);
        if (resident == nullptr) continue;
        devices.push_back(shown(row, *resident));
        resident->told = true;
    }
    changed_.clear();
    changed_set_.clear();
    return devices;
}

std::vector<std::string> Household::take_gone() { return std::exchange(gone_, {}); }

std::vector<Device> Household::devices() const {
    std::vector<Device> devices;
    residents_.for_each([&](const std::string& row, const Resident& resident) { devices.push_back(shown(row, resident)); });
    std::sort(devices.begin(), devices.end(), [](const Device& a, const Device& b) { return a.key < b.key; });
    return devices;
}

std::vector<StateTableBase*> Household::tables() {
    auto tables = residents_.tables();
    tables.push_back(&gateways_);
    tables.push_back(&clock_);
    tables.push_back(&away_);
    return tables;
}

Json Household::Clock::to_state() const { return {to_number(now), to_number(looked)}; }
Household::Clock Household::Clock::from_state(const Json& state) { return {time_at(state.at(0)), time_at(state.at(1))}; }
Json Household::Gateway::to_state() const { return to_number(since); }
Household::Gateway Household::Gateway::from_state(const Json& state) { return {time_at(state)}; }

}  // namespace linnet
