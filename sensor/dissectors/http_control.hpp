// Devices that are steered over HTTP by anybody who asks: requests of signatures/device_apis.toml that the device carried
// out without having been told who asks.
#pragma once

#include "http_exchange.hpp"

namespace linnet {

/// Tells an Observation with the entry's number; its subject is the entry's name of the device, nothing from the wire.
void report_http_control(const HttpExchange& exchange, Findings& findings);

}  // namespace linnet
