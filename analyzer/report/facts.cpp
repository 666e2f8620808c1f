#include "facts.hpp"

#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace linnet {
namespace {

constexpr std::uint16_t tls_1_2 = 0x0303;

/// Names as in Flow::app_proto.
constexpr std::array<std::string_view, 5> over_tls{"tls", "https", "imaps", "pop3s", "smtps"};
constexpr std::array<std::string_view, 6> always_encrypted{"quic", "dtls", "ssh", "wireguard", "openvpn", "ipsec"};
/// Protocols whose clear form has a name of its own. Those that may switch to TLS half-way (SMTP, IMAP, POP3, XMPP, FTP,
/// LDAP) are left out: whether they did is not known here.
constexpr std::array<std::string_view, 13> in_clear{"http", "telnet", "mqtt", "rtsp",  "rtp",       "tftp", "syslog",
                                                    "coap", "snmp",   "irc",  "redis", "memcached", "rtmp"};
/// What every device needs to get along on a network, and what carries nothing of its own: no conversation to judge.
constexpr std::array<std::string_view, 12> plumbing{"dns",  "mdns",   "llmnr", "ntp",     "dhcp", "dhcpv6",
                                                    "icmp", "icmpv6", "ssdp",  "netbios", "igmp", "nat-pmp"};

template <std::size_t Size>
bool contains(const std::array<std::string_view, Size>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

void insert(std::vector<std::uint16_t>& sorted, std::uint16_t number, std::size_t most) {
    const auto place = std::lower_bound(sorted.begin(), sorted.end(), number);
    if ((place == sorted.end() || *place != number) && sorted.size() < most) sorted.insert(place, number);
}

std::string key_of(const DeviceRef& device) {
    return device.mac.known() ? RowKey{}.add(device.mac).text() : RowKey{}.add(device.ip).text();
}

/// A flow is told of at its start, now and then, and at its end: only the end is counted.
std::uint64_t times(const Flow& flow) { return flow.stage == FlowStage::end ? 1 : 0; }

bool is_outside(const Endpoint& server, const Endpoint& client, const Household& household) {
    return Locality::is_host(server.ip) && !household.locality().is_local(server.ip, client.ip) &&
           household.locality().is_local(client.ip, server.ip);
}

void note_service(const Flow& flow, DeviceFacts& facts) {
    auto& services = facts.services;
    const auto known = std::find_if(services.begin(), services.end(), [&flow](const DeviceFacts::Service& service) {
        return service.proto == flow.proto && service.use.port == flow.server.port;
    });
    if (known == services.end() && services.size() == DeviceFacts::max_services) {
        facts.more_services = true;
        return;
    }
    auto& service = known != services.end() ? *known : services.emplace_back();
    service.proto = flow.proto;
    service.use.add(times(flow), flow.last_seen, flow.client.ip, flow.server.port, flow.app_proto);
}

}  // namespace

bool DeviceFacts::services_protected() const {
    return !more_services && std::all_of(services.begin(), services.end(), [](const Service& service) {
        return contains(over_tls, service.use.what) || contains(always_encrypted, service.use.what);
    });
}

ReportLimits::ReportLimits(Thresholds& thresholds)
    : period{std::chrono::days{thresholds.integer("report.days", 1, 365)}},
      protected_conversations{
          static_cast<std::uint64_t>(thresholds.integer("report.protected_conversations", 1, 1'000'000))},
      refused_ports{
          static_cast<std::uint64_t>(thresholds.integer("report.refused_ports", 1, std::int64_t{DeviceFacts::max_ports}))},
      refused_passwords{static_cast<std::uint64_t>(
          thresholds.integer("report.refused_passwords", 1, std::int64_t{DeviceFacts::max_entries}))},
      update_servers{static_cast<std::uint64_t>(thresholds.integer("report.update_servers", 1, 1'000'000))} {}

Facts::Facts(std::size_t max_devices, const ReportLimits& limits, std::shared_ptr<const Signatures> signatures)
    : limits_{limits},
      signatures_{std::move(signatures)},
      devices_{"report-facts", max_devices},
      owners_{"report-addresses", max_addresses} {}

void Facts::apply(const Event& event, const Household& household) {
    std::visit([&](const auto& body) { note(body, household); }, event);
}

DeviceFacts& Facts::row(const std::string& key, Timestamp at) {
    Row& row = devices_.touch(key);
    if (row.since == Timestamp{} || at + limits_.period < row.since) row = {at, {}, {}};  // or the clock jumped back
    if (at >= row.since + limits_.period) {
        row.before = at < row.since + 2 * limits_.period ? std::move(row.now) : DeviceFacts{};
        row.now = {};
        row.since = at;
    }
    return row.now;
}

DeviceFacts& Facts::at_end(const Endpoint& end, const Endpoint& peer, Timestamp at, const Household& household) {
    return row(key_of(household.at_end(end, peer)), at);
}

void Facts::note(const Flow& flow, const Household& household) {
    if ((flow.proto != Proto::tcp && flow.proto != Proto::udp) || flow.is_hearsay()) return;
    if (flow.payload_to_server == 0 && flow.payload_to_client == 0) return;
    if (!Locality::is_host(flow.server.ip) || !Locality::is_host(flow.client.ip)) return;
    const auto& locality = household.locality();
    if (locality.is_local(flow.client.ip, flow.server.ip)) {
        auto& facts = at_end(flow.client, flow.server, flow.last_seen, household);
        facts.heard = true;
        note_as_client(flow, is_outside(flow.server, flow.client, household), facts);
    }
    if (locality.is_local(flow.server.ip, flow.client.ip)) {
        auto& facts = at_end(flow.server, flow.client, flow.last_seen, household);
        facts.heard = true;
        if (flow.payload_to_client > 0 && !flow.midstream && !contains(plumbing, flow.app_proto)) note_service(flow, facts);
    }
}

void Facts::note_as_client(const Flow& flow, bool outside, DeviceFacts& facts) {
    const auto add = [&flow](Tally& tally) {
        tally.add(times(flow), flow.last_seen, flow.server.ip, flow.server.port, flow.app_proto);
    };
    if (contains(plumbing, flow.app_proto)) return;
    if (contains(in_clear, flow.app_proto)) return add(facts.readable);
    if (!outside) return;
    if (contains(over_tls, flow.app_proto)) {
        if (!flow.midstream) add(facts.tls_flows);
    } else if (contains(always_encrypted, flow.app_proto)) {
        add(facts.quic);
    } else {
        add(facts.unclear);
    }
}

/// Attempts on a TCP port of a device that is there: refused, or without an answer.
void Facts::note(const Probe& probe, const Household& household) {
    if (probe.kind != ProbeKind::tcp_syn) return;
    for (const auto& attempt : probe.attempts) {
        if (attempt.outcome == ProbeOutcome::answered || !household.locality().at_home(attempt.target)) continue;
        const Owner* owner = owners_.find(RowKey{}.add(attempt.target).text());
        if (owner == nullptr || owner->mac == probe.mac) continue;
        auto& facts = row(RowKey{}.add(owner->mac).text(), probe.last_seen);
        facts.refused.add(1, probe.last_seen, probe.source, attempt.port, "");
        insert(facts.refused_ports, attempt.port.number, DeviceFacts::max_ports);
    }
}

void Facts::note(const TlsHandshake& hello, const Household& household) {
    if (hello.version == 0 || !is_outside(hello.server, hello.client, household)) return;
    auto& facts = at_end(hello.client, hello.server, hello.at, household);
    const auto add = [&hello](Tally& tally) { tally.add(1, hello.at, hello.server.ip, hello.server.port, hello.sni); };
    if (hello.version < tls_1_2) return add(facts.tls_old);
    add(facts.tls_good);
    if (signatures_->guidelines().names_updates(hello.sni)) add(facts.updates);
}

void Facts::note(const Certificate& certificate, const Household& household) {
    if (certificate.outcome != Outcome::failure) return;
    if (!household.locality().is_local(certificate.client.ip, certificate.server.ip)) return;
    at_end(certificate.client, certificate.server, certificate.at, household)
        .refused_tls.add(1, certificate.at, certificate.server.ip, certificate.server.port, certificate.sni);
}

void Facts::note(const Login& login, const Household& household) {
    if (login.default_entry == 0 || login.outcome == Outcome::success) return;
    if (!household.locality().is_local(login.server.ip, login.client.ip)) return;
    auto& facts = at_end(login.server, login.client, login.at, household);
    const bool refused = login.outcome == Outcome::failure;
    (refused ? facts.refused_logins : facts.doubtful_logins)
        .add(1, login.at, login.client.ip, login.server.port, to_string(login.service));
    if (refused) insert(facts.refused_entries, login.default_entry, DeviceFacts::max_entries);
}

void Facts::note(const AddressBinding& binding, const Household&) {
    if (!binding.mac.known() || binding.mac.is_group() || !Locality::is_host(binding.ip)) return;
    const auto key = RowKey{}.add(binding.ip).text();
    if (const Owner* owner = owners_.find(key); owner != nullptr && owner->mac == binding.mac) return;
    owners_.touch(key).mac = binding.mac;
}

DeviceFacts Facts::of(const Device& device) const {
    std::string key;
    if (device.mac.known())
        key = RowKey{}.add(device.mac).text();
    else if (const auto ip = IpAddress::parse(device.key))
        key = RowKey{}.add(*ip).text();
    const Row* row = devices_.find(key);
    if (row == nullptr) return {};
    DeviceFacts facts = row->before;
    facts.add(row->now);
    return facts;
}

}  // namespace linnet
