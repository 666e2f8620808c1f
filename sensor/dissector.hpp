// Dissectors read conversations and datagrams and emit what they mean.
//
// A dissector is a row in the table of dissectors.cpp: a name and two functions without state. A stream dissector is
// handed the first 4 KiB of both directions of a TCP conversation, in order, and is called again, from the beginning,
// whenever more has arrived: the same bytes give the same findings however they were cut into packets. Whoever calls it
// passes on only what is new (see Findings). A datagram dissector is handed one packet at a time.
//
// Everything here is an attacker's: read through ByteReader or LineReader, never past an end, never allocate by a
// length that the wire claims. A credential may be looked at, compared with the default list and forgotten.
#pragma once

#include "packet.hpp"
#include "wire/event.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct SensorSignatures;  // sensor_signatures.hpp

/// "When the client's byte number `client` arrived, the server had sent `server` bytes": one for each change of
/// direction, in rising order, at most Conversation::max_turns.
struct Turn {
    std::uint32_t client = 0;
    std::uint32_t server = 0;  ///< may lie beyond server_head, where that is full
};

struct Conversation {
    static constexpr std::size_t head_size = 4096;
    static constexpr std::size_t longest_head = 16 * 1024;  ///< of the server, where a dissector needs it
    static constexpr std::size_t max_turns = 512;
    Timestamp at;  ///< of the newest packet
    std::uint64_t flow_id = 0;
    Endpoint client, server;
    std::string_view app_proto;    ///< as in Flow; empty until known
    std::string_view client_head;  ///< the contiguous beginning of each direction, as far as it has been seen
    std::string_view server_head;
    std::span<const Turn> turns;
    bool midstream = false;  ///< the beginning of the connection was not seen
    bool closing = false;    ///< nothing more will be read: report what still waits for an answer as unknown
    const SensorSignatures* signatures = nullptr;  ///< for wants(), where the list decides who is wanted
    bool ended = false;                            ///< the client ended the connection, or somebody reset it
};

/// How many bytes the server had sent when the client's byte `client_offset` arrived.
std::size_t server_bytes_before(const Conversation& conversation, std::size_t client_offset);

/// Where a stream dissector puts what it found, always in the same order. A login whose outcome is still unknown is held
/// back until it is known or the conversation closes; what an earlier call has already delivered is not sent twice.
class Findings {
 public:
    virtual ~Findings() = default;
    /// `secret` is compared with the default list and dropped; client, server, time and flow are filled in.
    virtual void login(Service service, std::string_view user, std::string_view secret, Outcome outcome) = 0;
    /// Any other event. What it has of client, server, time and flow is filled in.
    virtual void tell(Event&& event) = 0;
    /// About the device at one end, made plain text; nothing where `value` is empty. Only devices at home: elsewhere, the
    /// hardware address is the router's. The same hint may be told again and again (see HintFilter).
    void hint(const Endpoint& device, std::string_view source, std::string_view key, std::string_view value);
    /// "This conversation speaks this protocol", where nDPI did not know or was wrong.
    virtual void app_proto(std::string_view name) = 0;
    /// "What came before these offsets need not be read again": an exchange is over, the heads may begin behind it, and a
    /// long conversation does not outgrow them. The offsets may lie beyond what has been seen.
    /// Where several dissectors read the conversation, it begins behind what all of them are done with.
    virtual void done(std::size_t /*client_offset*/, std::size_t /*server_offset*/) {}
    /// "What is worth knowing lies further on": the server's head may grow to so many bytes.
    virtual void need(std::size_t /*server_bytes*/) {}
    /// "Until the client speaks again, nothing that the server says changes what I found": where all readers of the
    /// conversation say so, they are not asked again before that, however long the answer is.
    virtual void settled() {}
    /// "Nothing that comes later matters to me": this dissector is not asked again about the conversation.
    virtual void finished() {}
    [[nodiscard]] virtual const SensorSignatures& signatures() const = 0;
};

struct StreamDissector {
    std::string_view name;
    bool (*wants)(const Conversation&);  ///< cheap: asked at the first bytes of each side and when the application is known
    void (*inspect)(const Conversation&, Findings&);
};

using Emit = std::function<void(Event&&)>;

struct DatagramDissector {
    std::string_view name;
    bool (*wants)(const Packet&);  ///< cheap: asked for every UDP and ICMPv6 packet, frame without IP and ICMP error
    void (*inspect)(const Packet&, const SensorSignatures&, const Emit&);
    /// Where there are some, a UDP packet is only shown to it when one of the packet's ports is among them.
    std::span<const std::uint16_t> ports = {};
};

/// The tables; see dissectors.cpp. At most 64 of each.
std::span<const StreamDissector> stream_dissectors();
std::span<const DatagramDissector> datagram_dissectors();

/// Lets every datagram dissector read the packet that wants it, in the order of the table.
void read_datagram(const Packet& packet, const SensorSignatures& signatures, const Emit& emit);

/// What strangers call themselves, made harmless: valid UTF-8 without control characters, at most 255 bytes.
std::string plain_text(std::string_view bytes);

}  // namespace linnet
