// The form of the first packet of a device's TCP connections, which tells systems apart: how they set TTL, window and
// options is a habit of each (the idea of p0f; the form of the text is our own).
//
//   64:65535:1460:8:MSTNW     likely first TTL (32, 64, 128 or 255), window, MSS (0 = none), window scale (- = none), and
//   the
//                             options in their order: M MSS, N no operation, W window scale, S selective acknowledgements
//                             permitted, T timestamps, F fast open (RFC 7413), E end of the list, U another
#pragma once

#include "address_hash.hpp"
#include "flow_key.hpp"
#include "wire/event.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace linnet {

/// Told are connections that came about alone: what a scan or a flood sends is made up. Between a SYN and the client's
/// answer to the SYN-ACK the form waits in fixed memory; one that falls on another's place takes it.
class SynFingerprints {
 public:
    /// A SYN without ACK.
    void note(const Packet& syn);

    /// The connection `key` came about: the hint of its client's device (source "tcp", key "syn"), once. `at` is now.
    std::optional<DeviceHint> completed(const FlowKey& key, const Endpoint& client, Timestamp at);

 private:
    static constexpr std::size_t places = 256, most_options = 16;

    struct Form {
        FlowKey key;
        std::uint16_t window = 0, mss = 0;
        std::uint8_t ttl = 0, scale = 0;
        bool scales = false;
        std::array<char, most_options> options{};
        std::uint8_t option_count = 0;
    };
    static void read_options(Bytes options, Form& form);
    static std::size_t place_of(const FlowKey& key);

    std::array<Form, places> forms_{};
};

}  // namespace linnet
