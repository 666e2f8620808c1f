#include "profiles.hpp"

#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace linnet {
namespace {

constexpr std::chrono::hours day{24};

std::string key_of(const MacAddress& mac) { return RowKey{}.add(mac).text(); }
bool usable(const MacAddress& mac) { return mac.known() && !mac.is_group(); }

/// Addresses that belong together: an IPv4 /24, an IPv6 /48.
IpPrefix neighbourhood(IpAddress ip) {
    const std::size_t kept = ip.is_v4() ? 15 : 6;
    std::fill(ip.bytes.begin() + static_cast<std::ptrdiff_t>(kept), ip.bytes.end(), std::uint8_t{0});
    return {ip, static_cast<std::uint8_t>(kept * 8)};
}

Habit habit_of(const Flow& flow, const Drift& drift) {
    Habit habit{.reach = drift.reach,
                .proto = flow.proto,
                .port = std::min(drift.port.number, Habit::dynamic_port),
                .v6 = !drift.peer.ip.is_v4(),
                .peer = {}};
    if (drift.reach == Reach::outside)
        habit.peer = drift.peer_name.empty() ? to_string(neighbourhood(drift.peer.ip)) : drift.peer_name;
    return habit;
}

/// A name's domain; a prefix is its own.
std::string_view owner(const Habit& habit) {
    return habit.peer.find('/') == std::string::npos ? domain_of(habit.peer) : std::string_view{habit.peer};
}

bool took_part(const Flow& flow) {
    if (flow.midstream || flow.packets_to_server == 0 || flow.packets_to_client == 0) return false;
    if (flow.proto == Proto::tcp) return flow.payload_to_server > 0 && flow.payload_to_client > 0;
    return flow.proto == Proto::udp;
}

}  // namespace

Profiles::Profiles(Thresholds& thresholds)
    : learning_{thresholds.seconds("baseline-drift.learning_seconds")},
      forget_{thresholds.seconds("baseline-drift.forget_seconds")},
      active_days_{static_cast<std::uint64_t>(thresholds.integer("baseline-drift.active_days", 1, 365))},
      max_peers_{static_cast<std::size_t>(thresholds.integer("baseline-drift.peers", 1, Profile::max_habits))},
      many_ports_{static_cast<std::size_t>(thresholds.integer("baseline-drift.many_ports", 2, Profile::max_habits))},
      everyday_{thresholds.ports("baseline-drift.everyday_ports")} {}

void Profiles::apply(const Event& event, const Household& household) {
    drifts_.clear();
    names_.apply(event);
    if (const auto* answer = std::get_if<NameBinding>(&event)) {
        const auto& mac = answer->client.mac;
        const Profile* known = usable(mac) ? find(mac) : nullptr;
        if (known != nullptr && !known->names_since) profiles_.touch(key_of(mac)).names_since = answer->at;
    }
    const auto* flow = std::get_if<Flow>(&event);
    if (flow == nullptr || !took_part(*flow) || !Locality::is_host(flow->server.ip) || flow->client.mac == flow->server.mac)
        return;
    const auto& locality = household.locality();
    const bool client_home = locality.at_home(flow->client.ip), server_home = locality.at_home(flow->server.ip);
    if (client_home) look_at(*flow, server_home ? Reach::home : Reach::outside, flow->client, flow->server, household);
    const bool caller_told = std::any_of(drifts_.begin(), drifts_.end(), [](const Drift& d) { return !d.against_mud; });
    if (server_home)
        look_at(*flow, client_home ? Reach::from_home : Reach::from_outside, flow->server, flow->client, household);
    // What is new for both ends is one thing, and the one that called has done it.
    if (caller_told)
        std::erase_if(drifts_, [](const Drift& drift) { return !drift.against_mud && drift.reach == Reach::from_home; });
}

