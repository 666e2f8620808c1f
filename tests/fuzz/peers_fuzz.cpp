// The list of paired programs.
#include "analyzer/peers.hpp"
#include "wire/keys.hpp"
#include "wire/link.hpp"

#include <cstdlib>

using namespace linnet;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const auto peers = Peers::parse({reinterpret_cast<const char*>(data), size});
        if (peers.size() > Peers::max_peers) std::abort();
        for (const auto& peer : peers)
            if (!is_public_key(peer.key) || !link::is_sensor_name(peer.name)) std::abort();
    } catch (const PeersError&) {
    }
    return 0;
}
