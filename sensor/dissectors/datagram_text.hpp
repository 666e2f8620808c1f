// A datagram's bytes as text, for protocols that are text.
#pragma once

#include "sensor/packet.hpp"

#include <string_view>

namespace linnet {

inline std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace linnet
