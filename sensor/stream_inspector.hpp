// What the stream dissectors see of one TCP conversation, and what they have already said about it.
//
// Both directions are put in order (StreamHead), each change of direction is remembered, and whenever something new is
// contiguous, every dissector that wants the conversation reads it again from the beginning. Only findings that were not
// delivered before are passed on: a login when its outcome is known, when a later login follows, when `answer_patience` of
// packet time has gone by, or when the conversation closes. Where a dissector is done with an exchange, the heads move on
// behind it, so that a long conversation is followed to its end in the same memory.
#pragma once

#include "dissector.hpp"
#include "stream_head.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace linnet {

struct SensorSignatures;

/// What the flow knows and the dissectors need.
struct StreamContext {
    Timestamp at;
    std::uint64_t flow_id = 0;
    Endpoint client, server;
    std::string_view app_proto;
    bool midstream = false;
    bool ended = false;  ///< the client ended the connection, or somebody reset it
};

class StreamInspector {
 public:
    static constexpr Duration answer_patience = std::chrono::seconds{10};
    static constexpr std::size_t max_findings = 256;  ///< of one dissector in one conversation

    /// One set of signatures for the whole conversation: each reading must say again what the last one said.
    StreamInspector(StreamMemory& memory, std::shared_ptr<const SensorSignatures> signatures)
        : to_server_{memory}, to_client_{memory}, signatures_{std::move(signatures)} {}

    StreamHead& to_server() { return to_server_; }
    StreamHead& to_client() { return to_client_; }

    /// Call after bytes were inserted: remembers changes of direction.
    void note_turn();

    /// Asks who wants the conversation, as far as it is known now. True where somebody does.
    bool ask(const StreamContext& context);
    [[nodiscard]] bool wanted() const { return wanted_by_ != 0; }
    /// Something came that may change their minds: the next ask() asks all that do not want it yet.
    void ask_again() { asked_ = {}; }

    /// Lets the dissectors read, if there is something new. Returns the protocol that one of them is sure of, or "".
    std::string_view inspect(const StreamContext& context, const Emit& emit);
    /// The same for the last time.
    std::string_view close(const StreamContext& context, const Emit& emit);

    /// Both heads are full or nobody reads on: nothing new can come.
    [[nodiscard]] bool exhausted() const { return to_server_.full() && to_client_.full(); }

 private:
    /// What was known when the dissectors were last asked.
    struct Asked {
        std::uint8_t client_bytes = 0, server_bytes = 0;
        bool app_known = false;
        bool operator==(const Asked&) const = default;
    };
    struct Delivered {
        std::uint8_t dissector = 0;
        std::uint16_t logins = 0, events = 0;
        bool waiting = false;  ///< a login is held back
        Timestamp waiting_since;
    };

    /// The end of an exchange, and how much a dissector found before it.
    struct ExchangeEnd {
        std::uint32_t client = 0, server = 0;
        std::uint16_t logins = 0, events = 0;
    };
    class Collected;

    [[nodiscard]] Conversation conversation(const StreamContext& context) const;
    std::string_view read(const Conversation& conversation, const Emit& emit);
    void move_on(std::span<const std::vector<ExchangeEnd>> ends);
    void drop_before(std::uint32_t client_offset, std::uint32_t server_offset);
    Delivered& delivered_by(std::uint8_t dissector);

    StreamHead to_server_, to_client_;
    std::shared_ptr<const SensorSignatures> signatures_;
    std::vector<Turn> turns_;
    std::vector<Delivered> delivered_;
    std::uint64_t wanted_by_ = 0;                      ///< a bit for each row of stream_dissectors()
    std::uint64_t finished_ = 0;                       ///< those that wanted it and have read enough
    std::uint32_t client_read_ = 0, server_read_ = 0;  ///< how far each side had come at the last reading
    bool settled_ = false;                             ///< until the client speaks again, nothing new can be found
    Asked asked_;
};

}  // namespace linnet
