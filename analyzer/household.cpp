#include "household.hpp"

#include "analyzer/identify/inference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <tuple>

namespace linnet {
namespace {

bool usable(const MacAddress& mac) { return mac.known() && !mac.is_group(); }

std::string row_key(const MacAddress& mac, const IpAddress& ip) {
    return usable(mac) ? RowKey{}.add(mac).text() : RowKey{}.add(ip).text();
}

/// Of a device's key: its MAC, or its address.
std::string row_key_of(const std::string& key) {
    return row_key(MacAddress::parse(key).value_or(MacAddress{}), IpAddress::parse(key).value_or(IpAddress{}));
}

bool same_identity(const Device& a, const Device& b) {
    return std::tie(a.maker, a.kind, a.model, a.os, a.confidence, a.reasons, a.called) ==
           std::tie(b.maker, b.kind, b.model, b.os, b.confidence, b.reasons, b.called);
}

MacAddress mac_of(const Endpoint& end, const Endpoint& peer) { return end.mac == peer.mac ? MacAddress{} : end.mac; }

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) {
    return a > std::numeric_limits<std::uint64_t>::max() - b ? std::numeric_limits<std::uint64_t>::max() : a + b;
}

/// The newest IPv4 address, or the newest of all.
const IpAddress* best_address(const Device& device) {
    const auto v4 = std::find_if(device.ips.rbegin(), device.ips.rend(), [](const auto& ip) { return ip.is_v4(); });
    if (v4 != device.ips.rend()) return &*v4;
    return device.ips.empty() ? nullptr : &device.ips.back();
}

}  // namespace

Household::Household(Locality locality, std::size_t max_devices, std::shared_ptr<const Signatures> signatures)
    : locality_{std::move(locality)},
      signatures_{std::move(signatures)},
      devices_{"devices", max_devices, [this](Row&& row) { departed_.push_back(std::move(row.device.key)); }} {}

void Household::apply(const Event& event) {
    newcomers_.clear();
    departed_.clear();
    std::visit([this](const auto& body) { apply(body); }, event);
}

void Household::apply(const Flow& flow) {
    if (flow.is_hearsay()) return;
    const bool over = flow.stage == FlowStage::end;
    const auto add = [over](Device& device, std::uint64_t sent, std::uint64_t received) {
        if (!over) return;  // the counters are totals: only the last ones are added up
        device.bytes_sent = saturating_sum(device.bytes_sent, sent);
        device.bytes_received = saturating_sum(device.bytes_received, received);
    };
    if (flow.packets_to_server > 0 && locality_.is_local(flow.client.ip, flow.server.ip))
        add(seen(mac_of(flow.client, flow.server), flow.client.ip, flow.last_seen), flow.bytes_to_server,
            flow.bytes_to_client);
    if (flow.packets_to_client > 0 && locality_.is_local(flow.server.ip, flow.client.ip))
        add(seen(mac_of(flow.server, flow.client), flow.server.ip, flow.last_seen), flow.bytes_to_client,
            flow.bytes_to_server);
}

void Household::apply(const Probe& probe) {
    const bool local = std::any_of(probe.attempts.begin(), probe.attempts.end(), [&](const ProbeAttempt& attempt) {
        const bool hearsay = probe.tunnelled && attempt.outcome != ProbeOutcome::answered;
        return !hearsay && locality_.is_local(probe.source, attempt.target);
    });
    if (local) seen(probe.mac, probe.source, probe.last_seen);
}

void Household::apply(const DeviceHint& hint) {
    if (!usable(hint.mac) && !locality_.at_home(hint.ip)) return;
    Device& device = seen(hint.mac, locality_.at_home(hint.ip) ? hint.ip : IpAddress{}, hint.at);
    if (hint.key == "mud-url" && hint.value.starts_with("https://")) device.mud_url = hint.value;
    if (hint.key != "hostname" || hint.value.empty() || hint.value == device.hostname) return;
    if (hint.source != "dhcp" && !device.hostname.empty())
        return;  // what it calls itself elsewhere helps where DHCP is silent
    device.hostname = hint.value;
    rename(device);
}

void Household::apply(const Login& login) { meet(login.client, login.server, login.at); }
void Household::apply(const TlsHandshake& handshake) { meet(handshake.client, handshake.server, handshake.at); }
void Household::apply(const Certificate& certificate) { meet(certificate.client, certificate.server, certificate.at); }

/// The two ends of a conversation, of which there may be no Flow yet.
void Household::meet(const Endpoint& client, const Endpoint& server, Timestamp at) {
    if (locality_.is_local(client.ip, server.ip)) seen(mac_of(client, server), client.ip, at);
    if (locality_.is_local(server.ip, client.ip)) seen(mac_of(server, client), server.ip, at);
}

void Household::apply(const AddressBinding& binding) {
    if (!usable(binding.mac) || !locality_.is_local(binding.ip, {})) return;
    seen(binding.mac, binding.ip, binding.at);
}

