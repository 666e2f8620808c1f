// Contacts: who tries to reach whom. One stream of contacts out of two kinds of event: Probe (nobody answered, or a
// sweep) and Flow (somebody did). Scan detectors read this stream instead of the events.
//
// For each local source the last few distinct contacts are remembered, so that a detector needs to keep state only for
// what has begun to look like a scan, and can still count from the first attempt on.
#pragma once

#include "analyzer/locality.hpp"
#include "analyzer/state_table.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace linnet {

/// What a source tried to reach, and how it went.
struct Attempt {
    Timestamp at;
    IpAddress target;  ///< a host: never multicast or broadcast
    Port port;         ///< none for ICMP and ARP
    ProbeKind kind = ProbeKind::tcp_syn;
    ProbeOutcome outcome = ProbeOutcome::unanswered;
    bool connection = false;        ///< from a Flow: it was answered and used
    bool target_is_inside = false;  ///< at home by its address alone
    std::uint32_t times = 1;        ///< in all, as far as it was remembered

    [[nodiscard]] bool same_goal(const Attempt& other) const {
        return port == other.port && kind == other.kind && target == other.target;
    }
};

struct Contact {
    MacAddress mac;
    IpAddress source;  ///< always a local one
    Attempt attempt;
    bool hallmark = false;
};

/// EVE's name of the protocol: "TCP", "UDP", "ICMP", "IPv6-ICMP", "ARP".
std::string_view proto_name(const Attempt& attempt);

class Contacts {
 public:
    static constexpr std::size_t remembered = 64;
    static constexpr std::size_t max_sources = 1024;

    explicit Contacts(const Locality& locality) : locality_{locality}, sources_{"contacts", max_sources} {}

    /// Calls `each` for every contact of the event, then remembers it.
    void apply(const Event& event, const std::function<void(const Contact&)>& each);

    /// What this source did before, oldest first; without the one that is being handed out.
    [[nodiscard]] const std::vector<Attempt>& before(const IpAddress& source) const;

    StateTableBase& table() { return sources_; }

 private:
    struct Recent {
        std::vector<Attempt> attempts;
        [[nodiscard]] Json to_state() const;
        static Recent from_state(const Json& state);
    };

    void remember(const Contact& contact);

    const Locality& locality_;
    StateTable<Recent> sources_;
};

}  // namespace linnet
