// Episodes: one alert for one device, detector and cause. It counts up and does not repeat.
//
// A detector reports what it found as often as it likes; the first report opens an episode with the next number (1, 2,
// 3, …), later ones add to it. An episode is over after a quiet time; what comes then opens a new one. At most
// max_alerts_open can still count up, the one that has been quiet longest gives way; and one device cannot open more than
// max_causes of one detector within a quiet time: further causes only mark the newest of them with evidence "more".
#pragma once

#include "analyzer/signatures.hpp"
#include "analyzer/state_table.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace linnet {

/// What a detector says about one event.
struct Finding {
    std::string detector;  ///< "telnet"
    std::string variant;   ///< section of the words inside the detector's, such as "outside"; empty = the detector's own
    std::string cause;     ///< a RowKey's text: tells the episodes of one detector and device apart
    DeviceRef device;
    Confidence confidence = Confidence::confirmed;
    IpAddress src;
    Port src_port;
    IpAddress dest;
    Port dest_port;
    std::string proto;
    std::string app_proto;
    std::optional<Service> service;  ///< logins only, with username and outcome
    std::string username;
    Outcome outcome = Outcome::unknown;
    std::optional<TlsFacts> tls;  ///< what is about TLS only
    std::uint64_t count = 1;      ///< to add to the episode's; 0 opens none
    Timestamp first;
    Timestamp last;
    Json evidence = Json::object();  ///< replaces what has the same name
    std::string peer;                ///< what {peer} stands for
    bool takes_over = false;         ///< its words and addresses replace those of an open episode; graver ones always do
};

class Episodes {
 public:
    Episodes(std::size_t max_alerts_open, std::shared_ptr<const Signatures> signatures, Thresholds& thresholds);

    void report(Finding&& finding);

    /// Has this device an episode of this detector and cause at that time?
    [[nodiscard]] bool is_open(std::string_view detector, const DeviceRef& device, std::string_view cause,
                               Timestamp at) const;

    /// Puts the words to the alerts that the event changed. Call once behind each event. `product_of`: a device's maker and
    /// model, which the first sentence says behind its name.
    void finish_event(const std::function<std::string(const DeviceRef&)>& product_of);

    /// Those count as changed, though they are as they were.
    void retell(const std::function<bool(const Alert& alert)>& wanted);

    std::vector<Alert> take_changes();
    [[nodiscard]] std::vector<Alert> alerts() const;  ///< open ones, by id
    [[nodiscard]] Duration quiet() const { return quiet_; }
    std::vector<StateTableBase*> tables() { return {&open_, &runs_, &numbers_}; }

 private:
    struct Episode {
        Alert alert;
        std::string wording;  ///< the section of alerts.toml
        std::string peer;
        std::string product;  ///< of the device; empty = not known, or its name says it
        [[nodiscard]] Json to_state() const;
        static Episode from_state(const Json& state);
    };
    /// What one device opened of one detector without a quiet time between.
    struct Run {
        std::uint64_t opened = 0;
        Timestamp last;
        std::string newest;  ///< key of the episode
        [[nodiscard]] Json to_state() const;
        static Run from_state(const Json& state);
    };
    struct Number {
        std::uint64_t last = 0;
        [[nodiscard]] Json to_state() const { return last; }
        static Number from_state(const Json& state) { return {state.get<std::uint64_t>()}; }
    };

    [[nodiscard]] bool is_over(const Episode& episode, Timestamp first, Timestamp last) const;
    bool may_open(const Finding& finding, const std::string& key);
    void open(Episode& episode, const Finding& finding);
    void update(Episode& episode, const Finding& finding) const;
    /// Words, severity, and the addresses that the words speak of.
    void adopt(Episode& episode, const Finding& finding) const;
    void changed(const std::string& key, std::uint64_t id);
    [[nodiscard]] std::string service_of(const Alert& alert) const;
    void put_words(Episode& episode) const;
    void retire(Episode&& episode);

    std::shared_ptr<const Signatures> signatures_;
    Duration quiet_;
    std::uint64_t max_causes_;
    StateTable<Episode> open_;
    StateTable<Run> runs_;
    StateTable<Number> numbers_;
    std::set<std::string> unfinished_;                          ///< keys whose words this event made old
    std::vector<std::pair<std::uint64_t, std::string>> order_;  ///< id and key of what changed, in order of first change
    std::set<std::uint64_t> changed_;
    std::map<std::uint64_t, Alert> retired_;  ///< changed, but no longer open
};

}  // namespace linnet
