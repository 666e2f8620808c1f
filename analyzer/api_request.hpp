// A request of wire/api.hpp, read strictly: whoever asks is a stranger until it made sense.
#pragma once

#include "peers.hpp"
#include "store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace linnet {

enum class ApiQuestion : std::uint8_t {
    status,
    devices,
    alerts,
    flows,
    report,
    subscribe,
    mud,
    mud_export,
    mud_import,
    mud_remove,
    device,
    device_name,
    device_merge,
    device_split,
    device_undo,
    hours,
    forget,
    erase,
    changes,
    alert_acknowledge,
    alert_mute,
    mutes,
    unmute,
    device_trust,
    copy,
    pair,
    pair_digits,
    pair_cancel,
    peers,
    revoke,
};

struct ApiRequest {
    std::uint64_t id = 0;
    ApiQuestion question = ApiQuestion::status;
    Page page;                       ///< for alerts and flows; for a report and the mud_… requests only its device
    std::uint64_t after = 0;         ///< for changes
    std::optional<Timestamp> as_of;  ///< for a report
    std::string file;                ///< for mud_import: the text
    std::string other;               ///< for device_merge and device_split: a device's key, or an address
    std::optional<std::string> name, kind, model;  ///< for device_name; alert_mute: the kind of alert
    std::optional<bool> trusted;                   ///< for device_trust
    std::uint64_t alert = 0, mute = 0;             ///< for alert_acknowledge and unmute: a number
    std::optional<Timestamp> until;                ///< for alert_mute
    std::optional<PeerRole> role;                  ///< for pair: open the door for these
    std::string digits;                            ///< for pair_digits
    std::string peer;                              ///< for revoke: a name or a key; for alert_mute: an address
};

/// Why a request was refused: a word for programs and a sentence for people.
struct ApiRefusal {
    std::uint64_t id = 0;  ///< 0 where it could not be read
    std::string code;
    std::string message;
};

inline constexpr std::size_t max_api_request = 128 * 1024;  ///< bytes: a MUD file of MudFile::max_bytes, escaped
inline constexpr std::size_t max_api_rows = 5'000;

std::variant<ApiRequest, ApiRefusal> parse_api_request(std::string_view text);

}  // namespace linnet
