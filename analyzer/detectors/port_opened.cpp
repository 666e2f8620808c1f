// port-opened: somebody asked the router to let strangers in, by UPnP, NAT-PMP or PCP, and the router did not refuse. About
// the device that asked; one alert for each device that strangers then reach, another where the port is one that malware
// looks for, and another once somebody from outside has come through.
#include "analyzer/counted_flows.hpp"
#include "analyzer/detector.hpp"
#include "analyzer/ip_state.hpp"
#include "wire/event_limits.hpp"

#include <algorithm>
#include <optional>

namespace linnet {
namespace {

std::string_view name_of(MappingProtocol protocol) {
    switch (protocol) {
        case MappingProtocol::nat_pmp: return "nat-pmp";
        case MappingProtocol::pcp: return "pcp";
        default: return "upnp";
    }
}

class PortOpened : public Detector {
 public:
    explicit PortOpened(Thresholds& thresholds) : risky_ports_{thresholds.ports("port-opened.risky_ports")} {}

    void on_event(const Event& event, Context& context) override {
        if (const auto* mapping = std::get_if<PortMapping>(&event)) return on_mapping(*mapping, context);
        if (const auto* flow = std::get_if<Flow>(&event)) on_flow(*flow, context);
    }

    std::vector<StateTableBase*> tables() override { return {&doors_, &visits_.table()}; }

 private:
    static constexpr std::size_t max_doors = 1024;

    struct Door {
        Endpoint client, router;
        IpAddress internal_ip;
        Port internal_port, external_port;
        Proto proto = Proto::none;
        MappingProtocol protocol = MappingProtocol::upnp_igd;
        Timestamp opened, closed = latest_time;
        std::uint32_t lifetime = 0;
        std::string description;
        [[nodiscard]] bool is_open(Timestamp at) const {
            return at <= closed && (lifetime == 0 || at <= opened + std::chrono::seconds{lifetime});
        }
        [[nodiscard]] std::string key() const {
            return RowKey{}.add(internal_ip).add(internal_port).add(static_cast<std::uint8_t>(proto)).text();
        }
        [[nodiscard]] Json to_state() const;
        static Door from_state(const Json& state);
    };

    void on_mapping(const PortMapping& mapping, Context& context) {
        if (mapping.outcome == Outcome::failure) return;
        if (mapping.action == MappingAction::remove) return close(mapping, context);
        Door door{.client = mapping.client,
                  .router = mapping.router,
                  .internal_ip = mapping.internal_ip,
                  .internal_port = mapping.internal_port,
                  .external_port = mapping.external_port,
                  .proto = mapping.proto,
                  .protocol = mapping.protocol,
                  .opened = mapping.at,
                  .lifetime = mapping.lifetime,
                  .description = mapping.description};
        const Door* known = doors_.find(door.key());
        const bool renewed = known != nullptr && known->is_open(mapping.at) && known->external_port == door.external_port;
        Finding opened = finding(door, context, mapping.at);
        opened.count = renewed ? 0 : 1;
        opened.confidence = mapping.outcome == Outcome::success ? Confidence::confirmed : Confidence::likely;
        if (is_risky(door)) {
            opened.variant = "risky";
            opened.cause = "risky" + door.key();
        }
        doors_.touch(door.key()) = std::move(door);
        context.episodes.report(std::move(opened));
    }

    /// UPnP names the outer port, NAT-PMP and PCP the inner one.
    void close(const PortMapping& mapping, Context& context) {
        std::optional<Door> closed;
        doors_.for_each([&](const Door& door) {
            const bool same = mapping.protocol == MappingProtocol::upnp_igd
                                  ? door.external_port == mapping.external_port
                                  : door.internal_ip == mapping.internal_ip && door.internal_port == mapping.internal_port;
            if (same && door.is_open(mapping.at) && door.proto == mapping.proto && door.router.ip == mapping.router.ip)
                closed = door;
        });
        if (!closed) return;
        Finding finding = this->finding(*closed, context, mapping.at);
        finding.count = 0;
        finding.evidence = {{"open", false}};
        if (is_risky(*closed)) finding.cause = "risky" + closed->key();
        doors_.touch(closed->key()).closed = mapping.at;  // whoever is inside may still be talking
        context.episodes.report(std::move(finding));
    }

