// The inbox is the analyzer's end of the link (wire/link.hpp). It binds one ROUTER socket to all endpoints, knows which peer
// speaks for which run of which sensor, hands out every event exactly once and in order, and acknowledges what is committed.
// Peers that have not said a valid Hello are told so and cost nothing; what is not a message is counted and dropped, and who
// sent it must say Hello again: it may have been damaged on the way. What a sensor no longer has (Skip) becomes one Lost
// event whose count is exactly what is missing.
#pragma once

#include "store.hpp"
#include "wire/link.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>
#include <zmq.hpp>

namespace linnet {

class Inbox {
 public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t max_sessions = 256;  ///< peers that said Hello; then the one silent for longest goes

    struct Counters {
        std::uint64_t refused = 0;  ///< messages that are none, or say what makes no sense
        std::uint64_t gaps = 0;     ///< data that came too early
    };

    /// Throws EndpointError (endpoint.hpp).
    Inbox(zmq::context_t& context, const std::vector<std::string>& endpoints);

    [[nodiscard]] void* handle() { return socket_.handle(); }

    /// Takes at most `messages` of what has arrived and adds the new events to `store`; `applied` sees each valid one first.
    /// False where nothing is waiting any more.
    bool receive(Store& store, std::size_t messages, const std::function<void(const Source&, const Event&)>& applied);

    /// Tells every peer how far its events are committed, and forgets those that are gone.
    void acknowledge(const Store& store);

    /// The store went back to its last commit: every peer must say Hello again, and send what was not committed.
    void start_over();

    /// Before the end: what was sent is delivered, within a second.
    void close();

    [[nodiscard]] std::set<SourceKey> connected() const;
    /// How that sensor's parser is locked in, as it says; empty where it is not connected or does not say.
    [[nodiscard]] std::string sandbox_of(const SourceKey& key) const;
    [[nodiscard]] const Counters& counters() const { return counters_; }

 private:
    struct Session {
        SourceKey key;
        std::string source;
        std::string sandbox;
        Clock::time_point heard;
    };
    using Sessions = std::map<std::string, Session>;  ///< by ZeroMQ's routing id

    void on_hello(const Store& store, const std::string& peer, const link::Hello& hello);
    void on_data(Store& store, const std::string& peer, const link::Data& data,
                 const std::function<void(const Source&, const Event&)>& applied);
    void on_skip(Store& store, const std::string& peer, const link::Skip& skip,
                 const std::function<void(const Source&, const Event&)>& applied);
    void on_nonsense(const std::string& peer);
    /// Who speaks from there for this epoch; null, and answered or counted, where nobody does.
    Session* session_of(const std::string& peer, std::uint64_t epoch);
    void make_room();
    bool send(const std::string& peer, const link::Message& message);

    zmq::socket_t socket_;
    Sessions sessions_;
    Counters counters_;
};

}  // namespace linnet
