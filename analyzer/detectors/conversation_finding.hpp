// What findings about a conversation have in common: it is about the local server, which offers what it should not, or,
// where the server is outside, about the client.
#pragma once

#include "analyzer/detector.hpp"

namespace linnet {

/// `variant` is "outside" where the server is; `peer` is the other side. The cause is for the detector to add.
Finding conversation_finding(std::string_view detector, const Endpoint& client, const Endpoint& server,
                             const Context& context);

}  // namespace linnet
