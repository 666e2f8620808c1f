// BACnet/IP (ASHRAE 135, annex J and clauses 15, 16, 20 and 21): what a device says of itself in I-Am, and in answers about
// its own object. Hints: vendor-id (the number that ASHRAE gives to makers), name, model, vendor and version. What a router
// passes on is of somebody else.
#include "sender_hints.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/dissectors.hpp"

#include <array>
#include <string>

namespace linnet {
namespace {

constexpr std::uint16_t port = 47808;
constexpr std::uint32_t device_object = 8;

/// Application tag of a number of at most four bytes (clause 20.2.4), and the number.
std::uint32_t read_number(ByteReader& reader, unsigned tag) {
    const std::uint8_t first = reader.u8();
    const unsigned length = first & 0x0FU;
    if (first >> 4U != tag || length == 0 || length > 4) reader.fail();
    std::uint32_t number = 0;
    for (unsigned i = 0; i < length; ++i) number = number << 8U | reader.u8();
    return number;
}

bool is_device(std::uint32_t object) { return object >> 22U == device_object; }

/// Clause 16.10.
void tell_i_am(ByteReader reader, SenderHints& hints) {
    constexpr unsigned number = 2, enumerated = 9;
    const bool is_object = reader.u8() == 0xC4;
    const std::uint32_t object = reader.u32();
    read_number(reader, number);      // longest message
    read_number(reader, enumerated);  // segmentation
    const std::uint32_t vendor = read_number(reader, number);
    if (reader.ok() && is_object && is_device(object)) hints.tell("vendor-id", std::to_string(vendor));
}

std::string_view key_of(std::uint32_t property) {
    switch (property) {
        case 77: return "name";
        case 70: return "model";
        case 121: return "vendor";
        case 12:
        case 44: return "version";
        default: return {};
    }
}

/// Clause 20.2.9: a text in UTF-8, whose length may stand in a byte of its own.
std::string_view read_text(ByteReader& reader) {
    constexpr std::uint8_t text_tag = 0x70, long_text = 0x75, utf8 = 0;
    const std::uint8_t tag = reader.u8();
    std::size_t length = tag & 0x07U;
    if ((tag & 0xF8U) != text_tag) reader.fail();
    if (tag == long_text) length = reader.u8();
    if (length == 0 || length >= 254 || reader.u8() != utf8) reader.fail();
    return reader.text(length - (length > 0 ? 1 : 0));
}

/// Clause 15.5: object, property, value.
void tell_property(ByteReader reader, SenderHints& hints) {
    const bool is_object = reader.u8() == 0x0C;
    const std::uint32_t object = reader.u32();
    const std::uint8_t property_tag = reader.u8();
    const std::uint32_t property = property_tag == 0x1A ? reader.u16() : reader.u8();
    const bool is_property = property_tag == 0x19 || property_tag == 0x1A;
    const bool opens = reader.u8() == 0x3E;  // one of a list has an index here: those are none of ours
    if (!reader.ok() || !is_object || !is_device(object) || !is_property || !opens) return;
    const auto key = key_of(property);
    const auto value = read_text(reader);
    if (reader.ok() && !key.empty()) hints.tell(key, value);
}

/// Annex J.2 and clause 6.2; false where it has come by way of a router, or is no application's.
bool enter_message(ByteReader& reader, std::size_t size) {
    const std::uint8_t type = reader.u8(), function = reader.u8();
    const std::uint16_t length = reader.u16();
    const std::uint8_t version = reader.u8(), control = reader.u8();
    const bool sent_by_itself = type == 0x81 && (function == 0x0A || function == 0x0B) && length == size;
    if ((control & 0x20U) != 0) {  // to another network, or all
        reader.skip(2);
        reader.skip(reader.u8() + 1U);  // and how far it may still go
    }
    return reader.ok() && sent_by_itself && version == 1 && (control & 0x88U) == 0;
}

bool wants(const Packet& packet) { return packet.proto == Proto::udp && packet.src_port.number == port; }

void inspect(const Packet& packet, const SensorSignatures&, const Emit& emit) {
    constexpr std::uint8_t unconfirmed = 0x10, answer = 0x30, i_am = 0, read_property = 12;
    ByteReader reader{packet.payload};
    if (!enter_message(reader, packet.payload.size())) return;
    SenderHints hints{packet, "bacnet", emit};
    const std::uint8_t kind = reader.u8();
    if (kind == answer) reader.skip(1);  // which question
    const std::uint8_t service = reader.u8();
    if (kind == unconfirmed && service == i_am) tell_i_am(reader, hints);
    if (kind == answer && service == read_property) tell_property(reader, hints);
}

constexpr std::array ports{port};

}  // namespace

const DatagramDissector bacnet{"bacnet", wants, inspect, ports};

}  // namespace linnet
