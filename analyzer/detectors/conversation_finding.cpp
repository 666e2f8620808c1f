#include "conversation_finding.hpp"

#include <tuple>

namespace linnet {

Finding conversation_finding(std::string_view detector, const Endpoint& client, const Endpoint& server,
                             const Context& context) {
    const Household& household = context.household;
    const bool inside = household.locality().is_local(server.ip, client.ip);
    const auto& [about, peer] = inside ? std::tie(server, client) : std::tie(client, server);
    Finding finding;
    finding.detector = detector;
    finding.variant = inside ? "" : "outside";
    finding.device = household.at_end(about, peer);
    finding.src = client.ip;
    finding.src_port = client.port;
    finding.dest = server.ip;
    finding.dest_port = server.port;
    finding.peer = household.name_at_end(peer, about);
    return finding;
}

}  // namespace linnet
