#include "dissector.hpp"

#include <algorithm>
#include <utility>

namespace linnet {

std::size_t server_bytes_before(const Conversation& conversation, std::size_t client_offset) {
    const auto after = std::partition_point(conversation.turns.begin(), conversation.turns.end(),
                                            [&](const Turn& turn) { return turn.client <= client_offset; });
    return after == conversation.turns.begin() ? 0 : std::prev(after)->server;
}

void Findings::hint(std::string_view key, std::string_view value) {
    DeviceHint hint;
    hint.key = key;
    hint.value = plain_text(value);
    tell(std::move(hint));
}

}  // namespace linnet
