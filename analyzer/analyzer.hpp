// The analyzer joins its parts in one thread: inbox -> core -> store -> API. Events are applied as they arrive; a commit
// follows after a second, or many events, or at once where an alert was raised. Only what is committed is acknowledged to
// the sensors and told to subscribers. After a crash the store says where to go on.
#pragma once

#include "alert_latency.hpp"
#include "api_server.hpp"
#include "core.hpp"
#include "inbox.hpp"
#include "keyring.hpp"
#include "pairing_door.hpp"
#include "pending_changes.hpp"
#include "store.hpp"
#include "wire/api.hpp"
#include "wire/signature_set.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

namespace linnet {

struct AnalyzerOptions {
    std::vector<std::string> listen{link::default_endpoint};
    std::vector<std::string> api{api::default_endpoint};
    std::filesystem::path database = "/var/lib/linnet/linnet.db";
    std::filesystem::path key;                      ///< empty = analyzer.key beside the database
    std::uint16_t pairing = pairing::default_port;  ///< on the addresses of the endpoints that leave the machine
    CoreOptions core;
    Retention retention;
    std::size_t leave_after = 0;  ///< captures that came to their end; 0 = stay
};

/// Where new signatures come from while the analyzer runs.
struct Renewal {
    int fd = -1;                                              ///< readable: read() them
    std::function<std::shared_ptr<const Signatures>()> read;  ///< and makes fd unreadable; throws SettingsError
};

class Analyzer {
 public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds commit_interval{1'000};
    static constexpr std::chrono::milliseconds alert_delay{50};
    static constexpr std::size_t commit_events = 4'096;
    static constexpr std::chrono::seconds first_pause{1}, longest_pause{5};  ///< while nothing can be written

    /// Opens the database, restores the core, binds the sockets. Where one leaves the machine there must be keys and a
    /// doorkeeper, or there is no analyzer. Throws DatabaseError, EndpointError, KeyError, PeersError and what Core throws.
    Analyzer(const AnalyzerOptions& options, const std::shared_ptr<const Signatures>& signatures);

    /// Until `stop_fd` is readable, or leave_after is reached; then commits and acknowledges. Throws DatabaseError. New
    /// signatures that are not good are refused with a sentence in the log, and the old ones stay.
    void run(int stop_fd, const Renewal& renewal = {});
    /// Called once in each turn of run(): twice a second, and more often where there is work.
    void on_turn(std::function<void()> call) { on_turn_ = std::move(call); }

 private:
    void wait(int stop_fd, const Renewal& renewal);
    void renew(const Renewal& renewal);
    void take_events();
    void commit_where_due();
    void commit();
    void save();
    void note_latency(std::uint64_t newest_before);
    [[nodiscard]] std::string attempt(const std::function<void()>& change);
    void restore_core();
    void fall_back(const DatabaseError& error);
    void turn();
    void apply(const Source& source, const Event& event);
    void add_volume(const Flow& flow);
    [[nodiscard]] std::string forget(const std::string& key);
    void erase();
    void leave_where_finished();
    [[nodiscard]] bool all_finished() const;
    PeersAnswer about_peers(const ApiRequest& request);
    [[nodiscard]] ApiServer::Actions actions();
    [[nodiscard]] Json status() const;
    [[nodiscard]] Json sensors() const;

    AnalyzerOptions options_;
    SignatureSet set_;
    Store store_;
    std::shared_ptr<const Signatures> signatures_;
    std::optional<Core> core_;  ///< always there; made anew where it must forget
    zmq::context_t context_{1};
    std::optional<Keyring> keyring_;  ///< only where an endpoint leaves the machine
    std::optional<PairingDoor> pairing_;
    Inbox inbox_;
    ApiServer api_;
    PendingChanges changes_;
    AlertLatency latency_;
    Clock::time_point started_ = Clock::now();
    Clock::time_point commit_at_ = Clock::time_point::max();  ///< while something waits to be committed
    Clock::time_point acknowledged_;
    std::optional<Clock::time_point> leaving_since_;  ///< everything that was waited for is here
    std::string trouble_;                             ///< why nothing can be written; empty = it can
    Clock::time_point resume_at_;                     ///< until then, no event is taken
    std::chrono::seconds pause_{0};
    bool more_waits_ = false;
    bool stopping_ = false;
    std::function<void()> on_turn_;
};

}  // namespace linnet
