// What an MQTT server is to retain: one payload for each topic, of which the newest alone counts. No I/O, no clock.
#pragma once

#include "wire/types.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace linnet {

/// An empty payload takes away what the server retained.
struct Publication {
    std::string topic, payload;
    bool operator==(const Publication&) const = default;
};

class Retained {
 public:
    static constexpr std::chrono::seconds calm_pause{30};  ///< between two of a topic that are calm

    /// Due where it differs from what the topic had. Who is `calm` may wait.
    void set(const std::string& topic, std::string payload, bool calm = false);
    /// What is to be published now, at most so many. It counts as published.
    std::vector<Publication> take(Timestamp now, std::size_t most);
    /// Everything counts as not published.
    void republish();

    [[nodiscard]] std::vector<Publication> all() const;
    [[nodiscard]] bool contains(const std::string& topic) const { return slots_.contains(topic); }
    [[nodiscard]] std::size_t size() const { return slots_.size(); }

 private:
    struct Slot {
        std::string payload;
        bool due = true, urgent = true;
        Timestamp at;  ///< when it was published last
    };
    std::map<std::string, Slot> slots_;  ///< by topic
};

}  // namespace linnet
