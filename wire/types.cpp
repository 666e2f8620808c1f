#include "types.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace linnet {
namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// Reads exactly `count` decimal digits at `text[at]`.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
    int value = 0;
    if (at + count > text.size()) return std::nullopt;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::size_t mix(std::uint64_t value) {
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdULL;
    value ^= value >> 33;
    return static_cast<std::size_t>(value);
}

bool in(std::uint32_t ip, std::uint32_t network, int length) { return (ip ^ network) >> (32 - length) == 0; }

}  // namespace

std::string to_string(Timestamp time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    using namespace std::chrono;
    if (text.size() != 27 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text[19] != '.' || text[26] != 'Z')
        return std::nullopt;
    const auto y = digits(text, 0, 4), mo = digits(text, 5, 2), d = digits(text, 8, 2), h = digits(text, 11, 2),
               mi = digits(text, 14, 2), s = digits(text, 17, 2), us = digits(text, 20, 6);
    if (!y || !mo || !d || !h || !mi || !s || !us || *h > 23 || *mi > 59 || *s > 59) return std::nullopt;
    const year_month_day date{year{*y}, month{static_cast<unsigned>(*mo)}, day{static_cast<unsigned>(*d)}};
    if (!date.ok()) return std::nullopt;
    return sys_days{date} + hours{*h} + minutes{*mi} + seconds{*s} + microseconds{*us};
}

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
    if (text.size() != 17) return std::nullopt;
    MacAddress mac;
    for (std::size_t i = 0; i < 6; ++i) {
        const char* first = text.data() + i * 3;
        if (i > 0 && first[-1] != ':') return std::nullopt;
        const auto [end, error] = std::from_chars(first, first + 2, mac.bytes[i], 16);
        if (error != std::errc{} || end != first + 2) return std::nullopt;
    }
    return mac;
}

std::string to_string(const MacAddress& mac) {
    const auto& b = mac.bytes;
    return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", b[0], b[1], b[2], b[3], b[4], b[5]);
}

IpAddress IpAddress::v4(std::uint32_t host_order) {
    IpAddress ip;
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), ip.bytes.begin());
    for (std::size_t i = 0; i < 4; ++i) ip.bytes[12 + i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
    return ip;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
    if (text.size() > INET6_ADDRSTRLEN) return std::nullopt;
    const std::string copy{text};
    IpAddress ip;
    if (in_addr v4_address{}; inet_pton(AF_INET, copy.c_str(), &v4_address) == 1) return v4(ntohl(v4_address.s_addr));
    if (inet_pton(AF_INET6, copy.c_str(), ip.bytes.data()) == 1) return ip;
    return std::nullopt;
}

bool IpAddress::is_v4() const { return std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin()); }

std::uint32_t IpAddress::as_v4() const {
    return static_cast<std::uint32_t>(bytes[12]) << 24 | static_cast<std::uint32_t>(bytes[13]) << 16 |
           static_cast<std::uint32_t>(bytes[14]) << 8 | bytes[15];
}

bool IpAddress::is_loopback() const {
    if (is_v4()) return bytes[12] == 127;
    return std::all_of(bytes.begin(), bytes.end() - 1, [](auto b) { return b == 0; }) && bytes[15] == 1;
}

bool IpAddress::is_multicast() const { return is_v4() ? (bytes[12] & 0xf0) == 0xe0 : bytes[0] == 0xff; }

bool IpAddress::is_broadcast() const { return is_v4() && as_v4() == 0xffffffffU; }

bool IpAddress::is_unspecified() const { return !known() || (is_v4() && as_v4() == 0); }

bool IpAddress::is_private() const {
    if (is_v4()) {
        const std::uint32_t ip = as_v4();
        return in(ip, 0x0a000000U, 8) || in(ip, 0xac100000U, 12) || in(ip, 0xc0a80000U, 16) ||  // RFC 1918
               in(ip, 0x64400000U, 10) || in(ip, 0xa9fe0000U, 16) || in(ip, 0x7f000000U, 8);    // RFC 6598, 3927, 1122
    }
    return (bytes[0] & 0xfe) == 0xfc ||                        // unique-local, RFC 4193
           (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) ||  // link-local, RFC 4291
           is_loopback();
}

std::string to_string(const IpAddress& ip) {
    char text[INET6_ADDRSTRLEN] = {};
    if (ip.is_v4())
        inet_ntop(AF_INET, ip.bytes.data() + 12, text, sizeof text);
    else
        inet_ntop(AF_INET6, ip.bytes.data(), text, sizeof text);
    return text;
}

std::optional<IpPrefix> IpPrefix::parse(std::string_view text) {
    const auto slash = text.find('/');
    const auto ip = IpAddress::parse(text.substr(0, slash));
    if (!ip) return std::nullopt;
    const unsigned family_bits = ip->is_v4() ? 32 : 128;
    unsigned length = family_bits;
    if (slash != std::string_view::npos) {
        const auto number = text.substr(slash + 1);
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), length);
        if (error != std::errc{} || end != number.data() + number.size() || length > family_bits) return std::nullopt;
    }
    return IpPrefix{*ip, static_cast<std::uint8_t>(128 - family_bits + length)};
}

std::string to_string(const IpPrefix& prefix) {
    const int family_bits = prefix.address.is_v4() ? 96 : 0;
    return to_string(prefix.address) + "/" + std::to_string(prefix.length - family_bits);
}

bool IpPrefix::contains(const IpAddress& ip) const {
    const std::size_t whole = length / 8;
    if (!std::equal(address.bytes.begin(), address.bytes.begin() + static_cast<std::ptrdiff_t>(whole), ip.bytes.begin()))
        return false;
    const int rest = length % 8;
    return rest == 0 || (address.bytes[whole] ^ ip.bytes[whole]) >> (8 - rest) == 0;
}

}  // namespace linnet

std::size_t std::hash<linnet::MacAddress>::operator()(const linnet::MacAddress& mac) const noexcept {
    std::uint64_t value = 0;
    std::memcpy(&value, mac.bytes.data(), mac.bytes.size());
    return linnet::mix(value);
}

std::size_t std::hash<linnet::IpAddress>::operator()(const linnet::IpAddress& ip) const noexcept {
    std::uint64_t high = 0, low = 0;
    std::memcpy(&high, ip.bytes.data(), 8);
    std::memcpy(&low, ip.bytes.data() + 8, 8);
    return linnet::mix(high * 0x9e3779b97f4a7c15ULL ^ low);
}
