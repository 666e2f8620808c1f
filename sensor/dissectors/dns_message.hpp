// What a DNS response says about the name that was asked for (RFC 1035, section 4.1).
#pragma once

#include "wire/event.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace linnet {

/// Name, type, rcode and addresses; who and when is for the caller to add. Nothing where it is no response to a question,
/// or does not hold one whole question. Records behind one that contradicts its length are not read. The addresses are all
/// of the answer section: an answer by way of other names (CNAME) lists them there too.
std::optional<NameBinding> read_dns_response(std::span<const std::byte> message);

}  // namespace linnet
