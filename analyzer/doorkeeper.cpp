#include "doorkeeper.hpp"

#include "wire/keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace linnet {
namespace {

constexpr const char* zap = "inproc://zeromq.zap.01";
constexpr std::size_t key_bytes = 32;

/// A request of RFC 27: version, request id, domain, address, routing id, mechanism, credentials.
enum Part : std::size_t { version = 0, request_id = 1, domain = 2, mechanism = 5, credentials = 6, parts = 7 };

std::optional<PeerRole> role_of(const std::string& domain_name) {
    if (domain_name == Doorkeeper::sensors) return PeerRole::sensor;
    if (domain_name == Doorkeeper::dashboards) return PeerRole::dashboard;
    return std::nullopt;
}

std::string z85(const std::string& bytes) {
    std::array<char, key_length + 1> text{};
    if (bytes.size() != key_bytes ||
        zmq_z85_encode(text.data(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) == nullptr)
        return {};
    return text.data();
}

}  // namespace

Doorkeeper::Doorkeeper(zmq::context_t& context, const Peers& peers)
    : socket_{context, zmq::socket_type::rep},
      stop_{context, zmq::socket_type::pair},
      stopping_{context, zmq::socket_type::pair},
      peers_{peers.all()} {
    for (auto* socket : {&socket_, &stop_, &stopping_}) socket->set(zmq::sockopt::linger, 0);
    socket_.bind(zap);
    stopping_.bind("inproc://linnet.doorkeeper");
    stop_.connect("inproc://linnet.doorkeeper");
    thread_ = std::thread{[this] { serve(); }};
}

Doorkeeper::~Doorkeeper() {
    stop_.send(zmq::message_t{}, zmq::send_flags::dontwait);
    thread_.join();
}

void Doorkeeper::admit(const Peers& peers) {
    const std::lock_guard lock{mutex_};
    peers_ = peers.all();
}

void Doorkeeper::serve() {
    std::array<zmq::pollitem_t, 2> items{{{socket_.handle(), 0, ZMQ_POLLIN, 0}, {stopping_.handle(), 0, ZMQ_POLLIN, 0}}};
    while (true) {
        try {
            zmq::poll(items.data(), items.size());
            if (items[1].revents != 0) return;
            if (items[0].revents != 0) answer();
        } catch (const zmq::error_t& error) {
            if (error.num() != EINTR) return;  // the context is going; nobody new is admitted without an answer
        }
    }
}

void Doorkeeper::answer() {
    std::vector<std::string> request;
    do {
        zmq::message_t part;
        if (!socket_.recv(part)) return;
        if (request.size() <= parts) request.push_back(part.to_string());
    } while (socket_.get(zmq::sockopt::rcvmore));
    const bool understood = request.size() == parts && request[version] == "1.0" && request[mechanism] == "CURVE";
    const auto role = understood ? role_of(request[domain]) : std::nullopt;
    const auto key = role ? z85(request[credentials]) : std::string{};
    const bool welcome = role && admits(key, *role);
    if (!welcome) ++refused_;
    const std::string id = request.size() > request_id ? request[request_id] : "";
    const std::array<std::string, 6> answer{
        "1.0", id, welcome ? "200" : "400", welcome ? "" : "unknown key", welcome ? key : "", ""};
    for (std::size_t i = 0; i < answer.size(); ++i)
        socket_.send(zmq::buffer(answer.at(i)), i + 1 < answer.size() ? zmq::send_flags::sndmore : zmq::send_flags::none);
}

bool Doorkeeper::admits(const std::string& key, PeerRole role) {
    const std::lock_guard lock{mutex_};
    return std::any_of(peers_.begin(), peers_.end(), [&](const Peer& peer) { return peer.key == key && peer.role == role; });
}

}  // namespace linnet
