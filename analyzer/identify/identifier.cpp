#include "identifier.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet {
namespace {

bool same_place(const Endpoint& a, const Endpoint& b) { return a.mac.known() && a.mac == b.mac; }

}  // namespace

Json Identifier::Known::to_state() const {
    Json state = Json::array();
    for (const auto& fact : facts) state.push_back({fact.field, fact.value});
    return state;
}

Identifier::Known Identifier::Known::from_state(const Json& state) {
    Known known;
    for (const auto& fact : state)
        if (known.facts.size() < max_facts)
            known.facts.push_back({fact.at(0).get<std::string>(), fact.at(1).get<std::string>()});
    return known;
}

Identifier::Identifier(std::size_t max_devices, std::shared_ptr<const Signatures> signatures)
    : signatures_{std::move(signatures)}, devices_{"device-facts", max_devices} {}

void Identifier::apply(const Event& event, Household& household) {
    if (!judged_) {
        judged_ = true;
        for (const auto& device : household.devices()) conclude(device, household);
    }
    for (const auto& key : household.departed()) devices_.erase(key);
    for (const auto& newcomer : household.newcomers())
        if (const Device* device = household.find(newcomer.mac, newcomer.ip)) conclude(*device, household);
    std::visit([&](const auto& body) { look_at(body, household); }, event);
}

void Identifier::look_at(const DeviceHint& hint, Household& household) {
    learn(household.find(hint.mac, hint.ip), hint.source + '.' + hint.key, hint.value, household);
}

void Identifier::look_at(const NameBinding& binding, Household& household) {
    learn(household.find_at(binding.client, binding.resolver), "dns.name", binding.name, household);
}

void Identifier::look_at(const TlsHandshake& handshake, Household& household) {
    const Device* client = household.find_at(handshake.client, handshake.server);
    learn(client, "tls.sni", handshake.sni, household);
    learn(client, "tls.ja4", handshake.ja4, household);
}

/// Of a conversation whose beginning was not seen: one end has a lasting port, the other a short-lived one, as systems give
/// them to clients (Linux: from 32768 up).
void Identifier::look_at_rest(const Flow& flow, Household& household) {
    constexpr std::uint16_t first_short_lived = 32'768;
    const bool telling = flow.proto == Proto::tcp && flow.packets_to_client > 0 && flow.packets_to_server > 0 &&
                         flow.server.port.number < first_short_lived && flow.client.port.number >= first_short_lived;
    if (!telling || !household.locality().is_local(flow.client.ip, flow.server.ip)) return;
    learn(household.find_at(flow.server, flow.client), "tcp.served", std::to_string(flow.server.port.number), household);
}

/// Which ports and protocols it serves, which it uses, and who leads out of the home.
void Identifier::look_at(const Flow& flow, Household& household) {
    if (flow.midstream) return look_at_rest(flow, household);
    const bool tcp = flow.proto == Proto::tcp;
    if (!tcp && flow.proto != Proto::udp) return;
    const std::string port = std::to_string(flow.server.port.number);
    const Device* server = household.find_at(flow.server, flow.client);
    if (server != nullptr && flow.packets_to_client > 0) {
        learn(server, tcp ? "serves.tcp" : "serves.udp", port, household);
        learn(server, "serves.protocol", flow.app_proto, household);
    }
    if (const Device* client = household.find_at(flow.client, flow.server); client != nullptr && flow.packets_to_server > 0)
        learn(client, tcp ? "uses.tcp" : "uses.udp", port, household);
    const auto& locality = household.locality();
    if (server == nullptr && locality.is_local(flow.client.ip, flow.server.ip) && Locality::is_host(flow.server.ip) &&
        !same_place(flow.client, flow.server) && flow.packets_to_client > 0)
        learn(household.find(flow.server.mac, {}), "role.leads", "outside", household);
}

void Identifier::look_at(const Observation& observation, Household& household) {
    const Device* server = household.find_at(observation.server, observation.client);
    if (observation.kind == ObservationKind::media_stream) learn(server, "serves.media", observation.protocol, household);
    if (observation.kind == ObservationKind::open_control) learn(server, "serves.control", observation.subject, household);
}

void Identifier::learn(const Device* device, std::string_view field, std::string_view value, Household& household) {
    if (device == nullptr || value.empty() || signatures_->devices().field(field) == nullptr) return;
    Fact fact{std::string{field}, std::string{value}};
    if (const Known* known = devices_.find(device->key);
        known != nullptr && std::find(known->facts.begin(), known->facts.end(), fact) != known->facts.end())
        return;
    const auto* where = signatures_->devices().field(field);
    if (!where->friendly && strength(fact, device->mac) == 0) return;
    if (keep(devices_.touch(device->key), std::move(fact), device->mac)) conclude(*device, household);
}

/// How much a fact can say at best.
int Identifier::strength(const Fact& fact, const MacAddress& mac) const {
    int most = 0;
    for (const auto& clue : signatures_->devices().judge(fact, mac)) most = std::max(most, clue.weight);
    return most;
}

/// False where there is no room for it.
bool Identifier::keep(Known& known, Fact&& fact, const MacAddress& mac) const {
    auto& facts = known.facts;
    const auto* field = signatures_->devices().field(fact.field);
    if (field->friendly) std::erase_if(facts, [&fact](const Fact& old) { return old.field == fact.field; });
    const auto of_field = static_cast<std::size_t>(
        std::count_if(facts.begin(), facts.end(), [&fact](const Fact& old) { return old.field == fact.field; }));
    const bool field_full = of_field >= max_facts_of_field;
    if (field_full || facts.size() >= max_facts) {
        auto weakest = facts.end();
        int least = strength(fact, mac);
        for (auto old = facts.begin(); old != facts.end(); ++old) {
            if (field_full && old->field != fact.field) continue;
            if (const int strong = strength(*old, mac); strong < least) {
                least = strong;
                weakest = old;
            }
        }
        if (weakest == facts.end()) return false;
        facts.erase(weakest);
    }
    facts.push_back(std::move(fact));
    return true;
}

void Identifier::conclude(const Device& device, Household& household) const {
    const Known* known = devices_.find(device.key);
    const auto identity = infer(signatures_->devices(), known != nullptr ? known->facts : std::vector<Fact>{}, device.mac,
                                household.maker(device.mac));
    household.identify(std::string{device.key}, identity);
}

void Identifier::merge(const std::string& from, const std::string& into, Household& household) {
    const auto facts = facts_of(from);
    devices_.erase(from);
    const Device* device = household.find(into);
    if (device == nullptr) return;
    auto& known = devices_.touch(into);
    for (auto fact : facts)
        if (signatures_->devices().field(fact.field) != nullptr &&
            std::find(known.facts.begin(), known.facts.end(), fact) == known.facts.end())
            keep(known, std::move(fact), device->mac);
    conclude(*device, household);
}

std::vector<Fact> Identifier::facts_of(const std::string& key) const {
    const Known* known = devices_.find(key);
    return known != nullptr ? known->facts : std::vector<Fact>{};
}

}  // namespace linnet
