// The host of "host/path", where it is an address and not a name: "192.0.2.7:8080/x", "[2001:db8::7]/x".
#pragma once

#include "wire/types.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace linnet {

inline std::optional<IpAddress> numeric_host(std::string_view location) {
    auto host = location.substr(0, location.find('/'));
    if (host.starts_with('[')) {
        host = host.substr(1, host.find(']') - 1);
    } else if (host.find(':') == host.rfind(':')) {
        host = host.substr(0, host.find(':'));
    }
    return IpAddress::parse(std::string{host});
}

}  // namespace linnet
