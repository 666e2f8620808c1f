#include "ja4.hpp"

#include "sensor/ascii_text.hpp"
#include "sensor/byte_reader.hpp"
#include "sensor/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

namespace linnet {
namespace {

constexpr std::uint16_t server_name = 0, alpn = 16;
constexpr std::string_view hex_digits = "0123456789abcdef";

/// RFC 8701: 0x0a0a, 0x1a1a, … 0xfafa.
bool is_grease(std::uint16_t value) { return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff); }

/// Two bytes each; half a value at the end is none.
std::vector<std::uint16_t> values_in(std::string_view list) {
    std::vector<std::uint16_t> values;
    ByteReader in{list};
    while (in.remaining() >= 2)
        if (const auto value = in.u16(); !is_grease(value)) values.push_back(value);
    return values;
}

std::vector<std::uint16_t> extension_types(std::string_view list) {
    std::vector<std::uint16_t> types;
    TlsExtensions extensions{list};
    while (const auto extension = extensions.next())
        if (!is_grease(extension->type)) types.push_back(extension->type);
    return types;
}

bool is_dtls(std::uint16_t version) { return version >> 8 == 0xfe; }

/// The numbers of DTLS fall where the version rises.
bool is_older(std::uint16_t a, std::uint16_t b) { return is_dtls(a) && is_dtls(b) ? a > b : a < b; }

std::string_view version_in(const TlsClientHello& hello) {
    const auto offered = values_in(hello.versions);
    const auto newest = std::max_element(offered.begin(), offered.end(), is_older);
    switch (newest == offered.end() ? hello.version : *newest) {
        case 0x0304: return "13";
        case 0x0303: return "12";
        case 0x0302: return "11";
        case 0x0301: return "10";
        case 0x0300: return "s3";
        case 0x0002: return "s2";
        case 0xfeff: return "d1";
        case 0xfefd: return "d2";
        case 0xfefc: return "d3";
        default: return "00";
    }
}

/// Where either end is no letter or digit, the ends of its hexadecimal digits stand for it.
std::array<char, 2> ends_of(std::string_view protocol) {
    if (protocol.empty()) return {'0', '0'};
    const auto plain = [](char c) { return is_letter(c) || is_digit(c); };
    if (plain(protocol.front()) && plain(protocol.back())) return {protocol.front(), protocol.back()};
    return {hex_digits[static_cast<unsigned char>(protocol.front()) >> 4U],
            hex_digits[static_cast<unsigned char>(protocol.back()) & 0x0fU]};
}

void append(std::string& text, const std::vector<std::uint16_t>& values) {
    for (const auto value : values) {
        if (!text.empty() && text.back() != '_') text += ',';
        for (int shift = 12; shift >= 0; shift -= 4) text += hex_digits[value >> shift & 0x0f];
    }
}

/// The first 12 of the digest's hexadecimal characters.
std::string short_digest(const std::string& text) {
    if (text.empty()) return "000000000000";
    const auto digest = sha256(text);
    std::string hex;
    for (std::size_t i = 0; i < 6; ++i) {
        hex += hex_digits[digest[i] >> 4U];
        hex += hex_digits[digest[i] & 0x0fU];
    }
    return hex;
}

std::string ciphers_text(std::vector<std::uint16_t> ciphers) {
    std::sort(ciphers.begin(), ciphers.end());
    std::string text;
    append(text, ciphers);
    return text;
}

std::string extensions_text(std::vector<std::uint16_t> types, std::string_view signature_algorithms) {
    std::erase_if(types, [](std::uint16_t type) { return type == server_name || type == alpn; });
    std::sort(types.begin(), types.end());
    std::string text;
    append(text, types);
    const auto algorithms = values_in(signature_algorithms);
    if (text.empty() || algorithms.empty()) return text;
    text += '_';
    append(text, algorithms);
    return text;
}

}  // namespace

std::string ja4(const TlsClientHello& hello, Ja4Transport transport) {
    constexpr std::size_t most = 99;
    auto ciphers = values_in(hello.ciphers);
    auto types = extension_types(hello.extensions);
    const bool names_server = std::find(types.begin(), types.end(), server_name) != types.end();
    const auto protocol = ends_of(hello.alpn);
    auto text =
        fmt::format("{}{}{}{:02}{:02}{}{}_", static_cast<char>(transport), version_in(hello), names_server ? 'd' : 'i',
                    std::min(ciphers.size(), most), std::min(types.size(), most), protocol[0], protocol[1]);
    text += short_digest(ciphers_text(std::move(ciphers)));
    text += '_';
    text += short_digest(extensions_text(std::move(types), hello.signature_algorithms));
    return text;
}

}  // namespace linnet
