// How many packets somebody sends to one target in one second, and how many come back: floods of the kinds that Mirai's
// public source knows (attack_tcp.c, attack_udp.c, attack_gre.c, attack_app.c).
//
// One table of fixed size, two places for each (source, target, kind). Where both are taken in this second, the smaller
// count loses one for each packet that finds no place, and the place when it is at zero (after Misra and Gries 1982): who
// sends most stays. When a second is over, what is above the floor of its kind becomes a Burst, in order of address, so that
// the same packets give the same events.
#pragma once

#include "dissector.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace linnet {

struct BurstLimits {
    /// Packets a second from which on it is told, by BurstKind. The analyzer decides what is a flood.
    std::array<std::uint32_t, 7> floors{50, 500, 300, 100, 100, 100, 50};
    std::uint32_t packets_for_an_answer = 10;  ///< fewer than one answer for so many packets; HTTP is answered anyway
    std::size_t places = 2048;                 ///< a power of two
};

class BurstMeter {
 public:
    BurstMeter(const BurstLimits& limits, Emit emit);

    /// `stray`: the packet belongs to no conversation, as the segments of an ACK flood do not (FlowRecord::is_stray()).
    enum class Belongs : std::uint8_t { stray, conversation };
    void count(const Packet& packet, Belongs belongs, Timestamp now);

    /// Ends the second where `now` is in a later one (or an earlier one: the clock has jumped).
    void advance(Timestamp now) {
        if (now < second_ || now >= second_ + std::chrono::seconds{1}) finish_second(now);
    }
    void flush() { finish_second({}); }

 private:
    struct Place {
        IpAddress source, target;
        MacAddress mac;
        BurstKind kind = BurstKind::syn;
        bool taken = false;
        bool several_ports = false;
        Port port;
        std::uint32_t packets = 0, answers = 0;
        std::uint64_t bytes = 0;
    };

    [[nodiscard]] std::size_t home_of(const IpAddress& source, const IpAddress& target, BurstKind kind) const;
    Place* find(const IpAddress& source, const IpAddress& target, BurstKind kind);
    Place* find_or_take(const IpAddress& source, const IpAddress& target, BurstKind kind);
    void add(const Packet& packet, const IpAddress& source, const IpAddress& target, BurstKind kind);
    void answer(const IpAddress& from, const IpAddress& to, BurstKind kind);
    void finish_second(Timestamp now);

    BurstLimits limits_;
    Emit emit_;
    std::vector<Place> places_;
    std::vector<std::uint32_t> taken_;        ///< places of this second
    std::array<std::uint32_t, 7> of_kind_{};  ///< how many of them there are of each kind
    Timestamp second_;                        ///< its beginning
};

}  // namespace linnet
