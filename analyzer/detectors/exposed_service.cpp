// exposed-service: somebody from outside opened a connection to a device at home, and the two talked. By the addresses
// alone: where a capture was not made in a home, nobody is outside. Only TCP whose beginning was seen: who called whom is
// then sure. The data connections of active FTP (RFC 959, section 3.2) come back from outside as well, and are no service.
// Where a device was seen to open the door, port-opened tells the whole story.
//
// Programs that meet their like (file sharing, games, calls) let others in at the port from which they call others
// themselves. That is less grave than a service that waits for anybody; but not at a port that malware looks for.
#include "analyzer/counted_flows.hpp"
#include "analyzer/ip_state.hpp"
#include "conversation_finding.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace linnet {
namespace {

constexpr std::uint16_t ftp_data = 20, unprivileged = 1024;
/// Names as in Flow::app_proto.
constexpr std::array<std::string_view, 4> peer_programs{"bittorrent", "edonkey", "gnutella", "soulseek"};

bool is_outside(const IpAddress& ip, const Locality& locality) { return Locality::is_host(ip) && !locality.at_home(ip); }

bool is_visit(const Flow& flow, const Locality& locality) {
    return flow.proto == Proto::tcp && !flow.midstream && flow.payload_to_server > 0 && flow.payload_to_client > 0 &&
           flow.client.port.number != ftp_data && flow.app_proto != "ftp-data" && locality.at_home(flow.server.ip) &&
           is_outside(flow.client.ip, locality);
}

/// A device calls somebody outside from a port of its own, and not a server of an everyday service.
bool is_call_to_a_peer(const Flow& flow, const Locality& locality) {
    return flow.proto == Proto::udp && flow.payload_to_server > 0 && flow.client.port.number >= unprivileged &&
           flow.server.port.number >= unprivileged && locality.at_home(flow.client.ip) &&
           is_outside(flow.server.ip, locality);
}

class ExposedService : public Detector {
 public:
    explicit ExposedService(Thresholds& thresholds) : risky_ports_{thresholds.ports("port-opened.risky_ports")} {}

    void on_event(const Event& event, Context& context) override {
        const auto* flow = std::get_if<Flow>(&event);
        if (flow == nullptr) return;
        const Locality& locality = context.household.locality();
        if (is_call_to_a_peer(*flow, locality)) return note_peer(flow->client, flow->last_seen);
        if (!is_visit(*flow, locality)) return;
        if (context.doors.change() == Doors::Change::visited) return;  // port-opened tells of it
        if (std::find(peer_programs.begin(), peer_programs.end(), flow->app_proto) != peer_programs.end())
            note_peer(flow->server, flow->last_seen);
        report(*flow, context);
    }

    std::vector<StateTableBase*> tables() override { return {&visits_.table(), &peers_}; }

 private:
    static constexpr std::size_t max_peers = 1024;
    static constexpr std::chrono::hours remembered{24}, repeat{1};

    /// A port that a device uses to meet its like.
    struct PeerPort {
        Timestamp last;
        [[nodiscard]] Json to_state() const { return to_number(last); }
        static PeerPort from_state(const Json& state) { return {time_at(state)}; }
    };

    static std::string key_of(const Endpoint& device) { return RowKey{}.add(device.ip).add(device.port).text(); }

    void note_peer(const Endpoint& device, Timestamp at) {
        const std::string key = key_of(device);
        const PeerPort* known = peers_.find(key);
        if (known == nullptr || at < known->last || at >= known->last + repeat) peers_.touch(key).last = at;
    }

    [[nodiscard]] bool is_peer_port(const Endpoint& device, Timestamp at) const {
        const PeerPort* known = peers_.find(key_of(device));
        return known != nullptr && at <= known->last + remembered && known->last <= at + remembered &&
               std::find(risky_ports_.begin(), risky_ports_.end(), device.port) == risky_ports_.end();
    }

    void report(const Flow& flow, Context& context) {
        Finding finding = conversation_finding("exposed-service", flow.client, flow.server, context);
        if (is_peer_port(flow.server, flow.last_seen)) finding.variant = "peer";
        finding.cause = RowKey{}.add(flow.server.ip).add(flow.server.port).text();
        finding.proto = to_string(flow.proto);
        finding.app_proto = flow.app_proto;
        finding.count = visits_.is_new(context.sensor, flow) ? 1 : 0;
        finding.first = flow.first_seen;
        finding.last = flow.last_seen;
        context.episodes.report(std::move(finding));
    }

    std::vector<Port> risky_ports_;
    CountedFlows visits_{"exposed-service"};
    StateTable<PeerPort> peers_{"exposed-service-peers", max_peers};
};

}  // namespace

std::unique_ptr<Detector> make_exposed_service(Thresholds& thresholds) {
    return std::make_unique<ExposedService>(thresholds);
}

}  // namespace linnet
