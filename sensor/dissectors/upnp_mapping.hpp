// Doors in the router by UPnP: the SOAP actions AddPortMapping, AddAnyPortMapping and DeletePortMapping of an Internet
// Gateway Device (UPnP Forum, WANIPConnection:1 section 2.4 and :2 section 2.5; WANPPPConnection:1 alike).
#pragma once

#include "http_exchange.hpp"

namespace linnet {

/// Tells a PortMapping where the request is one and has wholly arrived. The outcome is the status of the response. False
/// where the response has not arrived far enough to say which port it is.
bool report_upnp_mapping(const HttpExchange& exchange, const Conversation& c, Findings& findings);

}  // namespace linnet
