// insecure-update: a device fetched a system image in clear. Whether the device checks a signature cannot be seen; that
// anybody on the way could read and swap the image can.
#include "directed_finding.hpp"

namespace linnet {
namespace {

class InsecureUpdate : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* seen = std::get_if<Observation>(&event);
        if (seen == nullptr || seen->kind != ObservationKind::firmware) return;
        const auto way = way_of(seen->client, seen->server, context.household);
        if (!way || *way == Way::inwards) return;
        Finding finding =
            directed_finding("insecure-update", {seen->client, seen->server, seen->client}, seen->at, context.household);
        if (*way == Way::inside) finding.variant = "inside";
        finding.cause = RowKey{}.add(seen->client.ip).add(seen->server.ip).text();
        finding.proto = seen->protocol == "tftp" ? "UDP" : "TCP";
        finding.app_proto = seen->protocol;
        finding.evidence = {{"file", seen->subject}};
        context.episodes.report(std::move(finding));
    }
};

}  // namespace

std::unique_ptr<Detector> make_insecure_update(Thresholds&) { return std::make_unique<InsecureUpdate>(); }

}  // namespace linnet
