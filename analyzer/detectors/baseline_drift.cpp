// baseline-drift: a device with few habits does what it never did, or what its maker's description (MUD, RFC 8520) does not
// allow. What is unusual is found in analyzer/profiles.cpp; here it becomes a finding. One alert for each device and way.
#include "analyzer/detector.hpp"

namespace linnet {
namespace {

struct Way {
    const char* variant;
    const char* name;
};

Way way_of(const Drift& drift) {
    const bool device_calls = drift.reach == Reach::outside || drift.reach == Reach::home;
    if (drift.against_mud) return {"mud", device_calls ? "mud-from" : "mud-to"};
    switch (drift.reach) {
        case Reach::outside: return {"", "outside"};
        case Reach::home: return {"home", "home"};
        default: return {"service", "service"};
    }
}

class BaselineDrift : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* flow = std::get_if<Flow>(&event);
        if (flow == nullptr) return;
        for (const Drift& drift : context.profiles.drifts()) context.episodes.report(finding(*flow, drift, context));
    }

 private:
    static Finding finding(const Flow& flow, const Drift& drift, const Context& context) {
        const Way way = way_of(drift);
        const auto& household = context.household;
        Finding finding;
        finding.detector = "baseline-drift";
        finding.variant = way.variant;
        finding.cause = way.name;
        finding.device = household.at_end(drift.device, drift.peer);
        finding.confidence = drift.against_mud ? Confidence::confirmed : Confidence::possible;
        finding.src = flow.client.ip;
        finding.dest = flow.server.ip;
        finding.dest_port = flow.server.port;
        finding.proto = to_string(flow.proto);
        finding.app_proto = flow.app_proto;
        finding.count = drift.fresh ? 1 : 0;
        finding.first = std::min(flow.first_seen, flow.last_seen);
        finding.last = flow.last_seen;
        finding.peer = drift.peer_name.empty() ? household.name_at_end(drift.peer, drift.device) : drift.peer_name;
        finding.evidence = {{"way", way.name}, {"peer", finding.peer}, {"port", flow.server.port.number}};
        if (const Profile* profile = context.profiles.find(drift.device.mac); profile != nullptr)
            finding.evidence["known_since"] = to_string(profile->since);
        if (const MudFile* file = context.profiles.imported(drift.device.mac); drift.against_mud && file != nullptr)
            finding.evidence["mud_url"] = file->url;
        return finding;
    }
};

}  // namespace

std::unique_ptr<Detector> make_baseline_drift(Thresholds&) { return std::make_unique<BaselineDrift>(); }

}  // namespace linnet
