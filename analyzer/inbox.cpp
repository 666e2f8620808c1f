#include "inbox.hpp"

#include "endpoint.hpp"
#include "wire/frame.hpp"

#include <algorithm>
#include <cerrno>

namespace linnet {
namespace {

/// The frames of one message, without copying them again. Nothing where they are not whole ones.
std::optional<std::vector<std::span<const std::byte>>> frames_of(FrameReader& reader, const link::Data& data) {
    std::vector<std::span<const std::byte>> frames;
    reader.feed(data.frames);
    while (const auto frame = reader.next()) frames.push_back(*frame);
    if (reader.broken() || reader.pending() > 0) return std::nullopt;
    return frames;
}

std::uint64_t committed(const Store& store, const SourceKey& key) {
    const auto* source = store.find(key);
    return source == nullptr ? 0 : source->committed;
}

}  // namespace

Inbox::Inbox(zmq::context_t& context, const std::vector<std::string>& endpoints)
    : socket_{context, zmq::socket_type::router} {
    link::configure(socket_);
    socket_.set(zmq::sockopt::router_mandatory, true);  // a send to a peer that is gone says so
    for (const auto& endpoint : endpoints) bind(socket_, endpoint);
}

bool Inbox::receive(Store& store, std::size_t messages, const std::function<void(const Source&, const Event&)>& applied) {
    for (; messages > 0; --messages) {
        zmq::message_t peer, body;
        if (!socket_.recv(peer, zmq::recv_flags::dontwait)) return false;
        std::size_t parts = 0;
        while (socket_.get(zmq::sockopt::rcvmore)) {
            zmq::message_t part;
            if (!socket_.recv(part, zmq::recv_flags::dontwait)) break;
            if (++parts == 1) body = std::move(part);
        }
        const auto message = link::decode({static_cast<const std::byte*>(body.data()), body.size()});
        const auto name = peer.to_string();
        const auto* hello = message ? std::get_if<link::Hello>(&*message) : nullptr;
        const auto* data = message ? std::get_if<link::Data>(&*message) : nullptr;
        const auto* skip = message ? std::get_if<link::Skip>(&*message) : nullptr;
        if (parts == 1 && hello != nullptr)
            on_hello(store, name, *hello);
        else if (parts == 1 && data != nullptr)
            on_data(store, name, *data, applied);
        else if (parts == 1 && skip != nullptr)
            on_skip(store, name, *skip, applied);
        else
            on_nonsense(name);
    }
    return true;
}

void Inbox::on_hello(const Store& store, const std::string& peer, const link::Hello& hello) {
    if (hello.protocol != link::protocol_version || hello.epoch == 0) {
        ++counters_.refused;
        return;
    }
    const SourceKey key{hello.sensor, hello.epoch};
    // Whoever says Hello last speaks for this run; an older connection of the same is dead or about to be.
    std::erase_if(sessions_, [&](const auto& entry) { return entry.first != peer && entry.second.key == key; });
    if (!sessions_.contains(peer)) make_room();
    sessions_[peer] = {key, hello.source, hello.sandbox, Clock::now()};
    send(peer, link::Welcome{hello.epoch, committed(store, key)});
}

void Inbox::make_room() {
    if (sessions_.size() < max_sessions) return;
    sessions_.erase(std::min_element(sessions_.begin(), sessions_.end(),
                                     [](const auto& a, const auto& b) { return a.second.heard < b.second.heard; }));
}

void Inbox::on_nonsense(const std::string& peer) {
    ++counters_.refused;
    if (sessions_.erase(peer) > 0) send(peer, link::Ack{0, 0});
}

Inbox::Session* Inbox::session_of(const std::string& peer, std::uint64_t epoch) {
    const auto found = sessions_.find(peer);
    if (found == sessions_.end()) {
        send(peer, link::Ack{0, 0});  // "who are you?"
        return nullptr;
    }
    if (epoch != found->second.key.second) {
        ++counters_.refused;
        return nullptr;
    }
    found->second.heard = Clock::now();
    return &found->second;
}

void Inbox::on_skip(Store& store, const std::string& peer, const link::Skip& skip,
                    const std::function<void(const Source&, const Event&)>& applied) {
    const auto* session = session_of(peer, skip.epoch);
    if (session == nullptr) return;
    const auto* before = store.find(session->key);
    const auto accepted = before == nullptr ? 0 : before->accepted;
    if (skip.last <= accepted) return;
    const Lost lost{.from = skip.from, .to = skip.to, .count = skip.last - accepted, .reason = skip.reason};
    auto& source = store.source(session->key, session->source);
    applied(source, lost);
    store.add_gap(source, lost, skip.last);
}

void Inbox::on_data(Store& store, const std::string& peer, const link::Data& data,
                    const std::function<void(const Source&, const Event&)>& applied) {
    auto* const session = session_of(peer, data.epoch);
    if (session == nullptr) return;
    FrameReader reader;
    const auto frames = frames_of(reader, data);
    if (!frames) return on_nonsense(peer);
    const auto* before = store.find(session->key);
    const auto accepted = before == nullptr ? 0 : before->accepted;
    if (data.first > accepted + 1) {
        ++counters_.gaps;
        sessions_.erase(peer);
        send(peer, link::Ack{0, 0});
        return;
    }
    const auto known = accepted + 1 - data.first;
    if (known >= frames->size()) return;
    auto& source = store.source(session->key, session->source);
    for (const auto& frame : std::span{*frames}.subspan(known)) {
        const auto event = decode_event(frame);
        if (event) applied(source, *event);
        store.add(source, event);
    }
}

void Inbox::acknowledge(const Store& store) {
    std::vector<std::string> gone;
    for (const auto& [peer, session] : sessions_) {
        if (!send(peer, link::Ack{session.key.second, committed(store, session.key)})) gone.push_back(peer);
    }
    for (const auto& peer : gone) sessions_.erase(peer);
}

/// Whom this does not reach hears nothing more, and says Hello by itself.
void Inbox::start_over() {
    for (const auto& [peer, session] : sessions_) send(peer, link::Ack{0, 0});
    sessions_.clear();
}

void Inbox::close() {
    socket_.set(zmq::sockopt::linger, 1'000);
    socket_.close();
}

std::string Inbox::sandbox_of(const SourceKey& key) const {
    const auto found =
        std::find_if(sessions_.begin(), sessions_.end(), [&](const auto& entry) { return entry.second.key == key; });
    return found == sessions_.end() ? "" : found->second.sandbox;
}

std::set<SourceKey> Inbox::connected() const {
    std::set<SourceKey> keys;
    for (const auto& [peer, session] : sessions_) keys.insert(session.key);
    return keys;
}

/// False where the peer is gone. A peer that does not read misses the message: the next one says the same and more.
bool Inbox::send(const std::string& peer, const link::Message& message) {
    try {
        if (!socket_.send(zmq::buffer(peer), zmq::send_flags::dontwait | zmq::send_flags::sndmore)) return true;
        socket_.send(zmq::buffer(link::encode(message)), zmq::send_flags::dontwait);
    } catch (const zmq::error_t& error) {
        if (error.num() != EHOSTUNREACH) throw;
        return false;
    }
    return true;
}

}  // namespace linnet