    /// A stranger came in through a door and was answered.
    void on_flow(const Flow& flow, Context& context) {
        const Locality& locality = context.household.locality();
        if (flow.midstream || flow.payload_to_server == 0 || flow.payload_to_client == 0 ||
            !locality.at_home(flow.server.ip) || locality.is_local(flow.client.ip, flow.server.ip))
            return;
        const Door* door = doors_.find(
            RowKey{}.add(flow.server.ip).add(flow.server.port).add(static_cast<std::uint8_t>(flow.proto)).text());
        if (door == nullptr || !door->is_open(flow.first_seen)) return;
        Finding used = finding(*door, context, flow.last_seen);
        used.variant = "used";
        used.cause = "used" + RowKey{}.add(door->internal_ip).text();
        used.evidence["used_from_outside"] = true;
        used.evidence["visitor"] = to_string(flow.client.ip);
        used.count = visits_.is_new(context.sensor, flow) ? 1 : 0;
        context.episodes.report(std::move(used));
    }

    [[nodiscard]] bool is_risky(const Door& door) const {
        return std::find(risky_ports_.begin(), risky_ports_.end(), door.internal_port) != risky_ports_.end();
    }

    static Finding finding(const Door& door, const Context& context, Timestamp at) {
        const Household& household = context.household;
        Finding finding;
        finding.detector = "port-opened";
        finding.cause = "open" + RowKey{}.add(door.internal_ip).text();
        finding.device = household.at_end(door.client, door.router);
        finding.src = door.client.ip;
        finding.src_port = door.client.port;
        finding.dest = door.internal_ip;
        finding.dest_port = door.external_port;
        finding.proto = to_string(door.proto);
        finding.first = finding.last = at;
        const Endpoint inner{door.internal_ip, door.internal_port,
                             door.internal_ip == door.client.ip ? door.client.mac : MacAddress{}};
        finding.peer = household.name_at_end(inner, door.router);
        finding.evidence = {{"protocol", name_of(door.protocol)},
                            {"router", to_string(door.router.ip)},
                            {"external_port", door.external_port.number},
                            {"internal_ip", to_string(door.internal_ip)},
                            {"internal_port", door.internal_port.number},
                            {"lifetime", door.lifetime},
                            {"description", door.description},
                            {"open", true}};
        return finding;
    }

    std::vector<Port> risky_ports_;
    StateTable<Door> doors_{"port-opened", max_doors};
    CountedFlows visits_{"port-opened-visits"};
};

Json PortOpened::Door::to_state() const {
    Json list = Json::array();
    for (const IpAddress& ip : {client.ip, router.ip, internal_ip}) push_ip(list, ip);
    for (const Port& port : {client.port, router.port, internal_port, external_port}) list.push_back(port.number);
    list.push_back(to_string(client.mac));
    list.push_back(to_string(router.mac));
    list.push_back(static_cast<unsigned>(proto));
    list.push_back(static_cast<unsigned>(protocol));
    list.push_back(to_number(opened));
    list.push_back(lifetime);
    list.push_back(description);
    list.push_back(to_number(closed));
    return list;
}

PortOpened::Door PortOpened::Door::from_state(const Json& list) {
    const auto port = [&](std::size_t i) { return Port{list.at(i).get<std::uint16_t>()}; };
    const auto mac = [&](std::size_t i) { return MacAddress::parse(list.at(i).get<std::string>()).value_or(MacAddress{}); };
    return {.client = {ip_at(list, 0), port(6), mac(10)},
            .router = {ip_at(list, 2), port(7), mac(11)},
            .internal_ip = ip_at(list, 4),
            .internal_port = port(8),
            .external_port = port(9),
            .proto = static_cast<Proto>(list.at(12).get<std::uint8_t>()),
            .protocol = static_cast<MappingProtocol>(std::min<unsigned>(list.at(13).get<std::uint8_t>(), 2)),
            .opened = time_at(list.at(14)),
            .closed = time_at(list.at(17)),
            .lifetime = list.at(15).get<std::uint32_t>(),
            .description = list.at(16).get<std::string>()};
}

}  // namespace

std::unique_ptr<Detector> make_port_opened(Thresholds& thresholds) { return std::make_unique<PortOpened>(thresholds); }

}  // namespace linnet
