// How facts add up, and how they are kept across a restart.
#include "facts.hpp"

#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace linnet {
namespace {

constexpr std::size_t longest_name = 100;

constexpr std::array tallies{&DeviceFacts::tls_good,       &DeviceFacts::tls_old,        &DeviceFacts::tls_flows,
                             &DeviceFacts::quic,           &DeviceFacts::readable,       &DeviceFacts::unclear,
                             &DeviceFacts::updates,        &DeviceFacts::refused_tls,    &DeviceFacts::refused,
                             &DeviceFacts::refused_logins, &DeviceFacts::doubtful_logins};
constexpr std::array<const char*, tallies.size()> tally_names{
    "good",    "old",         "flows",   "quic",           "clear",          "unclear",
    "updates", "refused-tls", "refused", "refused-logins", "doubtful-logins"};

/// Never a part of a character.
std::string shortened(std::string_view name) {
    std::size_t size = std::min(name.size(), longest_name);
    while (size > 0 && size < name.size() && (static_cast<unsigned char>(name[size]) & 0xc0U) == 0x80U) --size;
    return std::string{name.substr(0, size)};
}

void unite(std::vector<std::uint16_t>& into, const std::vector<std::uint16_t>& more, std::size_t most) {
    into.insert(into.end(), more.begin(), more.end());
    std::sort(into.begin(), into.end());
    into.erase(std::unique(into.begin(), into.end()), into.end());
    if (into.size() > most) into.resize(most);
}

std::vector<std::uint16_t> numbers_from(const Json& state, std::size_t most) {
    std::vector<std::uint16_t> numbers;
    unite(numbers, state.get<std::vector<std::uint16_t>>(), most);
    return numbers;
}

void add_service(DeviceFacts& facts, const DeviceFacts::Service& service) {
    auto& services = facts.services;
    const auto known = std::find_if(services.begin(), services.end(), [&service](const DeviceFacts::Service& other) {
        return other.proto == service.proto && other.use.port == service.use.port;
    });
    if (known != services.end())
        known->use.add(service.use);
    else if (services.size() < DeviceFacts::max_services)
        services.push_back(service);
    else
        facts.more_services = true;
}

}  // namespace

void Tally::add(std::uint64_t times, Timestamp at, const IpAddress& who, Port where, std::string_view name) {
    Tally other;
    other.count = times;
    other.first = other.last = at;
    other.peer = who;
    other.port = where;
    other.what = shortened(name);
    add(other);
}

void Tally::add(const Tally& other) {
    if (!other.known()) return;
    const bool newer = !known() || other.last >= last;
    first = known() ? std::min(first, other.first) : other.first;
    const auto room = std::numeric_limits<std::uint64_t>::max() - count;
    count += std::min(other.count, room);
    if (!newer) return;
    last = other.last;
    peer = other.peer;
    port = other.port;
    what = other.what;
}

Json Tally::to_state() const {
    Json list = Json::array({count, to_number(first), to_number(last), port.number, what});
    push_ip(list, peer);
    return list;
}

Tally Tally::from_state(const Json& state) {
    Tally tally;
    tally.count = state.at(0).get<std::uint64_t>();
    tally.first = time_at(state.at(1));
    tally.last = time_at(state.at(2));
    tally.port.number = state.at(3).get<std::uint16_t>();
    tally.what = shortened(state.at(4).get<std::string>());
    tally.peer = ip_at(state, 5);
    return tally;
}

void DeviceFacts::add(const DeviceFacts& other) {
    for (const auto tally : tallies) (this->*tally).add(other.*tally);
    unite(refused_ports, other.refused_ports, max_ports);
    unite(refused_entries, other.refused_entries, max_entries);
    for (const auto& service : other.services) add_service(*this, service);
    more_services = more_services || other.more_services;
    heard = heard || other.heard;
}

/// What there is none of is not written.
Json DeviceFacts::to_state() const {
    Json state = Json::object();
    for (std::size_t i = 0; i < tallies.size(); ++i)
        if (const Tally& tally = this->*tallies[i]; tally.known()) state[tally_names[i]] = tally.to_state();
    if (!refused_ports.empty()) state["ports"] = refused_ports;
    if (!refused_entries.empty()) state["entries"] = refused_entries;
    for (const auto& service : services)
        state["services"].push_back({static_cast<unsigned>(service.proto), service.use.to_state()});
    if (more_services) state["more"] = true;
    if (heard) state["heard"] = true;
    return state;
}

DeviceFacts DeviceFacts::from_state(const Json& state) {
    DeviceFacts facts;
    for (std::size_t i = 0; i < tallies.size(); ++i)
        if (const auto found = state.find(tally_names[i]); found != state.end())
            facts.*tallies[i] = Tally::from_state(*found);
    if (state.contains("ports")) facts.refused_ports = numbers_from(state.at("ports"), max_ports);
    if (state.contains("entries")) facts.refused_entries = numbers_from(state.at("entries"), max_entries);
    if (const auto found = state.find("services"); found != state.end())
        for (const Json& service : *found)
            add_service(facts, {static_cast<Proto>(service.at(0).get<std::uint8_t>()), Tally::from_state(service.at(1))});
    facts.more_services = facts.more_services || state.value("more", false);
    facts.heard = state.value("heard", false);
    return facts;
}

Json Facts::Row::to_state() const {
    return {{"since", to_number(since)}, {"now", now.to_state()}, {"before", before.to_state()}};
}

Facts::Row Facts::Row::from_state(const Json& state) {
    return {time_at(state.at("since")), DeviceFacts::from_state(state.at("now")),
            DeviceFacts::from_state(state.at("before"))};
}

Facts::Owner Facts::Owner::from_state(const Json& state) {
    const auto mac = MacAddress::parse(state.get<std::string>());
    if (!mac) throw std::invalid_argument{"state: not a MAC address"};
    return {*mac};
}

}  // namespace linnet
