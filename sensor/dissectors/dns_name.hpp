// Names as DNS writes them (RFC 1035, section 4.1.4), with their pointers: DNS, mDNS, LLMNR, NetBIOS and DHCP share them.
#pragma once

#include "sensor/byte_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace linnet {

/// Hands each label of the name at the reader's place to `label`, and puts the reader behind the name; it fails where the
/// name is none. Pointers may only lead back, each further than the one before, so that there is no circle; more than 32
/// of them in one name are nobody's. A label may hold any bytes.
template <class Label>
void read_dns_name(ByteReader& reader, std::span<const std::byte> message, const Label& label) {
    constexpr std::size_t longest = 255;  // RFC 1035, section 2.3.4
    constexpr std::uint8_t pointer = 0xC0;
    int hops = 32;
    ByteReader at = reader;
    bool followed = false;
    std::size_t earliest = message.size() - reader.remaining(), size = 1;
    for (std::uint8_t length = at.u8(); length != 0 || !at.ok(); length = at.u8()) {
        if (!at.ok()) return reader.fail();
        if ((length & pointer) == pointer) {
            const std::size_t target = (length & 0x3FU) << 8U | at.u8();
            if (!followed) reader = at;
            followed = true;
            if (!at.ok() || target >= earliest || hops-- == 0) return reader.fail();
            earliest = target;
            at = ByteReader{message.subspan(target)};
            continue;
        }
        size += 1U + length;
        if ((length & pointer) != 0 || size > longest) return reader.fail();
        const auto text = at.text(length);
        if (at.ok()) label(text);
    }
    if (!followed) reader = at;
}

/// Puts the reader behind the name, without following its pointers.
inline void skip_dns_name(ByteReader& reader) {
    constexpr std::uint8_t pointer = 0xC0;
    for (std::uint8_t length = reader.u8(); length != 0; length = reader.u8()) {
        if ((length & pointer) == 0) {
            reader.skip(length);
            continue;
        }
        if ((length & pointer) == pointer)
            reader.skip(1);
        else
            reader.fail();
        return;
    }
}

/// "cam.home" of labels without pointers; a name that is not ended goes as far as its last whole label (RFC 4702, 4704).
inline std::string plain_dns_name(ByteReader reader) {
    std::string name;
    while (!reader.at_end()) {
        const std::uint8_t length = reader.u8();
        const auto label = reader.text(length);
        if (!reader.ok() || length > 63 || length == 0) break;
        if (!name.empty()) name += '.';
        name += label;
    }
    return name;
}

}  // namespace linnet
