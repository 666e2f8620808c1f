// What Linnet knows of a home, in the form in which Home Assistant discovers devices through MQTT; no I/O, no clock.
//
// Sources (facts): Home Assistant's documentation of its MQTT integration, "MQTT Discovery", and
// homeassistant/components/mqtt of its source: discovery.py (topics, shared options), schemas.py (required: dev or device, o
// or origin, cmps or components, and p or platform of each), abbreviations.py, device_tracker.py (in_zones; a state_topic
// ends with 2027.1), update.py. object_id is ignored since 2026.4: default_entity_id names an entity.
//
//   PREFIX/device/ID/config      retained: what there is to see of the device ID, "linnet_<home>" for Linnet itself and
//                                "linnet_<home>_<device>" for each device of the home; empty = it is no more
//   BASE/<home>/<device>/state   retained: JSON that the value templates read; BASE/<home>/linnet/state for Linnet
//   BASE/<home>/status           retained: "online" or "offline", the last will
//
// <home> (8) and <device> (16 hexadecimal digits) are taken from an HMAC-SHA256 with this installation's key, so that
// topics, identifiers and entities hold no address. A hardware address is at one place alone: `connections` of the device
// message, where Home Assistant needs it to see that a device of another integration is the same; and there only those that
// makers gave, not those that a device made up. Nothing that is published takes commands.
#pragma once

#include "home_assistant_view.hpp"
#include "message.hpp"
#include "retained.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

class HomeAssistant {
 public:
    static constexpr std::size_t max_devices = 500;   ///< what is more is not shown, but counted
    static constexpr std::size_t max_alerts = 2'000;  ///< the newest
    static constexpr std::size_t max_leftovers = 1'000;
    static constexpr std::size_t longest_name = HomeFrame::longest_name, longest_state = 200;  ///< bytes
    static constexpr std::chrono::seconds calm_pause = Retained::calm_pause;                   ///< of what only counts bytes

    struct Setup {
        std::string prefix = "homeassistant";  ///< of discovery
        std::string base = "linnet";
        std::string key;        ///< of this installation; secret
        std::string link;       ///< to the dashboard; empty = none
        bool with_macs = true;  ///< fill `connections`
    };

    explicit HomeAssistant(Setup setup);

    /// The answer to `subscribe` (wire/api.hpp): all that there is. Throws what the JSON library throws, or
    /// std::invalid_argument, for an answer that is none; a single device or alert that makes no sense is left out.
    void begin(const Json& all);
    /// What changed: the "feed" object. Throws the same.
    void follow(const Json& feed);
    /// Whether the analyzer is heard: if not, all that is shown is not available.
    void set_heard(bool heard);

    /// What is to be published now, at most so many. It counts as published.
    std::vector<Publication> take(Timestamp now, std::size_t most) { return retained_.take(now, most); }
    /// Everything counts as not published: the connection is new, or Home Assistant has just started.
    void republish() { retained_.republish(); }
    /// The server has retained this. Where it is ours and of a device that is no more, it will be removed.
    void found(std::string_view topic);

    [[nodiscard]] std::string status_topic() const { return frame_.status_topic(); }
    /// Where Home Assistant says "online" when it has started.
    [[nodiscard]] std::string birth_topic() const { return frame_.prefix + "/status"; }
    /// What the server may have retained of us.
    [[nodiscard]] std::vector<std::string> own_topics() const;
    /// All that would be published if nothing were yet.
    [[nodiscard]] std::vector<Publication> all() const { return retained_.all(); }

    /// "3fa2b1c4d5e6f708" of a device's key.
    [[nodiscard]] std::string id_of(std::string_view device_key) const;
    [[nodiscard]] const std::string& home() const { return frame_.home; }

 private:
    struct Episode {
        std::string address;  ///< device_key() of the alert
        Severity severity = Severity::worth_knowing;
        Timestamp last_seen;
        std::string text;
    };
    /// What is shown of a device besides its bytes.
    struct Shown {
        bool problem = false, connected = false;
        std::uint64_t alerts = 0;
        std::string last_alert;
        bool operator==(const Shown&) const = default;
    };
    struct Known {
        Device device;
        std::string id;
        Shown shown;
    };

    void read_devices(const Json& list);
    void read_alerts(const Json& list);
    void read_status(const Json& feed);
    void drop(const std::string& key);
    void show();
    void show_device(Known& known, const Shown& shown);
    void show_linnet(const Shown& shown);
    [[nodiscard]] bool is_known(std::string_view id) const;

    std::string key_;
    HomeFrame frame_;
    Retained retained_;
    bool has_begun_ = false;
    std::map<std::string, Known> devices_;       ///< by key
    std::map<std::uint64_t, Episode> episodes_;  ///< by id of the alert
    Json status_ = Json::object();
    std::uint64_t too_many_ = 0;
    Timestamp seen_;
};

}  // namespace linnet
