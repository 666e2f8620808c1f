// A finding about a conversation between two ends, one of which at least is at home.
#pragma once

#include "analyzer/detector.hpp"

#include <optional>

namespace linnet {

enum class Way : std::uint8_t { inside, outwards, inwards };

/// Which way `client` speaks to `server`; nothing where neither is at home.
std::optional<Way> way_of(const Endpoint& client, const Endpoint& server, const Household& household);

/// Filled in: detector, device (`about`), addresses, peer (`other`) and time. src is the client.
struct ConversationEnds {
    const Endpoint& client;
    const Endpoint& server;
    const Endpoint& about;  ///< one of the two
};
Finding directed_finding(std::string_view detector, const ConversationEnds& ends, Timestamp at, const Household& household);

}  // namespace linnet
