#include "inbox.hpp"

#include "wire/frame.hpp"

#include <algorithm>
#include <optional>
#include <span>

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

Inbox::Inbox(zmq::context_t& context, const std::vector<std::string>& endpoints, const Keyring* keyring)
    : entrance_{context, endpoints, PeerRole::sensor, keyring, link::max_message} {}

bool Inbox::receive(Store& store, std::size_t messages, const Applied& applied) {
    for (; messages > 0; --messages) {
        Entrance::Message message;
        const auto arrival = entrance_.receive(message);
        if (arrival == Entrance::Arrival::none) return false;
        if (arrival == Entrance::Arrival::message)
            on_message(store, message, applied);
        else
            ++counters_.refused;
    }
    return true;
}

void Inbox::on_message(Store& store, const Entrance::Message& message, const Applied& applied) {
    const auto& body = message.body;
    const auto content = link::decode({static_cast<const std::byte*>(body.data()), body.size()});
    const auto* hello = content ? std::get_if<link::Hello>(&*content) : nullptr;
    const auto* data = content ? std::get_if<link::Data>(&*content) : nullptr;
    const auto* skip = content ? std::get_if<link::Skip>(&*content) : nullptr;
    if (hello != nullptr)
        on_hello(store, message, *hello);
    else if (data != nullptr)
        on_data(store, message, *data, applied);
    else if (skip != nullptr)
        on_skip(store, message, *skip, applied);
    else
        on_nonsense(message.from);
}

void Inbox::on_hello(const Store& store, const Entrance::Message& from, const link::Hello& hello) {
    if (hello.protocol != link::protocol_version || hello.epoch == 0) {
        ++counters_.refused;
        return;
    }
    const SourceKey key{from.peer == nullptr ? hello.sensor : from.peer->name, hello.epoch};
    // Whoever says Hello last speaks for this run; an older connection of the same is dead or about to be.
    std::erase_if(sessions_, [&](const auto& entry) { return entry.first != from.from && entry.second.key == key; });
    if (!sessions_.contains(from.from)) make_room_for(from.from);
    sessions_[from.from] = {key, hello.source, hello.sandbox, Clock::now()};
    send(from.from, link::Welcome{hello.epoch, committed(store, key)});
}

void Inbox::make_room_for(const Caller& caller) {
    const auto silent_for_longest = [this](const auto& among) {
        auto oldest = sessions_.end();
        for (auto each = sessions_.begin(); each != sessions_.end(); ++each)
            if (among(each->first) && (oldest == sessions_.end() || each->second.heard < oldest->second.heard))
                oldest = each;
        return oldest;
    };
    const auto same_key = [&caller](const Caller& other) { return other.key == caller.key; };
    const auto of_key = std::count_if(sessions_.begin(), sessions_.end(), [&](const auto& e) { return same_key(e.first); });
    if (!caller.key.empty() && static_cast<std::size_t>(of_key) >= max_sessions_of_key)
        sessions_.erase(silent_for_longest(same_key));
    else if (sessions_.size() >= max_sessions)
        sessions_.erase(silent_for_longest([](const Caller&) { return true; }));
}

void Inbox::on_nonsense(const Caller& caller) {
    ++counters_.refused;
    if (sessions_.erase(caller) > 0) send(caller, link::Ack{0, 0});
}

Inbox::Session* Inbox::session_of(const Entrance::Message& from, std::uint64_t epoch) {
    const auto found = sessions_.find(from.from);
    const bool renamed = found != sessions_.end() && from.peer != nullptr && found->second.key.first != from.peer->name;
    if (renamed) sessions_.erase(found);
    if (renamed || found == sessions_.end()) {
        send(from.from, link::Ack{0, 0});  // "who are you?"
        return nullptr;
    }
    if (epoch != found->second.key.second) {
        ++counters_.refused;
        return nullptr;
    }
    found->second.heard = Clock::now();
    return &found->second;
}

void Inbox::on_skip(Store& store, const Entrance::Message& from, const link::Skip& skip, const Applied& applied) {
    const auto* session = session_of(from, skip.epoch);
    if (session == nullptr) return;
    const auto* before = store.find(session->key);
    const auto accepted = before == nullptr ? 0 : before->accepted;
    if (skip.last <= accepted) return;
    const Lost lost{.from = skip.from, .to = skip.to, .count = skip.last - accepted, .reason = skip.reason};
    auto& source = store.source(session->key, session->source);
    applied(source, lost);
    store.add_gap(source, lost, skip.last);
}

void Inbox::on_data(Store& store, const Entrance::Message& from, const link::Data& data, const Applied& applied) {
    auto* const session = session_of(from, data.epoch);
    if (session == nullptr) return;
    FrameReader reader;
    const auto frames = frames_of(reader, data);
    if (!frames) return on_nonsense(from.from);
    const auto* before = store.find(session->key);
    const auto accepted = before == nullptr ? 0 : before->accepted;
    if (data.first > accepted + 1) {
        ++counters_.gaps;
        sessions_.erase(from.from);
        send(from.from, link::Ack{0, 0});
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
    std::vector<Caller> gone;
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

void Inbox::close() { entrance_.close(); }

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

std::set<std::string> Inbox::connected_keys() const {
    std::set<std::string> keys;
    for (const auto& [peer, session] : sessions_)
        if (!peer.key.empty()) keys.insert(peer.key);
    return keys;
}

/// False where the peer is gone. A peer that does not read misses the message: the next one says the same and more.
bool Inbox::send(const Caller& to, const link::Message& message) {
    return entrance_.send(to, std::span<const std::byte>{link::encode(message)}) != Entrance::Sent::gone;
}

}  // namespace linnet
