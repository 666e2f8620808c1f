// What tells the floods of one device apart.
#pragma once

#include "analyzer/state_table.hpp"
#include "wire/event.hpp"

namespace linnet {

inline std::string flood_cause(const IpAddress& source, const IpAddress& target, BurstKind kind) {
    return RowKey{}.add(source).add(target).add(static_cast<std::uint8_t>(kind)).text();
}

}  // namespace linnet
