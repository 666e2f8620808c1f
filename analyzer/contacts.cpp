#include "contacts.hpp"

#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <limits>
#include <optional>

namespace linnet {
namespace {

/// A connection that was answered, once or twice: the start and the end of a flow say the same.
std::optional<Contact> contact_of(const Flow& flow, const Locality& locality) {
    const bool known_proto = flow.proto == Proto::tcp || flow.proto == Proto::udp;
    if (!known_proto || flow.midstream || flow.stage == FlowStage::update || flow.packets_to_client == 0 ||
        !Locality::is_host(flow.server.ip) || !locality.is_local(flow.client.ip, flow.server.ip))
        return std::nullopt;
    return Contact{.mac = flow.client.mac,
                   .source = flow.client.ip,
                   .attempt = {.at = flow.first_seen,
                               .target = flow.server.ip,
                               .port = flow.server.port,
                               .kind = flow.proto == Proto::tcp ? ProbeKind::tcp_syn : ProbeKind::udp,
                               .outcome = ProbeOutcome::answered,
                               .connection = true,
                               .target_is_inside = locality.at_home(flow.server.ip)}};
}

std::optional<Contact> contact_of(const Probe& probe, const ProbeAttempt& attempt, const Locality& locality) {
    if (!Locality::is_host(attempt.target) || !locality.is_local(probe.source, attempt.target)) return std::nullopt;
    return Contact{.mac = probe.mac,
                   .source = probe.source,
                   .attempt = {.at = probe.last_seen,
                               .target = attempt.target,
                               .port = attempt.port,
                               .kind = probe.kind,
                               .outcome = attempt.outcome,
                               .target_is_inside = locality.at_home(attempt.target)},
                   .hallmark = attempt.hallmark};
}

}  // namespace

std::string_view proto_name(const Attempt& attempt) {
    switch (attempt.kind) {
        case ProbeKind::udp: return "UDP";
        case ProbeKind::icmp_echo: return attempt.target.is_v4() ? "ICMP" : "IPv6-ICMP";
        case ProbeKind::arp: return "ARP";
        default: return "TCP";
    }
}

void Contacts::apply(const Event& event, const std::function<void(const Contact&)>& each) {
    const auto hand_out = [&](const std::optional<Contact>& contact) {
        if (!contact) return;
        each(*contact);
        remember(*contact);
    };
    if (const auto* flow = std::get_if<Flow>(&event)) hand_out(contact_of(*flow, locality_));
    if (const auto* probe = std::get_if<Probe>(&event))
        for (const auto& attempt : probe->attempts) hand_out(contact_of(*probe, attempt, locality_));
}

const std::vector<Attempt>& Contacts::before(const IpAddress& source) const {
    static const std::vector<Attempt> none;
    const Recent* recent = sources_.find(RowKey{}.add(source).text());
    return recent != nullptr ? recent->attempts : none;
}

void Contacts::remember(const Contact& contact) {
    auto& attempts = sources_.touch(RowKey{}.add(contact.source).text()).attempts;
    const Attempt& now = contact.attempt;
    const auto known = std::find_if(attempts.begin(), attempts.end(), [&now](const Attempt& a) { return a.same_goal(now); });
    if (known == attempts.end()) {
        if (attempts.size() == remembered) attempts.erase(attempts.begin());
        attempts.push_back(now);
    } else if (!now.connection) {
        known->at = std::max(known->at, now.at);
        if (known->times < std::numeric_limits<std::uint32_t>::max()) ++known->times;
    }
}

Json Contacts::Recent::to_state() const {
    Json list = Json::array();
    for (const Attempt& a : attempts) {
        push_ip(list, a.target);
        list.push_back(to_number(a.at));
        list.push_back(a.times);
        list.push_back(static_cast<unsigned>(a.port.number) << 16 | static_cast<unsigned>(a.kind) << 8 |
                       static_cast<unsigned>(a.outcome) << 4 | (a.connection ? 2U : 0U) | (a.target_is_inside ? 1U : 0U));
    }
    return list;
}

Contacts::Recent Contacts::Recent::from_state(const Json& list) {
    Recent recent;
    for (std::size_t i = 0; i + 5 <= list.size() && recent.attempts.size() < remembered; i += 5) {
        const auto packed = list.at(i + 4).get<unsigned>();
        recent.attempts.push_back({.at = time_at(list.at(i + 2)),
                                   .target = ip_at(list, i),
                                   .port = {static_cast<std::uint16_t>(packed >> 16)},
                                   .kind = static_cast<ProbeKind>(packed >> 8 & 0xff),
                                   .outcome = static_cast<ProbeOutcome>(packed >> 4 & 0x0f),
                                   .connection = (packed & 2) != 0,
                                   .target_is_inside = (packed & 1) != 0,
                                   .times = list.at(i + 3).get<std::uint32_t>()});
    }
    return recent;
}

}  // namespace linnet
