// The form in which Home Assistant discovers devices through MQTT: topics, and the message that says what there is to see of
// a device. Sources are named in home_assistant.hpp. No I/O, no clock, no state.
#pragma once

#include "wire/alert.hpp"

#include <string>
#include <string_view>

namespace linnet {

/// What all that is published of one home has in common.
struct HomeFrame {
    static constexpr std::string_view linnet = "linnet";  ///< the id of Linnet itself
    static constexpr std::size_t longest_name = 100;      ///< bytes; Home Assistant's own limit is 255

    std::string prefix, base;  ///< of discovery; of the rest
    std::string home;          ///< 8 hexadecimal digits
    std::string link;          ///< to the dashboard; empty = none
    bool with_macs = true;     ///< fill `connections`

    [[nodiscard]] std::string status_topic() const;
    [[nodiscard]] std::string config_topic(std::string_view id) const;
    [[nodiscard]] std::string state_topic(std::string_view id) const;
};

Json device_config(const HomeFrame& frame, const Device& device, const std::string& id);
Json linnet_config(const HomeFrame& frame);

/// "Hall camera" → "hall_camera": what may stand in an entity's name behind the full stop; empty where nothing is left.
std::string entity_slug(std::string_view text);

}  // namespace linnet
