// How an MQTT connection begins: user name and password of the CONNECT packet (MQTT 5, section 3.1; 3.1.1 and 3.1 alike),
// and the outcome in the CONNACK.
#pragma once

#include "sensor/dissector.hpp"

#include <string_view>

namespace linnet {

/// A broker that lets somebody in without either is an Observation (open_control).
/// What the client calls itself is a hint about `who`: source mqtt, client-id.
/// `client` and `server` are the beginnings of both directions; nothing is told until CONNECT has wholly arrived.
void read_mqtt_login(const Endpoint& who, std::string_view client, std::string_view server, Findings& findings);

}  // namespace linnet
