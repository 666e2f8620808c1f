// The first packets of QUIC (RFC 9000, section 17.2.2), which everybody can open: their keys follow from the connection ID
// that the client chose for its first packet (RFC 9001, section 5). QUIC 1, QUIC 2 (RFC 9369), the drafts 22 to 34, and what
// Facebook called drafts 22 and 27.
#pragma once

#include "sensor/packet.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace linnet {

struct QuicInitial {
    std::uint32_t version = 0;
    std::string_view destination;   ///< connection ID, 20 bytes at most
    Bytes packet;                   ///< from its first byte to its end
    std::size_t number_offset = 0;  ///< of the packet number, the end of what is not encrypted
};

/// The Initial packets of one datagram, in which packets of other kinds may stand as well (RFC 9000, section 12.2). Ends at
/// what is none.
class QuicInitials {
 public:
    explicit QuicInitials(Bytes datagram) : rest_{datagram} {}
    std::optional<QuicInitial> next();

 private:
    Bytes rest_;
};

/// A version of which Initial packets can be opened.
bool is_known_quic(std::uint32_t version);

enum class QuicSide : std::uint8_t { client, server };

/// The frames of a packet, opened.
class QuicFrames {
 public:
    static constexpr std::size_t longest = 4096;  ///< of a packet

    /// `sender` sealed it, in the connection that began with `connection_id`. False where it did not, or it is too long.
    bool open(const QuicInitial& initial, std::string_view connection_id, QuicSide sender);

    struct Crypto {
        std::uint64_t offset = 0;
        std::string_view data;
    };
    /// The CRYPTO frames (RFC 9000, section 19.6), one after the other. Ends at what an Initial packet may not hold.
    std::optional<Crypto> next();

 private:
    std::array<std::uint8_t, longest> opened_{};
    Bytes rest_;
};

}  // namespace linnet
