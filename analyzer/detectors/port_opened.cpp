// port-opened: somebody asked the router to let strangers in, by UPnP, NAT-PMP or PCP, and the router did not refuse. About
// the device that asked. One alert for each device that strangers then reach, another where the port is one that malware
// looks for; it tells the door's whole story: opened, used from outside, closed.
#include "analyzer/detector.hpp"

#include <algorithm>

namespace linnet {
namespace {

using Change = Doors::Change;

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
        const Change change = context.doors.change();
        if (change == Change::none) return;
        const Door& door = context.doors.door();
        const Timestamp at = time_of(event);
        Finding finding = finding_about(door, context, at);
        finding.count = change == Change::opened ? 1 : 0;
        if (const auto* mapping = std::get_if<PortMapping>(&event); mapping != nullptr && change != Change::closed)
            finding.confidence = mapping->outcome == Outcome::success ? Confidence::confirmed : Confidence::likely;
        if (change == Change::closed)
            finding.evidence["open_seconds"] = std::chrono::floor<std::chrono::seconds>(at - door.since).count();
        if (change == Change::visited) {
            finding.takes_over = true;
            finding.evidence["used_port"] = door.external_port.number;
            // A door that was opened long ago, and was quiet since, is told of anew.
            if (!context.episodes.is_open(finding.detector, finding.device, finding.cause, at)) finding.count = 1;
        }
        context.episodes.report(std::move(finding));
    }

 private:
    [[nodiscard]] bool is_risky(const Door& door) const {
        return std::find(risky_ports_.begin(), risky_ports_.end(), door.internal_port) != risky_ports_.end();
    }

    [[nodiscard]] Finding finding_about(const Door& door, const Context& context, Timestamp at) const {
        const Household& household = context.household;
        const bool risky = is_risky(door);
        Finding finding;
        finding.detector = "port-opened";
        finding.variant = door.visits == 0 ? (risky ? "risky" : "") : risky ? "risky-used" : "used";
        finding.cause = risky ? "risky" + door.key() : "open" + RowKey{}.add(door.internal_ip).text();
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
                            {"open", door.closed == latest_time}};
        if (!risky) finding.evidence["unremarkable"] = true;
        if (door.visits > 0)
            finding.evidence.update(
                {{"used_from_outside", true}, {"visits", door.visits}, {"visitor", to_string(door.visitor)}});
        return finding;
    }

    std::vector<Port> risky_ports_;
};

}  // namespace

std::unique_ptr<Detector> make_port_opened(Thresholds& thresholds) { return std::make_unique<PortOpened>(thresholds); }

}  // namespace linnet
