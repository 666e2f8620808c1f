// telnet: a telnet session in use, on any port. Both sides must have said something: a knock on the port is no session.
// About the local server, which should not offer it; where the server is outside, about the device that uses it.
#include "analyzer/detector.hpp"

#include <tuple>

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

    std::vector<StateTableBase*> tables() override { return {&sessions_}; }

 private:
    static constexpr std::size_t max_sessions = 4096;

    /// A session that has been counted: a flow is told of at its start, now and then, and at its end.
    struct Session {
        [[nodiscard]] Json to_state() const { return true; }
        static Session from_state(const Json&) { return {}; }
    };

    bool is_new(std::string_view sensor, const Flow& flow) {
        RowKey key;
        key.add(sensor);
        for (int shift = 56; shift >= 0; shift -= 8) key.add(static_cast<std::uint8_t>(flow.id >> shift));
        key.add(flow.client.ip).add(flow.client.port).add(flow.server.ip).add(flow.server.port);
        const bool fresh = sessions_.find(key.text()) == nullptr;
        sessions_.touch(key.text());
        if (flow.stage == FlowStage::end) sessions_.erase(key.text());
        return fresh;
    }

    Finding finding(const Flow& flow, Context& context) {
        const auto& household = context.household;
        const bool inside = household.locality().is_local(flow.server.ip, flow.client.ip);
        const auto& [about, peer] = inside ? std::tie(flow.server, flow.client) : std::tie(flow.client, flow.server);
        Finding finding;
        finding.detector = "telnet";
        finding.variant = inside ? "" : "outside";
        finding.cause = RowKey{}.add(flow.client.ip).add(flow.server.ip).add(flow.server.port).text();
        finding.device = household.at_end(about, peer);
        finding.src = flow.client.ip;
        finding.src_port = flow.client.port;
        finding.dest = flow.server.ip;
        finding.dest_port = flow.server.port;
        finding.proto = to_string(flow.proto);
        finding.app_proto = flow.app_proto;
        finding.count = is_new(context.sensor, flow) ? 1 : 0;
        finding.first = flow.first_seen;
        finding.last = flow.last_seen;
        finding.peer = household.name_at_end(peer, about);
        return finding;
    }

    StateTable<Session> sessions_{"telnet", max_sessions};
};

}  // namespace

std::unique_ptr<Detector> make_telnet(Thresholds&) { return std::make_unique<Telnet>(); }

}  // namespace linnet
