// nDPI behind one door: "which application is this?" The only file that knows nDPI, whose calls changed between 4.2 and 5.0.
//
// Debian's nDPI 4.2 has known faults in its DNS, HTTP and QUIC dissectors (an endless loop, memory errors), mended later.
// Those dissectors stay off; the few bytes that tell these protocols are looked at here, before nDPI is asked at all. nDPI's
// state of a flow (about 700 bytes, which may hold a telnet password) is wiped as soon as the application is known.
#pragma once

#include "packet.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace linnet {

/// What was found out; both zero = nothing. The numbers are meaningful to one ProtocolDetector only.
struct AppId {
    std::uint16_t protocol = 0;  ///< "tls"
    std::uint16_t service = 0;   ///< "Netflix", or 0
    [[nodiscard]] bool known() const { return protocol != 0; }
};

class ProtocolDetector {
 public:
    /// nDPI's memory for one conversation whose application is not known yet. Wiped when destroyed.
    class Attempt;
    struct DeleteAttempt {
        void operator()(Attempt* attempt) const;
    };
    using AttemptPtr = std::unique_ptr<Attempt, DeleteAttempt>;

    /// How many conversations nDPI may look at at the same time; those above are never detected by nDPI.
    static constexpr std::size_t max_attempts = 4096;
    /// After so many packets with payload nDPI has to say what it thinks.
    static constexpr unsigned max_packets_tcp = 8;
    static constexpr unsigned max_packets_udp = 4;

    /// Throws std::runtime_error where nDPI cannot be set up.
    ProtocolDetector();
    ~ProtocolDetector();
    ProtocolDetector(const ProtocolDetector&) = delete;
    ProtocolDetector& operator=(const ProtocolDetector&) = delete;

    /// The protocols whose first bytes are plain: no state and no nDPI. `packet` has payload.
    [[nodiscard]] AppId sniff(const Packet& packet) const;

    /// Nothing where max_attempts are under way.
    AttemptPtr begin();

    struct Answer {
        AppId app;
        bool final = false;  ///< known, or given up: destroy the attempt
    };
    /// Hands the packet to nDPI. `packet` has payload.
    Answer ask(Attempt& attempt, const Packet& packet);

    /// Lower case for protocols ("telnet"), nDPI's spelling for services ("Netflix"); empty for 0. Lives as long as this
    /// object.
    [[nodiscard]] std::string_view protocol_name(AppId app) const;
    [[nodiscard]] std::string_view service_name(AppId app) const;
    /// The id for a protocol that a dissector named: one of the names above, or a new one.
    AppId named(std::string_view protocol);

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace linnet
