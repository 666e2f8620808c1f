// telnet: a telnet session in use, on any port. Both sides must have said something: a knock on the port is no session.
// About the local server, which should not offer it; where the server is outside, about the device that uses it.
#include "analyzer/counted_flows.hpp"
#include "conversation_finding.hpp"

namespace linnet {
namespace {

bool in_use(const Flow& flow) {
    return flow.proto == Proto::tcp && flow.app_proto == "telnet" && flow.payload_to_server > 0 &&
           flow.payload_to_client > 0;
}

class Telnet : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* flow = std::get_if<Flow>(&event);
        if (flow != nullptr && in_use(*flow)) context.episodes.report(finding(*flow, context));
    }

    std::vector<StateTableBase*> tables() override { return {&sessions_.table()}; }

 private:
    Finding finding(const Flow& flow, Context& context) {
        Finding finding = conversation_finding("telnet", flow.client, flow.server, context);
        finding.cause = RowKey{}.add(flow.client.ip).add(flow.server.ip).add(flow.server.port).text();
        finding.proto = to_string(flow.proto);
        finding.app_proto = flow.app_proto;
        finding.count = sessions_.is_new(context.sensor, flow) ? 1 : 0;
        finding.first = flow.first_seen;
        finding.last = flow.last_seen;
        return finding;
    }

    CountedFlows sessions_{"telnet"};
};

}  // namespace

std::unique_ptr<Detector> make_telnet(Thresholds&) { return std::make_unique<Telnet>(); }

}  // namespace linnet
