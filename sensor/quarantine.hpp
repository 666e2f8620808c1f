// Packets at which a parser died, for whoever looks for the fault: a folder with the newest few, each a capture file of one
// packet that only its owner may read. Such a packet may hold a password; so it is kept only where a folder was named.
#pragma once

#include "packet_source.hpp"

#include <filesystem>
#include <optional>

namespace linnet {

class Quarantine {
 public:
    static constexpr std::size_t most = 16;  ///< files; the oldest goes

    /// Makes the folder where its parent exists. An empty path keeps nothing.
    explicit Quarantine(std::filesystem::path folder) : folder_{std::move(folder)} {}

    /// The file's name; nothing where no folder was named or it could not be written.
    std::optional<std::filesystem::path> keep(const RawPacket& packet);

 private:
    void make_room() const;

    std::filesystem::path folder_;
};

}  // namespace linnet
