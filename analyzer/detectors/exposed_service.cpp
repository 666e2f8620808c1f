// exposed-service: somebody from outside opened a connection to a device at home, and the two talked. By the addresses
// alone: where a capture was not made in a home, nobody is outside. Only TCP whose beginning was seen: who called whom is
// then sure. The data connections of active FTP (RFC 959, section 3.2) come back from outside as well, and are no service.
// Where a device was seen to open the door, port-opened tells the whole story.
#include "analyzer/counted_flows.hpp"
#include "conversation_finding.hpp"

namespace linnet {
namespace {

constexpr std::uint16_t ftp_data = 20;

bool is_visit(const Flow& flow, const Locality& locality) {
    return flow.proto == Proto::tcp && !flow.midstream && flow.payload_to_server > 0 && flow.payload_to_client > 0 &&
           flow.client.port.number != ftp_data && flow.app_proto != "ftp-data" && locality.at_home(flow.server.ip) &&
           Locality::is_host(flow.client.ip) && !locality.at_home(flow.client.ip);
}

class ExposedService : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* flow = std::get_if<Flow>(&event);
        if (flow == nullptr || !is_visit(*flow, context.household.locality())) return;
        if (context.doors.change() == Doors::Change::visited) return;  // port-opened tells of it
        Finding finding = conversation_finding("exposed-service", flow->client, flow->server, context);
        finding.cause = RowKey{}.add(flow->server.ip).add(flow->server.port).text();
        finding.proto = to_string(flow->proto);
        finding.app_proto = flow->app_proto;
        finding.count = visits_.is_new(context.sensor, *flow) ? 1 : 0;
        finding.first = flow->first_seen;
        finding.last = flow->last_seen;
        context.episodes.report(std::move(finding));
    }

    std::vector<StateTableBase*> tables() override { return {&visits_.table()}; }

 private:
    CountedFlows visits_{"exposed-service"};
};

}  // namespace

std::unique_ptr<Detector> make_exposed_service(Thresholds&) { return std::make_unique<ExposedService>(); }

}  // namespace linnet
