// Facts: what speaks *for* a device, and what keeps Linnet from saying so. Alerts say what is wrong; these are the counts
// behind "supported": protected conversations with outside servers, certificates that a device refused, factory passwords
// and connection attempts that it turned away.
//
// Each device has the counts of two periods, the running one and the one before; a period is `report.days` long, so what
// happened longer ago than two of them is forgotten. Bounded: max_devices rows of at most about 1 KB, the least recently
// changed gives way; and so many addresses with their MAC.
#pragma once

#include "analyzer/household.hpp"
#include "analyzer/report/guidelines.hpp"
#include "analyzer/state_table.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/// The numbers of [report] in thresholds.toml.
struct ReportLimits {
    explicit ReportLimits(Thresholds& thresholds);
    Duration period;
    std::uint64_t protected_conversations;  ///< for guideline 5
    std::uint64_t refused_ports;            ///< for guideline 6
    std::uint64_t refused_passwords;        ///< for guideline 1
    std::uint64_t update_servers;           ///< for guideline 3: handshakes
};

/// How often something was seen, from when to when, and with whom last.
struct Tally {
    std::uint64_t count = 0;  ///< conversations that are over; one that still goes on has count 0 and is known()
    Timestamp first, last;
    IpAddress peer;
    Port port;
    std::string what;  ///< application or server name of the last, at most 100 bytes

    void add(std::uint64_t times, Timestamp at, const IpAddress& who, Port where, std::string_view name);
    void add(const Tally& other);
    [[nodiscard]] bool known() const { return last != Timestamp{} || count > 0; }
    [[nodiscard]] std::uint64_t times() const { return count > 0 || !known() ? count : 1; }
    [[nodiscard]] Json to_state() const;
    static Tally from_state(const Json& state);
};

struct DeviceFacts {
    static constexpr std::size_t max_ports = 256, max_entries = 64, max_services = 8;

    // As a client, of outside servers where nothing else is said.
    Tally tls_good;     ///< handshakes of TLS 1.2 or newer
    Tally tls_old;      ///< of older ones
    Tally tls_flows;    ///< conversations over TLS that were heard from their beginning
    Tally quic;         ///< QUIC and other protocols that are always encrypted
    Tally readable;     ///< conversations in clear, also inside
    Tally unclear;      ///< Linnet does not know the protocol, or whether it switched to TLS
    Tally updates;      ///< handshakes of TLS 1.2 or newer with a server whose name is one of updates
    Tally refused_tls;  ///< handshakes that the device broke off over a certificate

    // As a server.
    Tally refused;                             ///< attempts to reach a TCP port that came to nothing
    std::vector<std::uint16_t> refused_ports;  ///< distinct ones, sorted
    Tally refused_logins;                      ///< factory passwords that did not get in
    std::vector<std::uint16_t> refused_entries;
    Tally doubtful_logins;  ///< factory passwords of which it was not seen whether they got in
    struct Service {
        Proto proto = Proto::none;
        Tally use;  ///< `port` is the device's own, `what` the application
    };
    std::vector<Service> services;  ///< that answered; the first ones
    bool more_services = false;

    /// Are all services that answered protected ones?
    [[nodiscard]] bool services_protected() const;

    bool heard = false;  ///< any conversation at all, not only announcements

    void add(const DeviceFacts& other);
    [[nodiscard]] Json to_state() const;
    static DeviceFacts from_state(const Json& state);
};

class Facts {
 public:
    static constexpr std::size_t max_addresses = 8'192;

    Facts(std::size_t max_devices, const ReportLimits& limits, std::shared_ptr<const Signatures> signatures);

    /// Behind Household::apply().
    void apply(const Event& event, const Household& household);

    /// Of both periods together; a device of which nothing is known has none of anything.
    [[nodiscard]] DeviceFacts of(const Device& device) const;
    [[nodiscard]] const ReportLimits& limits() const { return limits_; }

    std::vector<StateTableBase*> tables() { return {&devices_, &owners_}; }

 private:
    struct Row {
        Timestamp since;  ///< when the running period began
        DeviceFacts now, before;
        [[nodiscard]] Json to_state() const;
        static Row from_state(const Json& state);
    };
    struct Owner {
        MacAddress mac;
        [[nodiscard]] Json to_state() const { return to_string(mac); }
        static Owner from_state(const Json& state);
    };

    void note(const Flow& flow, const Household& household);
    void note(const Probe& probe, const Household& household);
    void note(const TlsHandshake& hello, const Household& household);
    void note(const Certificate& certificate, const Household& household);
    void note(const Login& login, const Household& household);
    void note(const AddressBinding& binding, const Household& household);
    void note(const auto& /*nothing that speaks for a device*/, const Household&) {}

    DeviceFacts& at_end(const Endpoint& end, const Endpoint& peer, Timestamp at, const Household& household);
    DeviceFacts& row(const std::string& key, Timestamp at);
    static void note_as_client(const Flow& flow, bool outside, DeviceFacts& facts);

    ReportLimits limits_;
    std::shared_ptr<const Signatures> signatures_;
    StateTable<Row> devices_;
    StateTable<Owner> owners_;
};

}  // namespace linnet
