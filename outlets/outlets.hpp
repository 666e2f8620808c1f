// The types of outlets that there are.
#pragma once

#include "outlet.hpp"

#include <span>

namespace linnet {

extern const OutletType ntfy_outlet, webhook_outlet, email_outlet, mqtt_outlet, eve_file_outlet, eve_socket_outlet,
    syslog_outlet, prometheus_outlet;

std::span<const OutletType* const> outlet_types();

}  // namespace linnet