/// The packets of a flood may be of a kind that no other event tells of.
void Household::apply(const Burst& burst) {
    if (locality_.is_local(burst.source, burst.target)) seen(burst.mac, burst.source, burst.at);
}

Device& Household::seen(const MacAddress& mac, const IpAddress& ip, Timestamp at) {
    const std::string key = row_key(mac, ip);
    Device& device = devices_.touch(key).device;
    mark_changed(key);
    const bool first = device.key.empty();
    if (first) introduce(device, mac, ip, at);
    device.first_seen = std::min(device.first_seen, at);
    device.last_seen = std::max(device.last_seen, at);
    if (ip.known() && std::find(device.ips.begin(), device.ips.end(), ip) == device.ips.end()) {
        if (device.ips.size() == max_addresses) device.ips.erase(device.ips.begin());
        device.ips.push_back(ip);
        rename(device);
    }
    if (first) newcomers_.push_back({mac, ip});
    return device;
}

void Household::introduce(Device& device, const MacAddress& mac, const IpAddress& ip, Timestamp at) {
    device.first_seen = device.last_seen = at;
    device.key = usable(mac) ? to_string(mac) : to_string(ip);
    if (!usable(mac)) return;
    device.mac = mac;
    device.randomized_mac = mac.is_locally_administered();
    rename(device);
}

void Household::identify(const std::string& key, const Identification& identity) {
    const std::string row_key = row_key_of(key);
    const Row* known = devices_.find(row_key);
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
    rename(changed);
    if (same_identity(changed, known->device)) return;
    devices_.touch(row_key).device = std::move(changed);
    mark_changed(row_key);
}

void Household::mark_changed(const std::string& row_key) {
    if (changed_set_.insert(row_key).second) changed_.push_back(row_key);
}

/// What people called it elsewhere, a host name, else the maker, the model and the end of the MAC, else an address.
/// Who is no known maker's is at least called by whoever made its network module: an address may be another's tomorrow.
void Household::rename(Device& device) const {
    const auto& b = device.mac.bytes;
    const std::string maker = device.maker.empty() ? short_name(this->maker(device.mac)) : device.maker;
    if (!device.called.empty())
        device.name = device.called;
    else if (!device.hostname.empty())
        device.name = device.hostname;
    else if (!maker.empty())
        device.name = fmt::format("{}{}{} {:02x}:{:02x}", maker, device.model.empty() ? "" : " ", device.model, b[4], b[5]);
    else if (const IpAddress* ip = best_address(device))
        device.name = to_string(*ip);
    else
        device.name = device.key;
}

const Device* Household::find(const MacAddress& mac, const IpAddress& ip) const {
    const Row* row = devices_.find(row_key(mac, ip));
    return row != nullptr ? &row->device : nullptr;
}

const Device* Household::find(const std::string& key) const {
    const Row* row = devices_.find(row_key_of(key));
    return row != nullptr ? &row->device : nullptr;
}

const Device* Household::find_at(const Endpoint& end, const Endpoint& peer) const {
    return locality_.is_local(end.ip, peer.ip) ? find(mac_of(end, peer), end.ip) : nullptr;
}

DeviceRef Household::at_end(const Endpoint& end, const Endpoint& peer) const { return device(mac_of(end, peer), end.ip); }

std::string Household::name_at_end(const Endpoint& end, const Endpoint& peer) const {
    return locality_.is_local(end.ip, peer.ip) ? at_end(end, peer).name : to_string(end.ip);
}

DeviceRef Household::device(const MacAddress& mac, const IpAddress& ip) const {
    const Row* row = devices_.find(row_key(mac, ip));
    DeviceRef ref;
    if (usable(mac))
        ref.mac = mac;
    else
        ref.ip = ip;
    ref.name = row != nullptr ? row->device.name : to_string(ip);
    return ref;
}

std::vector<IpAddress> Household::addresses_of(const MacAddress& mac) const {
    std::vector<IpAddress> addresses;
    if (const Row* row = devices_.find(row_key(mac, {})))
        std::copy_if(row->device.ips.begin(), row->device.ips.end(), std::back_inserter(addresses),
                     [](const IpAddress& ip) { return ip.is_v4(); });
    return addresses;
}

std::vector<Device> Household::take_changes() {
    std::vector<Device> devices;
    for (const auto& key : changed_)
        if (const Row* row = devices_.find(key)) devices.push_back(row->device);
    changed_.clear();
    changed_set_.clear();
    return devices;
}

std::vector<Device> Household::devices() const {
    std::vector<Device> devices;
    devices_.for_each([&devices](const Row& row) { devices.push_back(row.device); });
    std::sort(devices.begin(), devices.end(), [](const Device& a, const Device& b) { return a.key < b.key; });
    return devices;
}

}  // namespace linnet
