// A MUD file (Manufacturer Usage Description, RFC 8520): what a device's maker says that it needs on the network, as access
// lists (RFC 8519) in JSON (RFC 7951). Read strictly and bounded: it comes from a stranger.
//
// Understood: ACLs of types ipv4, ipv6 and their mixture; in an entry the protocol, the ports of TCP and UDP (eq, or a
// range), direction-initiated, domain names (ietf-acldns), networks, and the abstractions of ietf-mud; accept, drop and
// reject. Linnet cannot know everything that a MUD manager knows, and says yes where it cannot tell:
//   local-networks, my-controller, model, manufacturer    any device at home
//   controller                                            urn:ietf:params:mud:dns and :ntp their port anywhere; else any at
//   home same-manufacturer                                     a device at home whose maker (IEEE) is the same, or not known
//   ACLs of Ethernet types                                left out: they say nothing about conversations
// An entry that matches anything else is refused with the file: to leave out a condition would allow more than was meant.
#pragma once

#include "wire/event.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace linnet {

struct MudRule {
    enum class Initiator : std::uint8_t { anyone, device, peer };
    enum class Peer : std::uint8_t { anyone, name, network, home, same_maker, dns, ntp };
    struct Ports {
        std::uint16_t low = 0, high = 0xffff;
        [[nodiscard]] bool contain(Port port) const { return port.number >= low && port.number <= high; }
    };

    bool from_device = true;  ///< of the from-device-policy; else of the to-device-policy
    bool accept = true;
    std::optional<bool> v6;     ///< only IPv6, only IPv4
    Proto proto = Proto::none;  ///< none = any
    Initiator initiator = Initiator::anyone;
    Ports source, destination;
    Peer peer = Peer::anyone;
    std::string name;  ///< of the peer, lower case
    IpPrefix network;
};

/// One conversation as the rules see it.
struct MudConversation {
    bool device_began = true;
    Proto proto = Proto::tcp;
    IpAddress peer;
    Port client_port, server_port;
    bool peer_at_home = false;
    bool peer_of_same_maker = true;           ///< also where that is not known
    bool names_known = true;                  ///< false: the peer may have names that were not seen
    std::span<const std::string> peer_names;  ///< that DNS or TLS showed
};

struct MudFile {
    static constexpr std::size_t max_bytes = 48 * 1024;
    static constexpr std::size_t max_rules = 512;

    std::string url, system_info, last_update;
    std::vector<MudRule> rules;

    /// The first rule that matches decides; where none does, the answer is no (RFC 8520, section 8).
    [[nodiscard]] bool allows(const MudConversation& conversation) const;
};

/// The file, or a sentence that says what is wrong with it.
std::variant<MudFile, std::string> parse_mud_file(std::string_view text);

/// A name as DNS has it: labels of letters, digits, hyphens and underscores, a dot in between; lower case.
bool is_domain_name(std::string_view name);

}  // namespace linnet
