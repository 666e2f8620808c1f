// The home as the analyzer's feed tells it: what `linnet watch` shows. Logic without a screen and without a clock.
#pragma once

#include "wire/alert.hpp"
#include "wire/alert_standing.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace linnet {

struct LiveAlert {
    Alert alert;
    AlertStanding standing;
};

struct LiveDevice {
    Device device;
    double sending = 0, receiving = 0;  ///< bytes a second, by its newest two records
    Timestamp told;                     ///< when the newest came
    /// Nothing was told of it for a while: no traffic that we know of.
    [[nodiscard]] bool is_quiet(Timestamp now) const { return now - told > std::chrono::seconds{30}; }
};

struct LiveSensor {
    std::string id, source;
    bool connected = false, finished = false;
    bool operator==(const LiveSensor&) const = default;
};

class LiveHome {
 public:
    static constexpr std::size_t max_alerts = 1'000, max_devices = 20'000;

    /// What changed, for who tells it line by line.
    struct News {
        std::vector<LiveAlert> alerts;  ///< new, graver, or standing otherwise than before
        std::vector<Device> devices;    ///< seen for the first time
        std::vector<LiveSensor> sensors;
    };

    /// The answer to `subscribe`. Throws what the JSON library throws.
    void begin(const Json& all, Timestamp now);
    /// A feed message; nothing where one before it is missing: subscribe again.
    std::optional<News> apply(const Json& feed, Timestamp now);

    [[nodiscard]] std::vector<LiveAlert> alerts() const;  ///< not ended first, the gravest of these first, then the newest
    [[nodiscard]] std::vector<LiveDevice> devices(Timestamp now) const;  ///< who has traffic first, then who was heard last
    [[nodiscard]] const std::vector<LiveSensor>& sensors() const { return sensors_; }
    [[nodiscard]] std::size_t device_count() const { return devices_.size(); }

    /// Is the house all right? Never calm where nobody listens, and a muted danger is one.
    struct Verdict {
        std::optional<Severity> need;  ///< nothing: calm, or nobody can say
        std::string sentence, reach;
    };
    [[nodiscard]] Verdict verdict() const;

 private:
    void take(const Json& eve, News& news);
    void take_device(const Json& eve, Timestamp now, News& news);
    void take_status(const Json& status, News& news);
    void drop_surplus();

    std::uint64_t sequence_ = 0;
    std::map<std::uint64_t, LiveAlert> alerts_;
    std::map<std::string, LiveDevice> devices_;
    std::vector<LiveSensor> sensors_;
};

}  // namespace linnet
