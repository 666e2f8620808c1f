#include "doors.hpp"

#include "analyzer/ip_state.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace linnet {

bool Door::is_open(Timestamp at) const {
    return at <= closed && (lifetime == 0 || at <= opened + std::chrono::seconds{lifetime});
}

std::string Door::key() const {
    return RowKey{}.add(internal_ip).add(internal_port).add(static_cast<std::uint8_t>(proto)).text();
}

void Doors::apply(std::string_view sensor, const Event& event) {
    change_ = Change::none;
    if (const auto* mapping = std::get_if<PortMapping>(&event)) return apply(*mapping);
    if (const auto* flow = std::get_if<Flow>(&event)) visit(sensor, *flow);
}

void Doors::apply(const PortMapping& mapping) {
    if (mapping.outcome == Outcome::failure) return;
    if (mapping.action == MappingAction::remove) return close(mapping);
    Door door{.client = mapping.client,
              .router = mapping.router,
              .internal_ip = mapping.internal_ip,
              .internal_port = mapping.internal_port,
              .external_port = mapping.external_port,
              .proto = mapping.proto,
              .protocol = mapping.protocol,
              .since = mapping.at,
              .opened = mapping.at,
              .lifetime = mapping.lifetime,
              .description = mapping.description,
              .visitor = {}};
    const Door* known = doors_.find(door.key());
    const bool renewed = known != nullptr && known->is_open(mapping.at) && known->external_port == door.external_port;
    if (renewed) {
        door.since = known->since;
        door.visits = known->visits;
        door.visitor = known->visitor;
    }
    Door& row = doors_.touch(door.key());
    row = std::move(door);
    note(renewed ? Change::renewed : Change::opened, row);
}

/// UPnP names the outer port, NAT-PMP and PCP the inner one.
void Doors::close(const PortMapping& mapping) {
    std::optional<std::string> key;
    doors_.for_each([&](const Door& door) {
        const bool same = mapping.protocol == MappingProtocol::upnp_igd
                              ? door.external_port == mapping.external_port
                              : door.internal_ip == mapping.internal_ip && door.internal_port == mapping.internal_port;
        if (same && door.is_open(mapping.at) && door.proto == mapping.proto && door.router.ip == mapping.router.ip)
            key = door.key();
    });
    if (!key) return;
    Door& door = doors_.touch(*key);
    door.closed = mapping.at;  // whoever is inside may still be talking
    note(Change::closed, door);
}

/// A stranger came in through a door and was answered.
void Doors::visit(std::string_view sensor, const Flow& flow) {
    if (flow.midstream || flow.payload_to_server == 0 || flow.payload_to_client == 0 || !locality_.at_home(flow.server.ip) ||
        locality_.is_local(flow.client.ip, flow.server.ip))
        return;
    const std::string key =
        RowKey{}.add(flow.server.ip).add(flow.server.port).add(static_cast<std::uint8_t>(flow.proto)).text();
    const Door* known = doors_.find(key);
    if (known == nullptr || !known->is_open(flow.first_seen)) return;
    Door& door = doors_.touch(key);
    if (visits_.is_new(sensor, flow)) ++door.visits;
    door.visitor = flow.client.ip;
    note(Change::visited, door);
}

void Doors::note(Change change, const Door& door) {
    change_ = change;
    door_ = door;
}

Json Door::to_state() const {
    Json list = Json::array();
    for (const IpAddress& ip : {client.ip, router.ip, internal_ip, visitor}) push_ip(list, ip);
    for (const Port& port : {client.port, router.port, internal_port, external_port}) list.push_back(port.number);
    list.push_back(to_string(client.mac));
    list.push_back(to_string(router.mac));
    list.push_back(static_cast<unsigned>(proto));
    list.push_back(static_cast<unsigned>(protocol));
    for (const Timestamp time : {since, opened, closed}) list.push_back(to_number(time));
    list.push_back(lifetime);
    list.push_back(description);
    list.push_back(visits);
    return list;
}

Door Door::from_state(const Json& list) {
    const auto port = [&](std::size_t i) { return Port{list.at(i).get<std::uint16_t>()}; };
    const auto mac = [&](std::size_t i) { return MacAddress::parse(list.at(i).get<std::string>()).value_or(MacAddress{}); };
    return {.client = {ip_at(list, 0), port(8), mac(12)},
            .router = {ip_at(list, 2), port(9), mac(13)},
            .internal_ip = ip_at(list, 4),
            .internal_port = port(10),
            .external_port = port(11),
            .proto = static_cast<Proto>(list.at(14).get<std::uint8_t>()),
            .protocol = static_cast<MappingProtocol>(std::min<unsigned>(list.at(15).get<std::uint8_t>(), 2)),
            .since = time_at(list.at(16)),
            .opened = time_at(list.at(17)),
            .closed = time_at(list.at(18)),
            .lifetime = list.at(19).get<std::uint32_t>(),
            .description = list.at(20).get<std::string>(),
            .visits = list.at(21).get<std::uint64_t>(),
            .visitor = ip_at(list, 6)};
}

}  // namespace linnet
