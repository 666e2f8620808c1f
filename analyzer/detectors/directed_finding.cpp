#include "directed_finding.hpp"

namespace linnet {

std::optional<Way> way_of(const Endpoint& client, const Endpoint& server, const Household& household) {
    const auto& locality = household.locality();
    const bool from_home = locality.is_local(client.ip, server.ip), to_home = locality.is_local(server.ip, client.ip);
    if (from_home) return to_home ? Way::inside : Way::outwards;
    return to_home ? std::optional{Way::inwards} : std::nullopt;
}

Finding directed_finding(std::string_view detector, const ConversationEnds& ends, Timestamp at, const Household& household) {
    const Endpoint& other = &ends.about == &ends.client ? ends.server : ends.client;
    Finding finding;
    finding.detector = detector;
    finding.device = household.at_end(ends.about, other);
    finding.src = ends.client.ip;
    finding.src_port = ends.client.port;
    finding.dest = ends.server.ip;
    finding.dest_port = ends.server.port;
    finding.first = finding.last = at;
    finding.peer = household.name_at_end(other, ends.about);
    return finding;
}

}  // namespace linnet
