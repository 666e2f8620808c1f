// What Linnet says on the outside: alerts and devices as values, and as EVE JSON (DESIGN section 4).
#pragma once

#include "event.hpp"
#include "tls_facts.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace linnet {

/// Order is kept, so that the same alert is the same text.
using Json = nlohmann::ordered_json;

enum class Severity : std::uint8_t { act_now = 1, important = 2, worth_knowing = 3 };
enum class Confidence : std::uint8_t { possible = 1, likely = 2, confirmed = 3 };
std::string_view to_string(Confidence confidence);
std::optional<Confidence> parse_confidence(std::string_view name);

/// Which device an alert is about: `mac`, or where the capture has none `ip`; never both.
struct DeviceRef {
    MacAddress mac;
    IpAddress ip;
    std::string name;  ///< what a person would call it now: given name, host name, maker or address
    auto operator<=>(const DeviceRef&) const = default;
    bool operator==(const DeviceRef&) const = default;
};

/// One episode: one device, one detector, one cause. It counts up and does not repeat.
struct Alert {
    std::uint64_t id = 0;  ///< 1, 2, 3, … in the order of first occurrence; the same after a restart
    std::string detector;  ///< "mirai-scan"
    std::uint32_t signature_id = 0;
    std::uint32_t revision = 1;
    Severity severity = Severity::worth_knowing;
    Confidence confidence = Confidence::confirmed;
    std::string signature;  ///< the title, in words a household understands
    std::string category;
    DeviceRef device;
    IpAddress src;  ///< for logins: always the side that sent the credential
    Port src_port;
    IpAddress dest;  ///< unknown where there are many
    Port dest_port;
    std::string proto;  ///< EVE: "TCP", "UDP", "ICMP", "ARP"
    std::string app_proto;
    std::optional<Service> service;  ///< login alerts only, as username and outcome
    std::string username;
    Outcome outcome = Outcome::unknown;
    std::optional<TlsFacts> tls;  ///< alerts about TLS only; then linnet.service is its version
    std::uint64_t count = 1;
    Timestamp first_seen;
    Timestamp last_seen;
    std::vector<int> guidelines;  ///< of the Code of Practice, 1 to 13
    Json evidence = Json::object();
    std::string happened;  ///< the three sentences, plain text
    std::string meaning;
    std::string advice;
};

/// Something that happened to what Linnet takes for one device.
struct HistoryEntry {
    Timestamp at;
    std::string event;    ///< "joined", "split", "named", "kept-apart", "trusted", "address", "router"
    std::string subject;  ///< the hardware address, key or IP address that it is about; empty = none
    std::string text;     ///< a sentence that says what and why, plain text
    bool operator==(const HistoryEntry&) const = default;
};

/// Another device that may be this one under another address: for a person to decide.
struct Suggestion {
    std::string key;
    int confidence = 0;  ///< 0 to 100
    std::string why;     ///< "both call themselves annas-phone", plain text
    bool operator==(const Suggestion&) const = default;
};

/// What a person said of a device; what is empty was not said. Nothing that Linnet finds out ever replaces it.
struct GivenWords {
    std::string name, kind, model;  ///< at most max_text bytes each
    bool trusted = false;           ///< it belongs here: nobody needs to be told that it is new
    bool operator==(const GivenWords&) const = default;
};

/// A device as the household knows it. `key` is the MAC, or the address where there is none.
struct Device {
    static constexpr std::size_t max_history = 16, max_suggestions = 4, max_macs = 16;

    std::string key;
    MacAddress mac;
    std::vector<MacAddress> macs;  ///< where it has several, all of them, `mac` among them, the oldest first
    std::vector<IpAddress> ips;    ///< oldest first, at most 16
    std::string name;
    std::string hostname;
    std::string called;  ///< what people named it elsewhere (in its maker's app), as it says itself
    std::string maker;
    std::string kind;
    std::string model;
    std::string os;
    std::string mud_url;               ///< where its maker describes it (RFC 8520), as the device says; not to be fetched
    Json confidence = Json::object();  ///< {"maker": 92, "kind": 80}, in percent, of what is known
    std::vector<std::string> reasons;  ///< a sentence for each of these
    Timestamp first_seen;
    Timestamp last_seen;
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    bool randomized_mac = false;
    bool away = false;                  ///< silent for longer than is usual for it
    GivenWords given;                   ///< its name, kind and model are these where they are not empty
    std::vector<HistoryEntry> history;  ///< oldest first; what is behind first_seen
    std::vector<Suggestion> suggestions;
};

/// EVE objects: {"timestamp": …, "event_type": "alert" | "device" | "flow" | "stats", …}.
Json to_eve(const Alert& alert);
Json to_eve(const Device& device);
Json to_eve(const Flow& flow);
Json to_eve(const SensorStats& stats);

/// The reverse, for the programs that read the analyzer's API. Throws nlohmann::json::exception or std::invalid_argument.
/// Nothing is lost on the way: alert_from_eve(to_eve(alert)) is the same alert.
Alert alert_from_eve(const Json& eve);
Device device_from_eve(const Json& eve);

/// As one line of text. Never throws: what is not UTF-8 becomes U+FFFD; what could steer a terminal is escaped.
std::string dump(const Json& json);

}  // namespace linnet
