// Attempts to reach somebody that nobody has answered yet. They live here and not in the flow table, so that a scan,
// however large, cannot push out real conversations.
//
// An attempt waits for its answer for `answer_timeout` of packet time. Then it goes, as unanswered, into its source's batch;
// a refusal goes there at once; an answered SYN or datagram is simply forgotten, because it became a flow. A SYN with
// Mirai's hallmark (the sequence number is the destination address, scanner.c) is reported without waiting. A batch becomes
// a Probe event when it is full or `batch_age` old. Both tables are fixed in size: where one is full, its oldest entry
// leaves early.
#pragma once

#include "dissector.hpp"
#include "flow_key.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace linnet {

struct ProbeLimits {
    std::size_t max_pending = 8192;
    std::size_t max_batches = 256;
    Duration answer_timeout = std::chrono::seconds{3};
    Duration batch_age = std::chrono::milliseconds{100};
};

/// What the table remembers of an attempt, for the flow that it may become.
struct PendingAttempt {
    FlowKey key;
    ProbeKind kind = ProbeKind::tcp_syn;
    Endpoint source, target;
    Timestamp at;
    std::uint32_t sequence = 0;  ///< of the SYN
    std::uint32_t packets = 1;
    std::uint64_t bytes = 0;
    bool reported = false;  ///< a hallmark SYN: already in a batch
    bool tunnelled = false;
};

class ProbeTable {
 public:
    ProbeTable(const ProbeLimits& limits, std::uint64_t seed, Emit emit);

    /// `packet` tries to reach its destination and belongs to no flow. A repetition is not a second attempt.
    void attempt(const Packet& packet, ProbeKind kind, Timestamp now);

    /// Somebody answered: the attempt is taken out, and reported as answered where no flow will tell of it.
    std::optional<PendingAttempt> answered(const FlowKey& key, Timestamp now);

    /// RST or ICMP unreachable: reported as refused. False where no attempt waits for this answer.
    bool refused(const FlowKey& key, Timestamp now);

    [[nodiscard]] const PendingAttempt* find(const FlowKey& key) const;

    /// Lets go what has waited long enough. `now` must not run backwards.
    void advance(Timestamp now);
    /// Lets go everything: the capture has ended, or its clock has jumped.
    void flush(Timestamp now);

    [[nodiscard]] std::uint64_t attempts() const { return attempts_; }
    [[nodiscard]] std::size_t pending() const { return slots_.size() - free_.size(); }

 private:
    static constexpr std::uint32_t none = KeyIndex::none;
    struct Slot {
        PendingAttempt attempt;
        Timestamp due;
        std::uint32_t previous = none, next = none;
    };
    struct Batch {
        Timestamp opened;
        Probe probe;
    };

    PendingAttempt take(std::uint32_t slot);
    void report(const PendingAttempt& attempt, ProbeOutcome outcome, Timestamp now);
    std::size_t batch_of(const PendingAttempt& attempt, Timestamp now);
    void emit_batch(std::size_t number);

    ProbeLimits limits_;
    Emit emit_;
    KeyIndex index_;
    std::vector<Slot> slots_;
    std::vector<std::uint32_t> free_;
    std::uint32_t oldest_ = none, newest_ = none;
    std::deque<Batch> batches_;  ///< oldest first
    std::uint64_t attempts_ = 0;
};

}  // namespace linnet
