// The sensor: packets in, events out. No network, no database, no clock.
//
//   PacketSource::next -> Decoder::decode -> FlowTable::update -> dissectors (nDPI is one) -> Outbox
//
// Time is the packets' own. It does not run backwards inside the sensor; where a capture's clock jumps back by more than
// `clock_jump` (captures joined together), every flow ends and time starts anew. The same capture gives the same events.
#pragma once

#include "binding_filter.hpp"
#include "burst_meter.hpp"
#include "decode.hpp"
#include "flow_table.hpp"
#include "hint_filter.hpp"
#include "late_ends.hpp"
#include "open_questions.hpp"
#include "outbox.hpp"
#include "packet_source.hpp"
#include "probe_table.hpp"
#include "protocol_detector.hpp"
#include "sensor_signatures.hpp"
#include "syn_fingerprints.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace linnet {

struct SensorOptions {
    FlowLimits flows;
    ProbeLimits probes;
    BurstLimits bursts;
    DecoderLimits decoder;
    StreamMemory streams;
    std::uint64_t hash_seed = 0;                         ///< of the hash tables; a random number, which changes no event
    Duration active_timeout = std::chrono::seconds{60};  ///< between two updates of a flow that goes on
    Duration stats_interval = std::chrono::seconds{10};
    std::uint64_t stats_packets = 65'536;                     ///< at the latest after so many packets
    Duration flush_interval = std::chrono::milliseconds{50};  ///< no event stays longer in the Outbox
    Duration clock_jump = std::chrono::seconds{60};
};

class Sensor {
 public:
    Sensor(const SensorOptions& options, SensorSignatures signatures, Outbox& outbox);

    /// Until the source ends. Returns `end` or `truncated`, as the source did. `between` is called before each packet, and
    /// live at least every 100 ms.
    SourceRead run(PacketSource& source, const std::function<void()>& between = {});

    /// Datagrams and the conversations that begin are compared with these from now on; who speaks already is heard to the
    /// end with the signatures of the beginning.
    void use(SensorSignatures signatures);

    /// Conversations that would be lost if the sensor ended here.
    [[nodiscard]] std::size_t open_flows() const { return flows_.active(); }
    /// Of the newest packet.
    [[nodiscard]] Timestamp now() const { return now_; }

 private:
    void handle(const RawPacket& raw);
    void handle_datagram(const Packet& packet);
    void handle_arp(const Packet& packet);
    void handle_flow(FlowRecord& flow, const Packet& packet);
    void detect(FlowRecord& flow, const Packet& packet);
    void inspect_stream(FlowRecord& flow, const Packet& packet);
    void note_form(const FlowRecord& flow, const Packet& packet);
    bool open_stream(FlowRecord& flow, const Packet& packet);
    void finish_stream(FlowRecord& flow);
    void inspect_hello(FlowRecord& flow, const Packet& packet);
    void finish_hello(FlowRecord& flow);
    void know(FlowRecord& flow, AppId app);
    void advance(Timestamp at);
    void tell(const FlowRecord& flow, FlowStage stage, FlowEndReason reason);
    void tell_stats(const PacketSource& source, SourceCounters counters, bool last);
    void end_flow(FlowRecord& flow, FlowEndReason reason);
    void emit(Event&& event);
    [[nodiscard]] StreamContext context_of(const FlowRecord& flow) const;

    SensorOptions options_;
    std::shared_ptr<const SensorSignatures> signatures_;
    Outbox& outbox_;
    Emit emit_;
    OpenQuestions::Tell emit_hint_;
    Decoder decoder_;
    ProtocolDetector protocols_;
    ProbeTable probes_;
    FlowTable flows_;
    BurstMeter bursts_;
    BindingFilter bindings_;
    HintFilter hints_;
    SynFingerprints syns_;
    LateEnds late_ends_;
    OpenQuestions questions_;
    SensorStats stats_;
    Timestamp now_;  ///< does not run backwards, but for clock jumps
    Timestamp last_stats_, last_flush_;
    std::uint64_t packets_at_last_stats_ = 0;
};

}  // namespace linnet
