// All that this analyzer needs to speak with programs on other machines: its own key, the list of those that were paired,
// and the doorkeeper, who always goes by that list. It must live longer than every socket of its context that serves
// securely.
#pragma once

#include "doorkeeper.hpp"
#include "peers.hpp"
#include "wire/keys.hpp"

#include <filesystem>
#include <string_view>
#include <zmq.hpp>

namespace linnet {

class Keyring {
 public:
    /// Makes the key at its first use. Throws KeyError, PeersError, and zmq::error_t where there can be no doorkeeper.
    Keyring(zmq::context_t& context, const std::filesystem::path& key, const std::filesystem::path& peers);

    [[nodiscard]] const KeyPair& own() const { return own_; }
    [[nodiscard]] const Peers& peers() const { return peers_; }
    /// Those whom the doorkeeper showed away.
    [[nodiscard]] std::uint64_t refused() const { return doorkeeper_.refused(); }

    /// Throws PeersError; then nothing has changed.
    void add(const Peer& peer);
    /// From now on its connections are worth nothing. False where there is none. Throws PeersError.
    bool remove(std::string_view name_or_key);

 private:
    KeyPair own_;
    Peers peers_;
    Doorkeeper doorkeeper_;
};

}  // namespace linnet
