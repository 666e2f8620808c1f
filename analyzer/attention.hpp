// Attention: what a person said of alerts. One was seen (acknowledged); or of a device, one kind of alert, or one peer
// nobody wants to be told for a while (muted). Neither changes or hides an alert: it is kept, counted and shown as before,
// and whoever shows it says where it stands.
//
// At most max_mutes hold at a time: a further one is refused, since none that a person asked for may give way. Of the
// acknowledgements the oldest gives way. Times are the clock's of whoever asks; there is none here.
#pragma once

#include "analyzer/household.hpp"
#include "analyzer/state_table.hpp"
#include "wire/alert_standing.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace linnet {

/// Alerts about this device; where they are not empty of this detector and with this peer only.
struct Mute {
    std::uint64_t id = 0;  ///< 1, 2, 3, …: never given twice
    std::string device;    ///< a key; holds for the device that has this key now
    std::string detector;
    IpAddress peer;
    Timestamp since, until;

    [[nodiscard]] bool holds(Timestamp now) const { return now < until; }
    [[nodiscard]] bool fits(const Alert& alert, const Household& household) const;
    [[nodiscard]] Json to_state() const;
    static Mute from_state(const Json& state);
};

class Attention {
 public:
    static constexpr std::size_t max_mutes = 256, max_acknowledged = 10'000;

    void acknowledge(const Alert& alert, Timestamp at);
    /// When; nothing where it was not, or has become graver since.
    [[nodiscard]] std::optional<Timestamp> acknowledged(const Alert& alert) const;

    /// The same again (device, detector, peer) only moves its end. Gives it its number; nothing where there are too many.
    std::optional<Mute> mute(Mute mute, const Household& household, Timestamp now);
    std::optional<Mute> unmute(std::uint64_t id);
    [[nodiscard]] std::vector<Mute> mutes(Timestamp now) const;  ///< by number
    /// The end of the one that lasts longest; nothing where none holds.
    [[nodiscard]] std::optional<Timestamp> muted_until(const Alert& alert, const Household& household, Timestamp now) const;

    /// Of its own fields, of `alert` are used: id, severity, detector, device, src, dest.
    [[nodiscard]] AlertStanding standing(const Alert& alert, bool is_over, const Household& household, Timestamp now) const;

    std::vector<StateTableBase*> tables() { return {&mutes_, &numbers_, &acknowledged_}; }

 private:
    struct Acknowledged {
        Timestamp at;
        Severity severity = Severity::worth_knowing;
        [[nodiscard]] Json to_state() const;
        static Acknowledged from_state(const Json& state);
    };
    struct Number {
        std::uint64_t last = 0;
        [[nodiscard]] Json to_state() const { return last; }
        static Number from_state(const Json& state) { return {state.get<std::uint64_t>()}; }
    };
    void drop_ended(Timestamp now);

    StateTable<Mute> mutes_{"mutes", max_mutes};
    StateTable<Number> numbers_{"mute-numbers", 1};
    StateTable<Acknowledged> acknowledged_{"acknowledged", max_acknowledged};
};

}  // namespace linnet
