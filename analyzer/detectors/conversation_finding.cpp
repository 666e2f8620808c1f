#include "conversation_finding.hpp"

#include "directed_finding.hpp"

namespace linnet {

Finding conversation_finding(std::string_view detector, const Endpoint& client, const Endpoint& server,
                             const Context& context) {
    const bool inside = context.household.locality().is_local(server.ip, client.ip);
    Finding finding = directed_finding(detector, {client, server, inside ? server : client}, {}, context.household);
    finding.variant = inside ? "" : "outside";
    return finding;
}

}  // namespace linnet
