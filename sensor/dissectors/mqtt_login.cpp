// MQTT over TCP; see mqtt_connect.hpp.
#include "mqtt_connect.hpp"
#include "sensor/dissectors.hpp"

namespace linnet {
namespace {

bool wants(const Conversation& c) {
    constexpr char connect = 0x10;
    if (c.client_head.empty()) return c.server.port.number == 1883 || c.app_proto == "mqtt";
    return c.client_head[0] == connect;
}

void inspect(const Conversation& c, Findings& findings) {
    read_mqtt_login(c.client, c.client_head, c.server_head, findings);
}

}  // namespace

const StreamDissector mqtt_login{"mqtt-login", wants, inspect};

}  // namespace linnet
