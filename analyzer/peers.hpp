// The programs that may speak with this analyzer over the network: their keys, what each may do, and what people call them.
// A small file of JSON, which this user alone may read; a change is written whole or not at all. It is not in the database:
// a copy of yesterday must not bring back who was shown out today.
#pragma once

#include "wire/types.hpp"

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/// what() is a sentence that says what to do.
struct PeersError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class PeerRole : std::uint8_t {
    sensor,     ///< may tell what it sees, under its own name and no other
    dashboard,  ///< may ask and decide all that a person may
};
std::string_view to_string(PeerRole role);
std::optional<PeerRole> peer_role(std::string_view name);

struct Peer {
    std::string key;   ///< public, Z85
    std::string name;  ///< link::is_sensor_name; no two peers of one role have the same
    PeerRole role = PeerRole::sensor;
    Timestamp since;  ///< paired
    bool operator==(const Peer&) const = default;
};

class Peers {
 public:
    static constexpr std::size_t max_peers = 256;

    /// No file: no peers. Throws PeersError where it cannot be read or is damaged.
    explicit Peers(std::filesystem::path file);

    /// What is in such a file. Throws PeersError.
    static std::vector<Peer> parse(std::string_view text);

    [[nodiscard]] const std::vector<Peer>& all() const { return peers_; }
    [[nodiscard]] const Peer* find(std::string_view key, PeerRole role) const;

    /// Throws PeersError where the name is taken by another key, is none, or there are too many, or the file cannot be
    /// written; then nothing has changed. A key that is known already in that role gets the new name.
    void add(const Peer& peer);
    /// By name or key, in every role. False where there is none.
    bool remove(std::string_view name_or_key);

 private:
    void save(std::vector<Peer> peers);

    std::filesystem::path file_;
    std::vector<Peer> peers_;
};

}  // namespace linnet
