// cleartext-control: a device did or told what somebody asked for without having been told who asks; or a service is open to
// everybody (a database, a command line). About the local device that answers; where that is outside, about the one that
// asks. One alert for each device and protocol.
#include "conversation_finding.hpp"

#include <algorithm>
#include <array>

namespace linnet {
namespace {

/// Who gets in there can do anything.
bool is_command_line(const Observation& seen) {
    constexpr std::array<std::string_view, 2> protocols{"adb", "telnet"};
    return std::find(protocols.begin(), protocols.end(), seen.protocol) != protocols.end();
}

class CleartextControl : public Detector {
 public:
    void on_event(const Event& event, Context& context) override {
        const auto* seen = std::get_if<Observation>(&event);
        if (seen == nullptr) return;
        const bool service = seen->kind == ObservationKind::open_service;
        if (!service && seen->kind != ObservationKind::open_control) return;
        if (seen->server.ip.is_loopback()) return;  // it answers to the device itself only
        Finding finding = conversation_finding("cleartext-control", seen->client, seen->server, context);
        if (finding.variant.empty() && service) finding.variant = is_command_line(*seen) ? "command-line" : "service";
        finding.cause = RowKey{}.add(seen->server.ip).add(std::string_view{seen->protocol}).text();
        finding.proto = seen->flow_id == 0 ? "UDP" : "TCP";
        finding.app_proto = seen->protocol;
        finding.first = finding.last = seen->at;
        if (!seen->subject.empty()) finding.evidence["what"] = seen->subject;
        context.episodes.report(std::move(finding));
    }
};

}  // namespace

std::unique_ptr<Detector> make_cleartext_control(Thresholds&) { return std::make_unique<CleartextControl>(); }

}  // namespace linnet
