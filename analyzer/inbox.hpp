// The inbox is the analyzer's end of the link (wire/link.hpp). It knows which connection speaks for which run of which
// sensor, hands out every event exactly once and in order, and acknowledges what is committed. A sensor on another machine
// has the name under which its key was paired, whatever it says. Peers that have not said a valid Hello are told so and cost
// nothing; what is not a message is counted and dropped, and who sent it must say Hello again: it may have been damaged on
// the way. What a sensor no longer has (Skip) becomes one Lost event whose count is exactly what is missing.
#pragma once

#include "entrance.hpp"
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
    static constexpr std::size_t max_sessions = 256;       ///< peers that said Hello; then the one silent for longest goes
    static constexpr std::size_t max_sessions_of_key = 8;  ///< the same; no sensor can crowd out another

    struct Counters {
        std::uint64_t refused = 0;  ///< messages that are none, make no sense, or come from nobody we know
        std::uint64_t gaps = 0;     ///< data that came too early
    };

    /// Throws EndpointError (endpoint.hpp); also where an endpoint leaves the machine and there is no keyring.
    Inbox(zmq::context_t& context, const std::vector<std::string>& endpoints, const Keyring* keyring = nullptr);

    void add_to(std::vector<zmq::pollitem_t>& items) { entrance_.add_to(items); }

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
    /// Keys of those that are connected from other machines.
    [[nodiscard]] std::set<std::string> connected_keys() const;
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
    using Sessions = std::map<Caller, Session>;
    using Applied = std::function<void(const Source&, const Event&)>;

    void on_message(Store& store, const Entrance::Message& message, const Applied& applied);
    void on_hello(const Store& store, const Entrance::Message& from, const link::Hello& hello);
    void on_data(Store& store, const Entrance::Message& from, const link::Data& data, const Applied& applied);
    void on_skip(Store& store, const Entrance::Message& from, const link::Skip& skip, const Applied& applied);
    void on_nonsense(const Caller& caller);
    /// Who speaks from there for this epoch; null, and answered or counted, where nobody does.
    Session* session_of(const Entrance::Message& from, std::uint64_t epoch);
    void make_room_for(const Caller& caller);
    bool send(const Caller& to, const link::Message& message);

    Entrance entrance_;
    Sessions sessions_;
    Counters counters_;
};

}  // namespace linnet
