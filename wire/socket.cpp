#include "link.hpp"

#include <zmq.hpp>

namespace linnet::link {

void configure(zmq::socket_t& socket) {
    namespace opt = zmq::sockopt;
    // Queues are counted in messages of up to max_message bytes: 16 keep one peer below 16 MiB.
    constexpr int queue = 16;
    socket.set(opt::linger, 0);
    socket.set(opt::sndhwm, queue);
    socket.set(opt::rcvhwm, queue);
    socket.set(opt::maxmsgsize, static_cast<std::int64_t>(max_message));
    socket.set(opt::ipv6, true);
    socket.set(opt::handshake_ivl, 2'000);  // idle strangers may not hold a place for longer
    socket.set(opt::heartbeat_ivl, 2'000);
    socket.set(opt::heartbeat_timeout, 6'000);
    socket.set(opt::heartbeat_ttl, 10'000);
    socket.set(opt::reconnect_ivl, 100);
    socket.set(opt::reconnect_ivl_max, 2'000);
}

}  // namespace linnet::link
