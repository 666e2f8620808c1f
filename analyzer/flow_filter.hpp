// Which flows a query is about. What is absent or empty lets everything through; everything that is there must be so.
#pragma once

#include "locality.hpp"
#include "wire/event.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/// Of who began it, seen from the home.
enum class FlowDirection : std::uint8_t { out = 0, in = 1, inside = 2 };
inline constexpr std::array<std::string_view, 3> flow_direction_names{"out", "in", "inside"};

struct FlowFilter {
    std::optional<std::string> app;  ///< protocol or application ("mqtt", "YouTube"), in either case
    std::optional<Port> port;        ///< of the server
    std::optional<Proto> proto;
    std::optional<IpPrefix> peer;  ///< one of its ends is there
    std::optional<FlowDirection> direction;
    std::optional<Timestamp> since, until;  ///< began then or later, and before
    std::optional<std::string> kind;        ///< one of its devices is of this kind, in either case

    [[nodiscard]] bool has_times() const { return since || until; }
    /// What is left to look at once the database has chosen by app, port, proto and time.
    [[nodiscard]] bool fits(const Flow& flow, const Locality& locality) const {
        if (peer && !peer->contains(flow.client.ip) && !peer->contains(flow.server.ip)) return false;
        return !direction || of(flow, locality) == direction;
    }

 private:
    static std::optional<FlowDirection> of(const Flow& flow, const Locality& locality) {
        const bool client = locality.is_local(flow.client.ip, flow.server.ip);
        const bool server = locality.is_local(flow.server.ip, flow.client.ip);
        if (client && server) return FlowDirection::inside;
        if (!client && !server) return std::nullopt;
        return client ? FlowDirection::out : FlowDirection::in;
    }
};

}  // namespace linnet
