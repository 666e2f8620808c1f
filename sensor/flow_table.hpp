// The flow table: every conversation that is going on, in fixed memory.
//
// A packet finds its flow by its key (FlowKey) or may open one: a TCP flow is opened by an *answered* SYN, or by data whose
// beginning was not seen; other protocols by their first packet. What opens none goes to the ProbeTable. Flows stand in
// four queues by age: one-sided (nobody has answered), short (UDP and the like), long (TCP), closing. Each queue has its
// idle timeout in packet time, and where the table is full, the oldest goes: first of closing, then one-sided, short and
// long. One-sided flows may fill an eighth of the table at most; a TCP flow is one-sided until its client has answered the
// SYN-ACK. Memory grows with use, in blocks, up to the limit.
//
// A flood brings a new key with each packet. So of what one sender begins with one target in one second, only the first
// `most_new` enter this table or the ProbeTable; the rest are counted as evicted (the BurstMeter counts them as well). Those
// behind the first `crowd` are marked: nobody looks into them, or tells of them, before somebody has answered.
#pragma once

#include "crowd.hpp"
#include "dissectors/quic_hello.hpp"
#include "flow_key.hpp"
#include "probe_table.hpp"
#include "protocol_detector.hpp"
#include "stream_inspector.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace linnet {

struct FlowLimits {
    std::size_t max_flows = 65'536;
    Duration one_sided_idle = std::chrono::seconds{30};
    Duration short_idle = std::chrono::seconds{60};
    Duration long_idle = std::chrono::seconds{300};
    Duration closing_idle = std::chrono::seconds{5};  ///< the last acknowledgements still find their flow
    std::uint32_t crowd = 64;
    std::uint32_t most_new = 2048;
    std::uint64_t first_id = 1;  ///< of the flows' numbers
};

enum class Direction : std::uint8_t { to_server = 0, to_client = 1 };

struct FlowRecord {
    FlowKey key;
    std::uint64_t id = 0;
    Timestamp first_seen, last_seen;
    Timestamp last_event;  ///< when the analyzer was last told
    Timestamp touched;     ///< in the table's time, which does not run backwards
    MacAddress client_mac, server_mac;
    std::array<std::uint64_t, 2> packets{}, bytes{}, payload{};  ///< by Direction
    AppId app;
    bool client_is_low = false;
    bool midstream = false;
    bool tunnelled = false;
    bool started = false;     ///< the start event was sent
    bool app_final = false;   ///< known, or nobody can tell any more
    bool closed = false;      ///< FIN from both sides, or RST
    bool half_open = false;   ///< SYN and SYN-ACK, and nothing more from the client
    bool hello_over = false;  ///< no hello of QUIC is waited for any more
    bool crowded = false;     ///< one of very many that its sender began in that second
    std::array<bool, 2> fin{};
    std::uint8_t queue = 0;
    bool in_order = true;  ///< TCP, while one side alone has been seen: the last packet continued those before it
    std::uint32_t client_sequence = 0;  ///< of the SYN, where it was seen
    std::uint32_t server_sequence = 0;  ///< of the SYN-ACK
    std::uint32_t continues_at = 0;     ///< sequence number behind the last packet, while one side alone has been seen
    std::uint32_t slot = 0;
    std::uint32_t previous = KeyIndex::none, next = KeyIndex::none;
    ProtocolDetector::AttemptPtr detection;   ///< while nDPI is looking
    std::unique_ptr<StreamInspector> stream;  ///< while a dissector may want the bytes
    std::unique_ptr<QuicHello> hello;         ///< UDP: while the hellos are coming

    [[nodiscard]] Endpoint client() const;
    [[nodiscard]] Endpoint server() const;
    [[nodiscard]] Direction direction_of(const Packet& packet) const;
    /// The last packet was no part of a conversation: the first of it, one behind its end, or one that fits nowhere.
    [[nodiscard]] bool is_stray() const { return packets[0] + packets[1] == 1 || closed || !in_order; }
    /// One of a flood, as far as can be seen: nobody has answered.
    [[nodiscard]] bool is_chaff() const { return crowded && (packets[0] == 0 || packets[1] == 0); }
};

class FlowTable {
 public:
    /// Called once for each flow that leaves, before its memory is used again.
    using OnEnd = std::function<void(FlowRecord&, FlowEndReason)>;

    FlowTable(const FlowLimits& limits, std::uint64_t seed, OnEnd on_end);

    /// The flow that `packet` belongs to, with its counters brought up to date; nothing where it belongs to none (then
    /// `probes` has been told). `now` is the table's time: it does not run backwards.
    FlowRecord* update(const Packet& packet, ProbeTable& probes, Timestamp now);

    /// Both sides are done: the flow's last packets are waited for, no longer.
    void close(FlowRecord& flow);

    /// Ends what has been idle for too long.
    void advance(Timestamp now);
    /// Ends everything.
    void flush(FlowEndReason reason);

    [[nodiscard]] std::uint64_t created() const { return next_id_ - limits_.first_id; }
    [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
    [[nodiscard]] std::size_t active() const { return active_; }

 private:
    enum Queue : std::uint8_t { closing, one_sided, brief, lasting, queue_count };
    struct Ends {
        std::uint32_t oldest = KeyIndex::none, newest = KeyIndex::none;
        std::size_t size = 0;
    };

    FlowRecord* find(const FlowKey& key);
    FlowRecord* admit_tcp(const Packet& packet, const FlowKey& key, ProbeTable& probes, Timestamp now);
    FlowRecord* admit_other(const Packet& packet, const FlowKey& key, ProbeTable& probes, Timestamp now);
    void attempt(const Packet& packet, ProbeKind kind, ProbeTable& probes, Timestamp now);
    bool admits(const Packet& packet, Timestamp now);
    FlowRecord& create(const Packet& packet, const FlowKey& key, Queue queue, Timestamp now);
    static void credit(FlowRecord& flow, const PendingAttempt& attempt);
    static void follow(FlowRecord& flow, const Packet& packet);
    void count(FlowRecord& flow, const Packet& packet, Timestamp now);
    void end(std::uint32_t slot, FlowEndReason reason);
    void make_room();
    void link(std::uint32_t slot, Queue queue);
    void unlink(std::uint32_t slot);

    FlowLimits limits_;
    OnEnd on_end_;
    KeyIndex index_;
    std::deque<FlowRecord> flows_;  ///< a slot is an index; addresses stay
    std::vector<std::uint32_t> free_;
    std::array<Ends, queue_count> queues_{};
    Crowd crowd_;
    bool crowded_ = false;  ///< what admits() has seen last
    std::uint64_t next_id_;
    std::uint64_t evicted_ = 0;
    std::size_t active_ = 0;
};

}  // namespace linnet
