#include "sensor.hpp"

#include "dissector.hpp"
#include "dissectors/tls_record.hpp"

#include <algorithm>
#include <utility>

namespace linnet {

Sensor::Sensor(const SensorOptions& options, SensorSignatures signatures, Outbox& outbox)
    : options_{options},
      signatures_{std::make_shared<const SensorSignatures>(std::move(signatures))},
      outbox_{outbox},
      emit_{[this](Event&& event) { emit(std::move(event)); }},
      emit_hint_{[this](DeviceHint&& hint) { emit(std::move(hint)); }},
      decoder_{options.decoder},
      probes_{options.probes, options.hash_seed, emit_},
      flows_{options.flows, options.hash_seed, [this](FlowRecord& flow, FlowEndReason reason) { end_flow(flow, reason); }},
      bursts_{options.bursts, emit_},
      hints_{options.hash_seed} {}

void Sensor::use(SensorSignatures signatures) {
    signatures_ = std::make_shared<const SensorSignatures>(std::move(signatures));
}

SourceRead Sensor::run(PacketSource& source, const std::function<void()>& between) {
    RawPacket raw;
    SourceRead read = SourceRead::idle;
    while (!outbox_.closed()) {
        if (between) between();
        read = source.next(raw);
        if (read == SourceRead::packet)
            handle(raw);
        else if (read == SourceRead::idle)
            advance(raw.at);
        else
            break;
        const bool due = now_ - last_stats_ >= options_.stats_interval;
        if (due || stats_.packets - packets_at_last_stats_ >= options_.stats_packets)
            tell_stats(source, source.counters(), false);
        if (now_ - last_flush_ >= options_.flush_interval || now_ < last_flush_) {
            outbox_.flush();
            last_flush_ = now_;
        }
    }
    bursts_.flush();
    questions_.flush(emit_hint_);
    probes_.flush(now_);
    flows_.flush(FlowEndReason::shutdown);
    probes_.flush(now_);
    tell_stats(source, source.counters(), true);
    outbox_.flush();
    return read;
}

void Sensor::handle(const RawPacket& raw) {
    ++stats_.packets;
    stats_.bytes += raw.wire_length;
    advance(raw.at);
    Packet packet;
    if (decoder_.decode(raw, packet) != Decoded::packet) return;
    if (packet.kind == PacketKind::arp) return handle_arp(packet);
    if (packet.kind != PacketKind::ip) return handle_datagram(packet);
    if (packet.proto == Proto::udp || packet.proto == Proto::icmpv6 || packet.icmp.is_unreachable) handle_datagram(packet);
    if (OpenQuestions::wants(packet)) questions_.note(packet, now_);
    if (packet.icmp.is_unreachable) {
        probes_.refused(FlowKey::of(packet.icmp.about_src, packet.icmp.about_src_port, packet.icmp.about_dst,
                                    packet.icmp.about_dst_port, packet.icmp.about_proto),
                        now_);
    }
    const bool opening = packet.proto == Proto::tcp && packet.tcp.has(tcp_flag::syn) && !packet.tcp.has(tcp_flag::ack);
    if (opening && packet.src.is_private() && !packet.tunnelled) syns_.note(packet);
    auto* flow = flows_.update(packet, probes_, now_);
    const bool stray = flow == nullptr || flow->is_stray();
    bursts_.count(packet, stray ? BurstMeter::Belongs::stray : BurstMeter::Belongs::conversation, now_);
    if (flow != nullptr) return handle_flow(*flow, packet);
    if (auto hint = late_ends_.served(packet, now_)) emit(std::move(*hint));
}

void Sensor::advance(Timestamp at) {
    if (now_ == Timestamp{}) last_stats_ = last_flush_ = at;  // time begins
    if (at >= now_) {
        now_ = at;
    } else if (now_ - at > options_.clock_jump) {
        questions_.flush(emit_hint_);
        probes_.flush(now_);
        flows_.flush(FlowEndReason::idle);
        now_ = last_stats_ = last_flush_ = at;
    }
    bursts_.advance(now_);
    questions_.advance(now_, emit_hint_);
    probes_.advance(now_);
    flows_.advance(now_);
}

void Sensor::handle_datagram(const Packet& packet) { read_datagram(packet, *signatures_, emit_); }

void Sensor::handle_arp(const Packet& packet) {
    const auto& arp = packet.arp;
    constexpr std::uint16_t request = 1, reply = 2;
    if (arp.operation == request && !arp.sender_ip.is_unspecified()) probes_.attempt(packet, ProbeKind::arp, now_);
    if (arp.operation == reply) probes_.answered(FlowKey::of(arp.sender_ip, {}, arp.target_ip, {}, Proto::none), now_);
    handle_datagram(packet);
}

void Sensor::handle_flow(FlowRecord& flow, const Packet& packet) {
    const bool first_answer =
        packet.proto == Proto::udp && flow.packets[1] == 1 && flow.direction_of(packet) == Direction::to_client;
    if (first_answer) probes_.answered(flow.key, now_);
    if (flow.is_chaff()) return;
    if (!packet.payload.empty() && !flow.app_final) detect(flow, packet);
    if (packet.proto == Proto::tcp) {
        if (flow.packets[1] == 1) note_form(flow, packet);
        inspect_stream(flow, packet);
    }
    if (packet.proto == Proto::udp && !flow.hello_over) inspect_hello(flow, packet);
    if (flow.started && now_ - flow.last_event >= options_.active_timeout) {
        tell(flow, FlowStage::update, FlowEndReason::none);
        flow.last_event = now_;
    }
    if (packet.proto != Proto::tcp || flow.closed) return;
    if (packet.tcp.has(tcp_flag::fin)) flow.fin[static_cast<std::size_t>(flow.direction_of(packet))] = true;
    if (packet.tcp.has(tcp_flag::rst) || (flow.fin[0] && flow.fin[1])) {
        flows_.close(flow);
        finish_stream(flow);
    }
}

/// The client has answered the SYN-ACK.
void Sensor::note_form(const FlowRecord& flow, const Packet& packet) {
    if (flow.midstream || packet.tcp.has(tcp_flag::syn) || flow.direction_of(packet) != Direction::to_server) return;
    if (auto hint = syns_.completed(flow.key, flow.client(), now_)) emit(std::move(*hint));
}

void Sensor::detect(FlowRecord& flow, const Packet& packet) {
    if (!flow.detection) {
        if (const auto app = protocols_.sniff(packet); app.known()) return know(flow, app);
        flow.detection = protocols_.begin();
        if (!flow.detection) return know(flow, {});
    }
    if (const auto answer = protocols_.ask(*flow.detection, packet); answer.final) know(flow, answer.app);
}

void Sensor::know(FlowRecord& flow, AppId app) {
    flow.app = app;
    flow.app_final = true;
    flow.detection.reset();
    tell(flow, flow.started ? FlowStage::update : FlowStage::start, FlowEndReason::none);
    flow.started = true;
    flow.last_event = now_;
}

/// Sees to it that the flow has a stream, where one can be had. A conversation that was declined, or that nobody has wanted
/// so far, begins anew where it goes over to TLS.
bool Sensor::open_stream(FlowRecord& flow, const Packet& packet) {
    const bool hello = is_tls_hello({reinterpret_cast<const char*>(packet.payload.data()), packet.payload.size()});
    if (flow.stream && hello && flow.stream->wanted()) flow.stream->ask_again();
    if (flow.stream && !(hello && !flow.stream->wanted())) return true;
    if (packet.payload.empty()) return false;
    const bool is_first = flow.payload[0] + flow.payload[1] == packet.payload.size();
    if (!is_first && !hello) return false;
    if (options_.streams.used + 2 * StreamHead::capacity_limit > options_.streams.limit) {
        ++stats_.streams_refused;
        return false;
    }
    flow.stream = std::make_unique<StreamInspector>(options_.streams, signatures_);
    const bool from_client = flow.direction_of(packet) == Direction::to_server;
    if (!is_first) {
        flow.stream->to_server().begin_at(from_client ? packet.tcp.seq : packet.tcp.ack);
        flow.stream->to_client().begin_at(from_client ? packet.tcp.ack : packet.tcp.seq);
    } else if (!flow.midstream) {
        flow.stream->to_server().begin_at(flow.client_sequence + 1);
        flow.stream->to_client().begin_at(flow.server_sequence + 1);
    }
    return true;
}

void Sensor::inspect_stream(FlowRecord& flow, const Packet& packet) {
    if (!open_stream(flow, packet)) return;
    const bool from_client = flow.direction_of(packet) == Direction::to_server;
    auto& stream = *flow.stream;
    auto& mine = from_client ? stream.to_server() : stream.to_client();
    auto& theirs = from_client ? stream.to_client() : stream.to_server();
    if (packet.tcp.has(tcp_flag::ack)) theirs.give_up_before(packet.tcp.ack);
    mine.insert(packet.tcp.seq, packet.payload);
    stream.note_turn();
    if (!stream.ask(context_of(flow))) {
        // nDPI is sure and nobody wants it, or both sides have spoken and neither said anything of interest
        const bool both_spoke = flow.payload[0] > 0 && flow.payload[1] > 0;
        if (flow.app_final && (flow.app.known() || both_spoke)) flow.stream.reset();
        return;
    }
    const auto app = stream.inspect(context_of(flow), emit_);
    if (!app.empty() && app != protocols_.protocol_name(flow.app)) know(flow, protocols_.named(app));
    if (stream.exhausted()) finish_stream(flow);
}

void Sensor::finish_stream(FlowRecord& flow) {
    flow.detection.reset();
    if (!flow.stream) return;
    const auto app = flow.stream->close(context_of(flow), emit_);
    if (!app.empty()) flow.app = protocols_.named(app);
    flow.stream.reset();
}

/// QUIC, whose hellos stand in datagrams.
void Sensor::inspect_hello(FlowRecord& flow, const Packet& packet) {
    const bool from_client = flow.direction_of(packet) == Direction::to_server;
    if (!flow.hello) {
        if (!from_client || !QuicHello::begins_with(packet.payload)) return;
        if (!QuicHello::has_room(options_.streams)) {
            ++stats_.streams_refused;
            flow.hello_over = true;
            return;
        }
        flow.hello = std::make_unique<QuicHello>(options_.streams);
    }
    if (flow.hello->read(packet.payload, from_client ? QuicSide::client : QuicSide::server)) finish_hello(flow);
}

void Sensor::finish_hello(FlowRecord& flow) {
    if (!flow.hello) return;
    auto handshake = flow.hello->handshake();
    flow.hello.reset();
    flow.hello_over = true;
    if (handshake.ja4.empty()) return;
    handshake.at = flow.last_seen;
    handshake.flow_id = flow.id;
    handshake.client = flow.client();
    handshake.server = flow.server();
    emit(std::move(handshake));
}

void Sensor::end_flow(FlowRecord& flow, FlowEndReason reason) {
    finish_stream(flow);
    finish_hello(flow);
    if (flow.packets[0] + flow.packets[1] > 0 && !flow.is_chaff()) tell(flow, FlowStage::end, reason);
}

StreamContext Sensor::context_of(const FlowRecord& flow) const {
    return {.at = flow.last_seen,
            .flow_id = flow.id,
            .client = flow.client(),
            .server = flow.server(),
            .app_proto = protocols_.protocol_name(flow.app),
            .midstream = flow.midstream,
            .ended = flow.fin[static_cast<std::size_t>(Direction::to_server)] || flow.closed};
}

void Sensor::tell(const FlowRecord& record, FlowStage stage, FlowEndReason reason) {
    Flow flow{.id = record.id,
              .stage = stage,
              .reason = reason,
              .proto = record.key.proto,
              .midstream = record.midstream,
              .tunnelled = record.tunnelled,
              .client = record.client(),
              .server = record.server(),
              .first_seen = record.first_seen,
              .last_seen = record.last_seen,
              .packets_to_server = record.packets[0],
              .packets_to_client = record.packets[1],
              .bytes_to_server = record.bytes[0],
              .bytes_to_client = record.bytes[1],
              .payload_to_server = record.payload[0],
              .payload_to_client = record.payload[1],
              .app_proto = std::string{protocols_.protocol_name(record.app)},
              .service = std::string{protocols_.service_name(record.app)}};
    emit(std::move(flow));
}

void Sensor::tell_stats(const PacketSource& source, SourceCounters counters, bool last) {
    const auto& decoded = decoder_.counters();
    stats_.at = now_;
    stats_.source = source.name();
    stats_.malformed = decoded.malformed;
    stats_.unsupported = decoded.unsupported;
    stats_.truncated = decoded.truncated;
    stats_.fragments_dropped = decoded.fragments_dropped;
    stats_.kernel_dropped = counters.kernel_dropped;
    stats_.interface_dropped = counters.interface_dropped;
    stats_.flows = flows_.created();
    stats_.flows_active = flows_.active();
    stats_.flows_evicted = flows_.evicted();
    stats_.probes = probes_.attempts();
    stats_.last = last;
    stats_.progress = source.progress();
    last_stats_ = now_;
    packets_at_last_stats_ = stats_.packets;
    outbox_.append(stats_);
}

void Sensor::emit(Event&& event) {
    if (const auto* binding = std::get_if<AddressBinding>(&event); binding != nullptr && !bindings_.passes(*binding)) return;
    if (const auto* hint = std::get_if<DeviceHint>(&event); hint != nullptr && !hints_.passes(*hint)) return;
    if (std::holds_alternative<Login>(event)) ++stats_.logins;
    outbox_.append(event);
}

}  // namespace linnet
