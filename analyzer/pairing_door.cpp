#include "pairing_door.hpp"

#include "endpoint.hpp"
#include "wire/link.hpp"

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

namespace linnet {

std::string_view PairingDoor::to_string(End end) {
    switch (end) {
        case End::paired: return "paired";
        case End::time: return "time";
        case End::tries: return "tries";
        case End::cancelled: return "cancelled";
        default: return "";
    }
}

PairingDoor::PairingDoor(zmq::context_t& context, std::string own_public_key, std::vector<std::string> endpoints)
    : context_{context}, own_key_{std::move(own_public_key)}, endpoints_{std::move(endpoints)} {}

void PairingDoor::open(PeerRole role, Clock::time_point now) {
    if (exchange_) {
        send(pairing::Host::verdict(false));
        exchange_.reset();
    }
    if (!socket_) listen();
    role_ = role;
    closes_at_ = now + pairing::open_for;
    tries_ = pairing::tries;
    end_ = End::none;
}

void PairingDoor::listen() {
    zmq::socket_t socket{context_, zmq::socket_type::router};
    link::configure(socket);
    socket.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(pairing::max_message));
    socket.set(zmq::sockopt::router_mandatory, true);
    for (const auto& endpoint : endpoints_) {
        constexpr int patience = 20;  // ZeroMQ takes a moment to leave the place that it had before
        for (int i = 1;; ++i) {
            try {
                bind(socket, endpoint);
                break;
            } catch (const EndpointError&) {
                if (i == patience) throw;
                std::this_thread::sleep_for(std::chrono::milliseconds{10});
            }
        }
    }
    bound_ = socket.get(zmq::sockopt::last_endpoint);
    socket_ = std::move(socket);
}

/// What was sent goes out, within a second; nobody comes in any more.
void PairingDoor::close(End end) {
    if (!socket_) return;
    if (exchange_ && end != End::paired) send(pairing::Host::verdict(false));
    exchange_.reset();
    socket_->set(zmq::sockopt::linger, 1'000);
    socket_.reset();
    end_ = end;
}

std::optional<zmq::pollitem_t> PairingDoor::poll_item() {
    return socket_ ? std::optional{zmq::pollitem_t{socket_->handle(), 0, ZMQ_POLLIN, 0}} : std::nullopt;
}

std::chrono::seconds PairingDoor::time_left(Clock::time_point now) const {
    return std::max(std::chrono::ceil<std::chrono::seconds>(closes_at_ - now), std::chrono::seconds{0});
}

void PairingDoor::serve(Clock::time_point now) {
    if (socket_ && now >= closes_at_) close(End::time);
    constexpr int at_once = 16;
    for (int i = 0; i < at_once && socket_; ++i) {
        zmq::message_t route, body;
        if (!socket_->recv(route, zmq::recv_flags::dontwait)) break;
        std::size_t parts = 0;
        while (socket_->get(zmq::sockopt::rcvmore)) {
            zmq::message_t part;
            if (!socket_->recv(part, zmq::recv_flags::dontwait)) break;
            if (++parts == 1) body = std::move(part);
        }
        if (parts == 1) on_message(route.to_string(), body, now);
    }
    if (exchange_ && now >= exchange_->until) look_after_guest(now);
}

void PairingDoor::on_message(const std::string& route, const zmq::message_t& body, Clock::time_point now) {
    const std::span bytes{static_cast<const std::byte*>(body.data()), body.size()};
    if (!exchange_) {
        Exchange next{route, pairing::Host{own_key_, pairing::random_number()}, {}, now + exchange_time};
        const auto commitment = next.host.on_ask(bytes);
        if (!commitment) return;
        exchange_ = std::move(next);
        if (!send(*commitment)) exchange_.reset();
        return;
    }
    if (exchange_->route != route || !exchange_->reveal.empty()) return;  // one at a time
    const auto reveal = exchange_->host.on_offer(bytes);
    if (!reveal) {
        exchange_.reset();
        return;
    }
    --tries_;
    exchange_->reveal = *reveal;
    exchange_->until = now + look_after;
    if (!send(*reveal)) end_exchange();
}

/// A guest that has the reveal passes over it; sending it again says whether it is still there.
void PairingDoor::look_after_guest(Clock::time_point now) {
    const bool asked = !exchange_->reveal.empty();
    exchange_->until = now + look_after;
    if (!asked || !send(exchange_->reveal)) end_exchange();
}

void PairingDoor::end_exchange() {
    exchange_.reset();
    if (tries_ <= 0) close(End::tries);
}

std::optional<Peer> PairingDoor::guest() const {
    if (!exchange_ || exchange_->reveal.empty()) return std::nullopt;
    return Peer{exchange_->host.guest_key(), exchange_->host.guest_name(), role_, {}};
}

bool PairingDoor::enter(const std::string& digits) {
    if (!guest()) return false;
    if (digits == exchange_->host.digits()) return true;
    deny();
    return false;
}

void PairingDoor::confirm() {
    if (exchange_) send(pairing::Host::verdict(true));
    close(End::paired);
}

void PairingDoor::deny() {
    if (!exchange_) return;
    send(pairing::Host::verdict(false));
    end_exchange();
}

/// False where the guest is gone.
bool PairingDoor::send(const pairing::Bytes& bytes) {
    try {
        if (!socket_->send(zmq::buffer(exchange_->route), zmq::send_flags::dontwait | zmq::send_flags::sndmore)) return true;
        socket_->send(zmq::buffer(bytes), zmq::send_flags::dontwait);
    } catch (const zmq::error_t& error) {
        if (error.num() != EHOSTUNREACH) throw;
        return false;
    }
    return true;
}

}  // namespace linnet
