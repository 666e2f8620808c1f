// The API server answers requests and feeds subscribers (wire/api.hpp) at its entrance. It never waits for a client:
// a message that a slow one does not take is lost to it, and the gap in the sequence says so.
#pragma once

#include "api_peers.hpp"
#include "api_request.hpp"
#include "core.hpp"
#include "entrance.hpp"
#include "store.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>
#include <zmq.hpp>

namespace linnet {

class ApiServer {
 public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t max_subscribers = 64;
    static constexpr std::size_t max_requests_per_second = 200;  ///< what is more waits
    static constexpr std::size_t alerts_on_subscribe = 1'000;    ///< the newest

    /// What the server leaves to its owner. Those that change something return nothing, or a sentence that says why it was
    /// not done.
    struct Actions {
        std::function<Json()> status;       ///< the Status object
        std::function<std::string()> save;  ///< writes what a request changed in the core
        std::function<std::string(const std::string& device)> forget;
        std::function<std::string()> erase;
        std::function<PeersAnswer(const ApiRequest&)> peers;
    };
    /// Throws EndpointError (endpoint.hpp); also where an endpoint leaves the machine and there is no keyring.
    ApiServer(zmq::context_t& context, const std::vector<std::string>& endpoints, const Keyring* keyring, Store& store,
              Core& core, Actions actions);

    void add_to(std::vector<zmq::pollitem_t>& items) { entrance_.add_to(items); }
    /// False while this second's requests are used up.
    [[nodiscard]] bool accepts(Clock::time_point now) const;

    /// Answers at most `requests` that have arrived.
    void serve(std::size_t requests);

    /// Tells the subscribers what a commit changed.
    void publish(const Changes& changes);

    /// Tells the subscribers that we live, where nothing else did for api::heartbeat.
    void keep_alive(Clock::time_point now);

    /// Subscribers meet a gap, and subscribe again: what they were told is no longer so.
    void start_over() { ++sequence_; }

    [[nodiscard]] std::uint64_t sequence() const { return sequence_; }
    /// Keys of the subscribers on other machines.
    [[nodiscard]] std::set<std::string> connected_keys() const;
    /// Requests of nobody we know (any more).
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
    Json answer(const ApiRequest& request, const Caller& from);
    Json result(const ApiRequest& request, const Caller& from);
    [[nodiscard]] Json report(const ApiRequest& request) const;
    [[nodiscard]] Json saved(const ApiRequest& request, Json result, bool changed) const;
    [[nodiscard]] Json forgotten(const ApiRequest& request) const;
    Json hours(const Page& page);
    Json changes(const ApiRequest& request);
    Json devices() const;
    [[nodiscard]] Page page_of(const ApiRequest& request) const;
    Json alerts(const Page& page);
    /// As it is told, see bring_up_to_date() in api_alerts.hpp.
    void complete(Json& alert) const;
    void feed(Json devices, Json alerts, const std::vector<std::string>& gone);

    Entrance entrance_;
    Store& store_;
    Core& core_;
    Actions actions_;
    std::vector<Caller> subscribers_;
    std::uint64_t refused_ = 0;
    std::uint64_t sequence_ = 0;
    Clock::time_point fed_;
    Clock::time_point second_began_;
    std::size_t requests_this_second_ = 0;
};

}  // namespace linnet
