// Doors: what devices asked the router to open for strangers (UPnP IGD, NAT-PMP, PCP) and the router did not refuse, until
// it is closed or its time is over; and who came in through them. At most max_doors, the one least recently heard of gives
// way.
#pragma once

#include "analyzer/counted_flows.hpp"
#include "analyzer/locality.hpp"
#include "analyzer/state_table.hpp"
#include "wire/event_limits.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct Door {
    Endpoint client, router;  ///< who asked, and who opened
    IpAddress internal_ip;    ///< whom strangers reach
    Port internal_port, external_port;
    Proto proto = Proto::none;
    MappingProtocol protocol = MappingProtocol::upnp_igd;
    Timestamp since;   ///< first asked for, without a gap
    Timestamp opened;  ///< last asked for
    Timestamp closed = latest_time;
    std::uint32_t lifetime = 0;  ///< seconds from `opened` on; 0 = until it is closed
    std::string description;
    std::uint64_t visits = 0;  ///< connections from outside that were answered
    IpAddress visitor;         ///< the last one

    [[nodiscard]] bool is_open(Timestamp at) const;
    [[nodiscard]] std::string key() const;
    [[nodiscard]] Json to_state() const;
    static Door from_state(const Json& state);
};

class Doors {
 public:
    static constexpr std::size_t max_doors = 1024;

    explicit Doors(const Locality& locality) : locality_{locality} {}

    void apply(std::string_view sensor, const Event& event);

    /// What the last event did to a door, and that door.
    enum class Change : std::uint8_t { none, opened, renewed, closed, visited };
    [[nodiscard]] Change change() const { return change_; }
    [[nodiscard]] const Door& door() const { return door_; }

    std::vector<StateTableBase*> tables() { return {&doors_, &visits_.table()}; }

 private:
    void apply(const PortMapping& mapping);
    void close(const PortMapping& mapping);
    void visit(std::string_view sensor, const Flow& flow);
    void note(Change change, const Door& door);

    const Locality& locality_;
    StateTable<Door> doors_{"doors", max_doors};
    CountedFlows visits_{"door-visits"};
    Change change_ = Change::none;
    Door door_;
};

}  // namespace linnet
