// EVE records that have no reader of ours: flows and the sensor's counters.
#include "alert.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// Whole seconds, as Suricata's flow.age.
std::int64_t age_of(const Flow& flow) {
    return std::max(std::chrono::floor<std::chrono::seconds>(flow.last_seen - flow.first_seen).count(), std::int64_t{0});
}

const char* state_of(const Flow& flow) {
    if (flow.reason == FlowEndReason::closed) return "closed";
    return flow.packets_to_client > 0 ? "established" : "new";
}

/// Suricata's words; a connection that was closed leaves its table by a timeout, too.
const char* reason_of(FlowEndReason reason) {
    switch (reason) {
        case FlowEndReason::evicted: return "forced";
        case FlowEndReason::shutdown: return "shutdown";
        default: return "timeout";
    }
}

}  // namespace

Json to_eve(const Flow& flow) {
    Json eve = Json::object();
    eve["timestamp"] = to_string(flow.last_seen);
    eve["flow_id"] = flow.id;
    eve["event_type"] = "flow";
    if (flow.client.ip.known()) eve["src_ip"] = to_string(flow.client.ip);
    if (flow.client.port.number != 0) eve["src_port"] = flow.client.port.number;
    if (flow.server.ip.known()) eve["dest_ip"] = to_string(flow.server.ip);
    if (flow.server.port.number != 0) eve["dest_port"] = flow.server.port.number;
    eve["proto"] = to_string(flow.proto);
    if (!flow.app_proto.empty()) eve["app_proto"] = flow.app_proto;
    if (flow.client.mac.known() || flow.server.mac.known())
        eve["ether"] = {{"src_mac", to_string(flow.client.mac)}, {"dest_mac", to_string(flow.server.mac)}};
    Json& counters = eve["flow"] = Json::object();
    counters["pkts_toserver"] = flow.packets_to_server;
    counters["pkts_toclient"] = flow.packets_to_client;
    counters["bytes_toserver"] = flow.bytes_to_server;
    counters["bytes_toclient"] = flow.bytes_to_client;
    counters["start"] = to_string(flow.first_seen);
    counters["end"] = to_string(flow.last_seen);
    counters["age"] = age_of(flow);
    counters["state"] = state_of(flow);
    if (flow.stage == FlowStage::end) counters["reason"] = reason_of(flow.reason);
    if (!flow.service.empty()) eve["linnet"] = {{"application", flow.service}};
    return eve;
}

Json to_eve(const SensorStats& stats) {
    Json eve = Json::object();
    if (stats.at != Timestamp{}) eve["timestamp"] = to_string(stats.at);  // an empty capture has no time
    eve.update({{"event_type", "stats"},
                {"stats",
                 {{"capture", {{"kernel_drops", stats.kernel_dropped}, {"kernel_ifdrops", stats.interface_dropped}}},
                  {"decoder", {{"pkts", stats.packets}, {"bytes", stats.bytes}, {"invalid", stats.malformed}}},
                  {"flow", {{"total", stats.flows}, {"active", stats.flows_active}, {"evicted", stats.flows_evicted}}}}},
                {"linnet",
                 {{"source", stats.source},
                  {"unsupported", stats.unsupported},
                  {"truncated", stats.truncated},
                  {"streams_refused", stats.streams_refused},
                  {"fragments_dropped", stats.fragments_dropped},
                  {"probes", stats.probes},
                  {"logins", stats.logins},
                  {"last", stats.last}}}});
    return eve;
}

}  // namespace linnet
