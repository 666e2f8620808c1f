#include "entrance.hpp"

#include "endpoint.hpp"
#include "wire/link.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdint>

namespace linnet {
namespace {

void configure(zmq::socket_t& socket, std::size_t max_message) {
    link::configure(socket);
    socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(max_message));
    socket.set(zmq::sockopt::router_mandatory, true);  // a send to a peer that is gone says so
}

constexpr const char* nobody = "-";  ///< no key, and not "by ipc://" either

const char* domain_of(PeerRole role) { return role == PeerRole::sensor ? Doorkeeper::sensors : Doorkeeper::dashboards; }

}  // namespace

Entrance::Entrance(zmq::context_t& context, const std::vector<std::string>& endpoints, PeerRole role, const Keyring* keyring,
                   std::size_t max_message)
    : role_{role}, keyring_{keyring} {
    for (const auto& endpoint : endpoints) {
        const bool leaves = leaves_machine(endpoint);
        auto& socket = leaves ? networked_ : local_;
        if (leaves && keyring == nullptr)
            throw EndpointError{fmt::format("Cannot listen at {}: there are no keys to know anybody by.", endpoint)};
        if (!socket) {
            socket.emplace(context, zmq::socket_type::router);
            configure(*socket, max_message);
            if (leaves) serve_securely(*socket, keyring->own(), domain_of(role));
        }
        bind(*socket, endpoint);
    }
}

void Entrance::add_to(std::vector<zmq::pollitem_t>& items) {
    for (auto* socket : {&local_, &networked_})
        if (*socket) items.push_back({(*socket)->handle(), 0, ZMQ_POLLIN, 0});
}

Entrance::Arrival Entrance::receive(Message& into) {
    networked_first_ = !networked_first_;
    auto& first = networked_first_ ? networked_ : local_;
    auto& second = networked_first_ ? local_ : networked_;
    const auto arrival = first ? receive(*first, into) : Arrival::none;
    return arrival == Arrival::none && second ? receive(*second, into) : arrival;
}

Entrance::Arrival Entrance::receive(zmq::socket_t& socket, Message& into) const {
    zmq::message_t route;
    if (!socket.recv(route, zmq::recv_flags::dontwait)) return Arrival::none;
    std::size_t parts = 0;
    while (socket.get(zmq::sockopt::rcvmore)) {
        zmq::message_t part;
        if (!socket.recv(part, zmq::recv_flags::dontwait)) break;
        if (++parts == 1) into.body = std::move(part);
    }
    into.from = {{}, route.to_string()};
    into.peer = nullptr;
    if (!networked_ || &socket != &*networked_) return parts == 1 ? Arrival::message : Arrival::refused;
    const char* key = zmq_msg_gets(into.body.handle(), "User-Id");
    into.from.key = key == nullptr || *key == '\0' ? nobody : key;
    into.peer = peer_of(into.from.key);
    return into.peer == nullptr || parts != 1 ? Arrival::refused : Arrival::message;
}

const Peer* Entrance::peer_of(const std::string& key) const {
    return keyring_ == nullptr || key.empty() ? nullptr : keyring_->peers().find(key, role_);
}

Entrance::Sent Entrance::send(const Caller& to, std::span<const std::byte> bytes) {
    if (!to.key.empty() && peer_of(to.key) == nullptr) return Sent::gone;
    auto& socket = to.key.empty() ? local_ : networked_;
    if (!socket) return Sent::gone;
    try {
        if (!socket->send(zmq::buffer(to.route), zmq::send_flags::dontwait | zmq::send_flags::sndmore)) return Sent::later;
        const zmq::const_buffer content{bytes.data(), bytes.size()};
        return socket->send(content, zmq::send_flags::dontwait) ? Sent::yes : Sent::later;
    } catch (const zmq::error_t& error) {
        if (error.num() != EHOSTUNREACH) throw;
        return Sent::gone;
    }
}

void Entrance::close() {
    for (auto* socket : {&local_, &networked_}) {
        if (!*socket) continue;
        (*socket)->set(zmq::sockopt::linger, 1'000);
        (*socket)->close();
    }
}

}  // namespace linnet
