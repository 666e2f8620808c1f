#include "certificate_mud_url.hpp"

#include "ber.hpp"

namespace linnet {
namespace {

constexpr std::string_view mud_url_number{"\x06\x08\x2b\x06\x01\x05\x05\x07\x01\x19", 10};
constexpr std::uint8_t boolean = 0x01, ia5_string = 0x16;
constexpr std::size_t longest = 255;

}  // namespace

std::string_view mud_url_in(std::string_view der) {
    const auto at = der.find(mud_url_number);
    if (at == std::string_view::npos) return {};
    ByteReader reader{der.substr(at + mud_url_number.size())};
    if (ByteReader ahead = reader; ahead.u8() == boolean) reader.skip(3);  // "critical"
    ByteReader value = ber_value(reader, ber::octet_string);
    const auto url = ber_text(value, ia5_string);
    return value.ok() && url.size() <= longest ? url : std::string_view{};
}

}  // namespace linnet
