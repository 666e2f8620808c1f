#include "dissector.hpp"

#include <algorithm>
#include <utility>

namespace linnet {

std::size_t server_bytes_before(const Conversation& conversation, std::size_t client_offset) {
    const auto after = std::partition_point(conversation.turns.begin(), conversation.turns.end(),
                                            [&](const Turn& turn) { return turn.client <= client_offset; });
    return after == conversation.turns.begin() ? 0 : std::prev(after)->server;
}

void Findings::hint(const Endpoint& device, std::string_view source, std::string_view key, std::string_view value) {
    if (!device.ip.is_private() || device.ip.is_loopback()) return;
    auto text = plain_text(value);
    if (text.empty()) return;
    tell(DeviceHint{.at = {},
                    .mac = device.mac,
                    .ip = device.ip,
                    .source = std::string{source},
                    .key = std::string{key},
                    .value = std::move(text)});
}

}  // namespace linnet
