// The home's resolver, and a question to it that surely crosses the network.
//
// The system's own look-up would not do: a stub on this computer (systemd-resolved, nscd) answers for names below "invalid"
// itself, as RFC 6761 (section 6.4) tells it to, and nothing would reach the wire.
#pragma once

#include "wire/types.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/// The name servers of a resolv.conf(5), in its order; those on this computer itself are left out.
std::vector<IpAddress> nameservers_in(std::string_view resolv_conf);

/// The gateway of the default route in Linux's /proc/net/route; unknown where there is none.
IpAddress default_gateway_in(std::string_view proc_net_route);

/// Whom this computer asks: from resolv.conf, from what systemd-resolved or NetworkManager keep behind it, or else the
/// default gateway. Empty where there is none of these.
std::vector<IpAddress> home_resolvers();

/// A DNS question for the IPv4 address of `name` (RFC 1035, section 4).
std::string dns_question(std::uint16_t id, std::string_view name);

/// Asks over UDP and waits. True where an answer came, whatever it says: that there is no such name is one, too.
bool resolver_answers(const IpAddress& resolver, std::string_view name, std::chrono::milliseconds patience,
                      Port port = {53});

}  // namespace linnet