void Profiles::look_at(const Flow& flow, Reach reach, const Endpoint& end, const Endpoint& peer,
                       const Household& household) {
    Endpoint device = end;
    device.mac = household.principal(end.mac);
    if (!usable(device.mac) || is_everyday(flow.server.port)) return;
    Drift drift{.device = device, .peer = peer, .reach = reach, .port = flow.server.port, .peer_name = {}};
    const bool outside = reach == Reach::outside || reach == Reach::from_outside;
    if (const auto& names = names_.of(peer.ip); outside && !names.empty()) drift.peer_name = names.back();
    // The name may come with the handshake, after the start: a later word on the same flow will have it.
    if (reach == Reach::outside && flow.stage == FlowStage::start && drift.peer_name.empty()) return;
    if (const MudFile* file = imported(device.mac)) compare_with_mud(flow, Drift{drift}, *file, household);
    learn(flow, std::move(drift));
}

void Profiles::learn(const Flow& flow, Drift&& drift) {
    const std::string key = key_of(drift.device.mac);
    const Profile& profile = renewed(key, flow.last_seen);
    if (profile.general) return;
    Habit habit = habit_of(flow, drift);
    const auto is_it = [&habit](const Habit& known) { return known.same(habit); };
    if (std::any_of(profile.habits.begin(), profile.habits.end(), is_it)) return;
    habit.strange = is_learned(profile, flow.last_seen) && is_strange(profile, habit);
    if (habit.strange && imported_.find(key) == nullptr) drifts_.push_back(std::move(drift));
    add(profiles_.touch(key), std::move(habit));
}

/// The row, begun anew where the device is new, was away for long, or time went back. Changes at most once a day.
const Profile& Profiles::renewed(const std::string& key, Timestamp at) {
    const Profile* known = profiles_.find(key);
    const bool fresh = known == nullptr || at > known->last + forget_ || at + day < known->last;
    if (!fresh && std::chrono::floor<std::chrono::days>(at) <= std::chrono::floor<std::chrono::days>(known->last))
        return *known;
    Profile& profile = profiles_.touch(key);
    if (fresh) {
        profile = {};
        profile.since = at;
    }
    profile.last = at;
    ++profile.days;
    return profile;
}

bool Profiles::is_learned(const Profile& profile, Timestamp at) const {
    return at >= profile.since + learning_ && profile.days >= active_days_;
}

bool Profiles::is_everyday(Port port) const {
    return std::find(everyday_.begin(), everyday_.end(), port) != everyday_.end();
}

bool Profiles::is_strange(const Profile& profile, const Habit& habit) const {
    if (knows_port(profile, habit)) return false;
    // Holes punched through a NAT make it hard to say who called whom.
    if (habit.reach == Reach::from_outside) return habit.proto == Proto::tcp;
    return habit.reach != Reach::outside ||
           std::none_of(profile.habits.begin(), profile.habits.end(), [&habit](const Habit& known) {
               return known.reach == Reach::outside && owner(known) == owner(habit);
           });
}

/// That very port, or one of many unprivileged ones.
bool Profiles::knows_port(const Profile& profile, const Habit& habit) const {
    constexpr std::uint16_t unprivileged = 1024;
    std::set<std::uint16_t> high;
    for (const Habit& known : profile.habits) {
        if (known.reach != habit.reach || known.proto != habit.proto) continue;
        if (known.port == habit.port) return true;
        if (known.port >= unprivileged && !known.strange) high.insert(known.port);
    }
    return habit.port >= unprivileged && high.size() >= many_ports_;
}

void Profiles::add(Profile& profile, Habit&& habit) const {
    std::set<std::string_view> owners;
    std::size_t same_owner = 0;
    for (const Habit& known : profile.habits) {
        if (known.reach != Reach::outside || known.strange) continue;
        owners.insert(owner(known));
        if (habit.reach == Reach::outside && known.port == habit.port && owner(known) == owner(habit)) ++same_owner;
    }
    if (same_owner >= Profile::max_names) return;
    const bool full = profile.habits.size() >= Profile::max_habits;
    if (habit.strange && full) return;
    if (habit.reach == Reach::outside && !habit.strange) owners.insert(owner(habit));
    if (full || owners.size() > max_peers_) {
        profile.general = true;
        profile.habits.clear();
        return;
    }
    profile.habits.push_back(std::move(habit));
}

