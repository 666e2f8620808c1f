// Which lines of EVE JSON are to be written next, from what the analyzer answers: alerts as they change, each in its newest
// state; devices when something about them is new (not at every packet of theirs); the counters of each sensor. The lines
// are those of `linnet inspect --json`, with the time as Suricata's schema wants it. No I/O, no clock.
//
// At least once: cursor() is to be saved after the lines are written. Where they could not be, begin again with a new EveTap
// and the saved cursor. Devices and counters are states: a new EveTap has told none yet.
#pragma once

#include "wire/alert.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace linnet {

/// The object as a line, with its end. `timestamp` ends with "+0000" in place of "Z": etc/schema.json of Suricata knows no
/// other form.
std::string eve_line(Json eve);

class EveTap {
 public:
    static constexpr std::size_t alerts_at_once = 500;

    /// A cursor that cannot be read is as none.
    explicit EveTap(const std::string& cursor);
    [[nodiscard]] std::string cursor() const;

    /// Arguments of the request `changes`; its answer's lines are added. True where there is more to ask. Throws what the
    /// JSON library throws for an answer that is none.
    [[nodiscard]] Json question() const;
    bool take_changes(const Json& answer, std::string& lines);

    void take_devices(const Json& devices, std::string& lines);  ///< of the request `devices`
    void take_status(const Json& status, std::string& lines);    ///< of the request `status`

 private:
    std::string series_;  ///< empty = nothing was read yet
    std::uint64_t after_ = 0;
    std::map<std::string, std::size_t> devices_;   ///< digest of what was told, by key; those that are there
    std::map<std::string, std::string> counters_;  ///< the line that was told, by run of a sensor
};

}  // namespace linnet
