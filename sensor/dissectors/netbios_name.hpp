// NetBIOS names as they travel (RFC 1001, section 14.1; RFC 1002, section 4.1): sixteen bytes, half a byte to a letter from
// A to P. The last byte says what the name is for.
#pragma once

#include "sensor/byte_reader.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace linnet {

struct NetbiosName {
    std::string text;  ///< without the blanks that fill it up; the bytes are of an unknown character set
    std::uint8_t usage =
        0;  ///< of a unique name: 0x00 and 0x20 the computer, 0x03 a person; of a group: 0x00, 0x1E the workgroup
};

/// Nothing, and a failed reader, where it is none. Its scope is read and dropped; pointers are none of its.
std::optional<NetbiosName> read_netbios_name(ByteReader& reader);

/// A name as it stands in lists: fifteen bytes and the usage.
std::optional<NetbiosName> netbios_name_of(std::string_view sixteen);

}  // namespace linnet
