// What the sender of a datagram says about itself.
#pragma once

#include "datagram_text.hpp"
#include "sensor/ascii_text.hpp"
#include "sensor/dissector.hpp"

#include <string>
#include <string_view>

namespace linnet {

/// Whether the packet's own addresses are those of a device here: what comes in from outside has the router's MAC address.
inline bool is_from_home(const Packet& packet) {
    if (packet.kind != PacketKind::ip) return packet.src_mac.known() && !packet.src_mac.is_group();
    const auto& to = packet.dst;
    return packet.src.is_private() || to.is_multicast() || to.is_broadcast() || (packet.src.is_v4() && !to.is_private());
}

/// Tells at most `most` hints of one datagram, made harmless; empty ones, and all of a sender elsewhere, are not told.
class SenderHints {
 public:
    static constexpr int most = 128;

    SenderHints(const Packet& packet, std::string_view source, const Emit& emit)
        : packet_{packet}, source_{source}, emit_{emit}, left_{is_from_home(packet) ? most : 0} {}

    /// Blanks and zeros around the value are dropped.
    void tell(std::string_view key, std::string_view value) {
        while (value.ends_with('\0') || value.ends_with(' ')) value.remove_suffix(1);
        value = trimmed(value);
        if (value.empty() || left_ == 0) return;
        --left_;
        emit_(DeviceHint{.at = packet_.at,
                         .mac = packet_.src_mac,
                         .ip = packet_.src,
                         .source = std::string{source_},
                         .key = std::string{key},
                         .value = plain_text(value)});
    }

 private:
    const Packet& packet_;
    std::string_view source_;
    const Emit& emit_;
    int left_;
};

}  // namespace linnet
