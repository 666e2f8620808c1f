// cleartext-media: pictures or sound that anybody on the way can watch. About the local device that shows them; where they
// come from outside, about the one that watches. One alert for each device and way of sending.
#include "conversation_finding.hpp"

namespace linnet {
namespace {

class CleartextMedia : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* seen = std::get_if<Observation>(&event);
        if (seen == nullptr || seen->kind != ObservationKind::media_stream) return;
        Finding finding = conversation_finding("cleartext-media", seen->client, seen->server, context);
        finding.cause = RowKey{}.add(seen->server.ip).add(std::string_view{seen->protocol}).text();
        finding.proto = seen->flow_id == 0 ? "UDP" : "TCP";
        finding.app_proto = seen->protocol;
        finding.first = finding.last = seen->at;
        if (!seen->subject.empty()) {
            finding.evidence["open_to"] = seen->subject;
            if (finding.variant.empty()) finding.variant = "open";
        }
        context.episodes.report(std::move(finding));
    }
};

}  // namespace

std::unique_ptr<Detector> make_cleartext_media(Thresholds&) { return std::make_unique<CleartextMedia>(); }

}  // namespace linnet
