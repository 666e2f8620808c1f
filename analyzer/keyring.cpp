#include "keyring.hpp"

namespace linnet {

Keyring::Keyring(zmq::context_t& context, const std::filesystem::path& key, const std::filesystem::path& peers)
    : own_{own_keys(key)}, peers_{peers}, doorkeeper_{context, peers_} {}

void Keyring::add(const Peer& peer) {
    peers_.add(peer);
    doorkeeper_.admit(peers_);
}

bool Keyring::remove(std::string_view name_or_key) {
    const bool removed = peers_.remove(name_or_key);
    if (removed) doorkeeper_.admit(peers_);
    return removed;
}

}  // namespace linnet
