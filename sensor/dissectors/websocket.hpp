// What one side of a WebSocket connection sends (RFC 6455, section 5): the payload of its binary frames, unmasked and
// joined.
#pragma once

#include "wiped_text.hpp"

#include <cstddef>
#include <string_view>

namespace linnet {

/// Reads on from `begin` as far as the bytes go; stops at a frame of an extension, such as a compressed one.
void read_websocket(std::string_view head, std::size_t begin, WipedText& out);

}  // namespace linnet
