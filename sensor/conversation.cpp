#include "dissector.hpp"

#include <algorithm>

namespace linnet {

std::size_t server_bytes_before(const Conversation& conversation, std::size_t client_offset) {
    const auto after = std::partition_point(conversation.turns.begin(), conversation.turns.end(),
                                            [&](const Turn& turn) { return turn.client <= client_offset; });
    return after == conversation.turns.begin() ? 0 : std::prev(after)->server;
}

}  // namespace linnet
