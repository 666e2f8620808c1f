// The Basic Encoding Rules of ASN.1 (ITU-T X.690), as far as LDAP and SNMP use them: tags of one byte, definite lengths.
#pragma once

#include "sensor/byte_reader.hpp"

#include <cstdint>

namespace linnet {

namespace ber {
inline constexpr std::uint8_t integer = 0x02, octet_string = 0x04, enumerated = 0x0A, sequence = 0x30;
}

/// Reads tag and length; the value is what `reader` gives next. 0 and failed where the tag is another.
inline std::uint32_t ber_length(ByteReader& reader, std::uint8_t tag) {
    if (reader.u8() != tag) reader.fail();
    const std::uint8_t first = reader.u8();
    if (first < 0x80) return first;
    const unsigned count = first & 0x7FU;
    if (count == 0 || count > 4) reader.fail();
    std::uint32_t length = 0;
    for (unsigned i = 0; reader.ok() && i < count; ++i) length = length << 8 | reader.u8();
    return length;
}

/// The whole element's value; empty and failed where the tag is another or not all of it is there.
inline ByteReader ber_value(ByteReader& reader, std::uint8_t tag) {
    return ByteReader{reader.bytes(ber_length(reader, tag))};
}

inline std::string_view ber_text(ByteReader& reader, std::uint8_t tag) { return reader.text(ber_length(reader, tag)); }

/// A non-negative INTEGER or ENUMERATED of at most four bytes.
inline std::uint32_t ber_number(ByteReader& reader, std::uint8_t tag) {
    ByteReader value = ber_value(reader, tag);
    if (value.remaining() == 0 || value.remaining() > 4) reader.fail();
    std::uint32_t number = 0;
    while (!value.at_end()) number = number << 8 | value.u8();
    return number;
}

}  // namespace linnet
