// The shipper carries the Outbox's byte stream to an analyzer: nothing lost, nothing twice (wire/link.hpp).
//
// What it reads goes into the spool (spool.hpp) before it is taken out of the stream, and stays there until the analyzer has
// committed it; it is sent in batches. After a reconnect the analyzer says how far it got, and the rest is sent again. While
// the analyzer is away the spool grows to its limit: then, live, the oldest events go and are counted; reading a file, the
// stream is not read any further. The shipper never looks into an event.
#pragma once

#include "spool.hpp"
#include "wire/keys.hpp"
#include "wire/link.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace linnet {

/// Where the events come from decides what to do when the analyzer is away, or has lost its database.
enum class ShipOrigin : std::uint8_t {
    live,  ///< wait for ever; what either side lost is told as lost
    file,  ///< wait for a while; fail: the file can be read again
};

struct ShipperOptions {
    std::string endpoint = link::default_endpoint;
    std::string sensor;  ///< see link::is_sensor_name
    std::string source;  ///< "eth0", "capture.pcap"
    ShipOrigin origin = ShipOrigin::live;
    std::uint64_t epoch = 0;                              ///< not 0: random for live, the file's fingerprint for a file
    std::optional<std::chrono::seconds> connect_timeout;  ///< nothing: for ever (live), 10 s (file)
    std::chrono::seconds stop_timeout{5};                 ///< for what is not acknowledged when `stopping` turns true
    SpoolLimits spool;
    std::span<const int> slots;      ///< of the spool; empty: memory of its own
    bool spool_stays = false;        ///< the slots outlive the sensor: at the end nobody waits for an absent analyzer
    bool after_another = false;      ///< a shipper before this one was killed, with these slots and this stream
    std::function<bool()> stopping;  ///< asked at least ten times a second; may be empty
    std::function<void(const std::string&)> say;  ///< a line for the log: connection lost, connection back; may be empty
    std::string sandbox;                          ///< how the parser is locked in, for people
    std::optional<Credentials> credentials;       ///< there where the endpoint leaves the machine
};

struct ShipResult {
    bool ok = false;              ///< the stream is at its end and everything is committed, or in a spool that stays
    std::uint64_t committed = 0;  ///< events
    std::uint64_t left = 0;       ///< events read from the stream and not known to be committed
    bool cut = false;             ///< something in the stream was no whole event, and was left out
    std::string error;            ///< one sentence, where not ok
};

/// Reads `fd`, a socket that keeps writes apart (SOCK_SEQPACKET), to its end. Throws zmq::error_t where the endpoint is not
/// one, and KeyError where it leaves the machine and there are no credentials: events travel by CURVE or not at all.
ShipResult ship(int fd, const ShipperOptions& options);

/// The host's name, as far as it is a sensor name; "sensor" where nothing is left of it.
std::string default_sensor_name();

}  // namespace linnet