void Profiles::compare_with_mud(const Flow& flow, Drift&& drift, const MudFile& file, const Household& household) {
    const bool outside = drift.reach == Reach::outside || drift.reach == Reach::from_outside;
    const Profile* profile = find(drift.device.mac);
    const bool names_known = profile != nullptr && profile->names_since && flow.first_seen >= *profile->names_since + day;
    const MudConversation conversation{
        .device_began = drift.reach == Reach::outside || drift.reach == Reach::home,
        .proto = flow.proto,
        .peer = drift.peer.ip,
        .client_port = flow.client.port,
        .server_port = flow.server.port,
        .peer_at_home = !outside,
        .peer_of_same_maker = same_maker(drift.device.mac, drift.peer.mac, household),
        .names_known = names_known,
        .peer_names = names_.of(drift.peer.ip),
    };
    if (file.allows(conversation)) return;
    const std::string key = RowKey{}
                                .add(drift.device.mac)
                                .add(static_cast<std::uint8_t>(drift.reach))
                                .add(drift.port)
                                .add(drift.peer_name.empty() ? to_string(drift.peer.ip) : drift.peer_name)
                                .text();
    const Told* told = told_.find(key);
    drift.fresh = told == nullptr || flow.last_seen > told->at + day || flow.last_seen + day < told->at;
    if (drift.fresh) told_.touch(key).at = flow.last_seen;
    drift.against_mud = true;
    drifts_.push_back(std::move(drift));
}

bool Profiles::same_maker(const MacAddress& a, const MacAddress& b, const Household& household) {
    const auto first = household.maker(a), second = household.maker(b);
    return first.empty() || second.empty() || first == second;
}

const Profile* Profiles::find(const MacAddress& mac) const { return profiles_.find(key_of(mac)); }

const MudFile* Profiles::imported(const MacAddress& mac) const {
    const Imported* known = imported_.find(key_of(mac));
    return known != nullptr ? &known->file : nullptr;
}

std::string Profiles::import_mud(const MacAddress& mac, std::string_view text) {
    auto parsed = parse_mud_file(text);
    if (auto* wrong = std::get_if<std::string>(&parsed)) return std::move(*wrong);
    imported_.touch(key_of(mac)) = {std::string{text}, std::move(std::get<MudFile>(parsed))};
    return {};
}

bool Profiles::remove_mud(const MacAddress& mac) {
    const std::string key = key_of(mac);
    if (imported_.find(key) == nullptr) return false;
    imported_.erase(key);
    return true;
}

Profiles::Imported Profiles::Imported::from_state(const Json& state) {
    auto text = state.get<std::string>();
    auto parsed = parse_mud_file(text);
    if (const auto* wrong = std::get_if<std::string>(&parsed)) throw std::invalid_argument{"state: " + *wrong};
    return {std::move(text), std::move(std::get<MudFile>(parsed))};
}

Json Profiles::Told::to_state() const { return to_number(at); }
Profiles::Told Profiles::Told::from_state(const Json& state) { return {time_at(state)}; }

Json Profile::to_state() const {
    Json list = Json::array();
    for (const Habit& h : habits)
        list.push_back({static_cast<unsigned>(h.reach), static_cast<unsigned>(h.proto), h.port, h.v6, h.strange, h.peer});
    return {to_number(since), to_number(last), days, general, names_since ? Json(to_number(*names_since)) : Json{},
            std::move(list)};
}

Profile Profile::from_state(const Json& state) {
    Profile profile{.since = time_at(state.at(0)),
                    .last = time_at(state.at(1)),
                    .days = state.at(2).get<std::uint64_t>(),
                    .general = state.at(3).get<bool>(),
                    .names_since = {},
                    .habits = {}};
    if (!state.at(4).is_null()) profile.names_since = time_at(state.at(4));
    for (const Json& h : state.at(5)) {
        const auto reach = h.at(0).get<unsigned>();
        if (reach > static_cast<unsigned>(Reach::from_outside) || profile.habits.size() == max_habits)
            throw std::invalid_argument{"state: a habit"};
        profile.habits.push_back({.reach = static_cast<Reach>(reach),
                                  .proto = static_cast<Proto>(h.at(1).get<std::uint8_t>()),
                                  .port = h.at(2).get<std::uint16_t>(),
                                  .v6 = h.at(3).get<bool>(),
                                  .strange = h.at(4).get<bool>(),
                                  .peer = h.at(5).get<std::string>()});
    }
    return profile;
}

}  // namespace linnet
