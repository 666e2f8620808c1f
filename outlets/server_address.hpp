// The address of a server as a person writes it: SCHEME://HOST[:PORT], without user, password and path. An IPv6 address
// stands in brackets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

struct ServerAddress {
    std::string scheme;      ///< small letters
    std::string host;        ///< a name of [A-Za-z0-9.-] or an address; without brackets
    std::uint16_t port = 0;  ///< 0 = not told
};

/// Nothing where it is none. A slash at its end means nothing.
std::optional<ServerAddress> parse_server_address(std::string_view text);

/// Of 1 to 253 characters [A-Za-z0-9.-].
bool is_host_name(std::string_view text);

/// 1 to 65535, in decimal digits.
std::optional<std::uint16_t> parse_port(std::string_view text);

/// "localhost" or an address of the loopback, with or without brackets: what goes there does not leave this machine.
bool is_this_machine(std::string_view host);

}  // namespace linnet
