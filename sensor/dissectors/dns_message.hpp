// What a DNS response says about the name that was asked for, and which name a query asks for (RFC 1035, section 4.1).
#pragma once

#include "wire/event.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace linnet {

/// Name, type, rcode and addresses; who and when is for the caller to add. Nothing where it is no response to a question,
/// or does not hold one whole question. Records behind one that contradicts its length are not read. The addresses are all
/// of the answer section: an answer by way of other names (CNAME) lists them there too.
std::optional<NameBinding> read_dns_response(std::span<const std::byte> message);

/// The name that a query asks the address of (A, AAAA, or HTTPS of RFC 9460), at most 255 bytes; nothing where it is no
/// query with one whole question of that kind, or asks for the root.
std::optional<std::string> read_dns_question(std::span<const std::byte> message);

}  // namespace linnet
