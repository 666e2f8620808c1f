// Where programs of one role come in. ipc:// endpoints share a plain ROUTER socket: the rights of their folder say who may.
// All other endpoints share a second one that speaks CURVE and nothing else; there, a program is its key, and what that key
// is worth is looked up with every message in both directions. Revoked, an open connection is worth nothing.
#pragma once

#include "keyring.hpp"

#include <compare>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>
#include <zmq.hpp>

namespace linnet {

/// One connection. Routing ids of the two sockets may be the same; a key tells them apart.
struct Caller {
    std::string key;    ///< public, proven; empty = by ipc://
    std::string route;  ///< ZeroMQ's routing id
    auto operator<=>(const Caller&) const = default;
};

class Entrance {
 public:
    enum class Arrival : unsigned char { none, refused, message };
    enum class Sent : unsigned char { yes, later, gone };

    struct Message {
        Caller from;
        const Peer* peer = nullptr;  ///< whom the key belongs to, until peers change; nullptr = by ipc://
        zmq::message_t body;
    };

    /// Throws EndpointError (endpoint.hpp); also where an endpoint leaves the machine and there is no keyring.
    Entrance(zmq::context_t& context, const std::vector<std::string>& endpoints, PeerRole role, const Keyring* keyring,
             std::size_t max_message);

    /// Readable where somebody said something.
    void add_to(std::vector<zmq::pollitem_t>& items);

    /// The next message that waits. Refused is what is not one part, or comes from a key that is worth nothing (any more).
    Arrival receive(Message& into);
    /// Never waits: "later" is for a caller that does not read, and this message is lost to it. "Gone" is also whoever was
    /// revoked.
    Sent send(const Caller& to, std::span<const std::byte> bytes);
    Sent send(const Caller& to, std::string_view text) { return send(to, std::as_bytes(std::span{text})); }

    /// Before the end: what was sent is delivered, within a second.
    void close();

 private:
    Arrival receive(zmq::socket_t& socket, Message& into) const;
    [[nodiscard]] const Peer* peer_of(const std::string& key) const;

    PeerRole role_;
    const Keyring* keyring_;
    std::optional<zmq::socket_t> local_, networked_;
    bool networked_first_ = false;  ///< so that neither can keep the other waiting
};

}  // namespace linnet
