// The link between a sensor's shipper and an analyzer: nothing lost, nothing twice.
//
// Every event of a sensor has a sequence number: 1, 2, 3, … within one epoch. An epoch is one run of the sensor's
// shipper, or one capture file (its fingerprint), so that reading the same file again gives the same epoch and numbers.
// The analyzer accepts only the next number and acknowledges what it has *committed*; the shipper keeps everything that is
// not acknowledged and sends it again after a reconnect. See link_messages.fbs for the messages:
//
//   shipper (DEALER, connects)                 analyzer (ROUTER, binds)
//   Hello{protocol, sensor, epoch, source} ->
//                                           <- Welcome{epoch, committed}     start behind this number
//   Data{epoch, first, frames, crc32c}     ->  what is known already is skipped; behind a gap nothing is taken
//                                           <- Ack{epoch, committed}         after each commit, and every second at least
//
// A shipper that hears nothing for 5 s says Hello again; so does one that receives Ack{0, 0}, which answers data from
// somebody who has not said Hello (the analyzer was started anew). Messages are at most max_message bytes and verified
// before a field is read; Data whose frames do not have their checksum is no message, and comes again.
//
// Events that the shipper no longer has are told by Skip{epoch, last, from, to, reason}: the analyzer notes one Lost event
// for those behind what it has accepted, up to and with `last`, and goes on behind them. Said twice, it changes nothing. A
// shipper with events of several epochs, which it kept over a restart, delivers one epoch after the other, each with its
// Hello.
#pragma once

#include "event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zmq {
class socket_t;
}

namespace linnet::link {

inline constexpr std::uint16_t protocol_version = 1;
inline constexpr std::size_t max_message = 1024 * 1024;
inline constexpr std::uint64_t max_sequence = 1ULL << 53;  ///< numbers of events stay whole in everybody's arithmetic
inline constexpr const char* default_endpoint = "ipc:///run/linnet/events";

struct Hello {
    std::uint16_t protocol = protocol_version;
    std::string sensor;  ///< at most 64 bytes of [A-Za-z0-9._-]
    std::uint64_t epoch = 0;
    std::string source;   ///< what it listens to: "eth0", "capture.pcap"
    std::string sandbox;  ///< how its parser is locked in, for people; empty = not said
};
struct Welcome {
    std::uint64_t epoch = 0;
    std::uint64_t committed = 0;
};
struct Data {
    std::uint64_t epoch = 0;
    std::uint64_t first = 0;        ///< number of the first event in frames
    std::vector<std::byte> frames;  ///< frames as in frame.hpp, whole ones only
};
struct Ack {
    std::uint64_t epoch = 0;
    std::uint64_t committed = 0;
};
struct Skip {
    std::uint64_t epoch = 0;
    std::uint64_t last = 0;  ///< number of the newest event that will not come; 1 to max_sequence
    Timestamp from, to;      ///< when they were seen, as far as is known
    std::string reason;
};
using Message = std::variant<Hello, Welcome, Data, Ack, Skip>;

/// 1 to 64 of [A-Za-z0-9._-].
bool is_sensor_name(std::string_view name);

std::vector<std::byte> encode(const Message& message);
/// Nothing where the bytes are not a valid message within the limits.
std::optional<Message> decode(std::span<const std::byte> bytes);

/// Options that every socket of ours has: no lingering, bounded queues and message size, heartbeats, handshake limit.
void configure(zmq::socket_t& socket);

}  // namespace linnet::link
