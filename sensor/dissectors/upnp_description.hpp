// What a device says of itself where its description is fetched (UPnP Device Architecture 2.0, section 2.3). Hints about the
// server, of source upnp: friendly-name, manufacturer, model-name, model-number, model-description and device-type of the
// root device. Its serial number is not told.
#pragma once

#include "http_exchange.hpp"

namespace linnet {

/// False where the answer is a description that has not arrived far enough.
bool report_upnp_description(const HttpExchange& exchange, const Conversation& c, Findings& findings);

}  // namespace linnet
