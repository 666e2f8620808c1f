// The doorkeeper answers ZeroMQ's question whether a program that wants to connect may (ZAP, RFC 27 of ZeroMQ): by its key
// and the domain of the socket alone. Everybody else is refused: other mechanisms, unknown keys, keys of another role.
// It must be there before the first socket that serves securely is bound, and outlive the last one.
//
// What a message's sender proved to be is its property "User-Id": the public key that it holds. What that key is worth is
// looked up in Peers with every message, so that it is worth nothing from the moment it is revoked.
#pragma once

#include "peers.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <zmq.hpp>

namespace linnet {

class Doorkeeper {
 public:
    /// Domains of sockets, for serve_securely().
    static constexpr const char* sensors = "sensors";
    static constexpr const char* dashboards = "dashboards";

    /// Throws zmq::error_t where another doorkeeper has the place already.
    Doorkeeper(zmq::context_t& context, const Peers& peers);
    ~Doorkeeper();
    Doorkeeper(const Doorkeeper&) = delete;
    Doorkeeper& operator=(const Doorkeeper&) = delete;

    /// From now on these may come in. Connections that exist already are not ended by it.
    void admit(const Peers& peers);
    [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
    void serve();
    void answer();
    [[nodiscard]] bool admits(const std::string& key, PeerRole role);

    zmq::socket_t socket_;
    zmq::socket_t stop_, stopping_;
    std::mutex mutex_;
    std::vector<Peer> peers_;
    std::atomic<std::uint64_t> refused_{0};
    std::thread thread_;
};

}  // namespace linnet
