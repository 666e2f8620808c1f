// What the analyzer told, read from the JSON of wire/api.hpp into values. Nothing here trusts its sender: a record that
// cannot be read is counted and left out.
#pragma once

#include "wire/alert.hpp"

#include <QString>
#include <optional>
#include <vector>

namespace linnet {

struct SensorStatus {
    QString id;
    QString source;  ///< "eth0", "capture.pcap"
    bool connected = false;
    bool finished = false;  ///< it read a capture to its end
    std::uint64_t packets = 0;
    std::uint64_t dropped = 0;  ///< by the kernel: the sensor was too slow
    std::uint64_t lost = 0;     ///< events that never arrived
    bool operator==(const SensorStatus&) const = default;
};

struct AnalyzerStatus {
    QString version;
    std::vector<SensorStatus> sensors;
    bool operator==(const AnalyzerStatus&) const = default;
};

/// Absent or wrongly typed members keep their defaults. At most 256 sensors.
AnalyzerStatus read_status(const Json& status);

enum class UpdateKind : std::uint8_t {
    snapshot,  ///< all there is: replaces what was known
    changes,   ///< what is new or changed
};

struct FeedUpdate {
    UpdateKind kind = UpdateKind::changes;
    std::vector<Device> devices;
    std::vector<Alert> alerts;
    std::vector<std::string> gone;  ///< keys of devices that are no more
    std::optional<AnalyzerStatus> status;
    std::size_t unreadable = 0;  ///< records left out
};

/// Reads the result of `subscribe` or a feed message.
FeedUpdate read_update(const Json& feed, UpdateKind kind);

}  // namespace linnet
