// The strong types that cross borders: addresses, ports and times.
//
// An IPv4 address is kept as its IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2), so that one type,
// one hash and one comparison serve both families.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

/// Packet and event time: microseconds since 1970-01-01T00:00:00Z. Nothing below `main` reads a clock.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// RFC 3339 with six decimals and a Z, as in Suricata's EVE: 2026-03-01T18:20:11.120345Z.
std::string to_string(Timestamp time);
std::optional<Timestamp> parse_timestamp(std::string_view text);

/// IEEE 802 48-bit address. All zero means "not known".
struct MacAddress {
    std::array<std::uint8_t, 6> bytes{};

    /// Accepts aa:bb:cc:dd:ee:ff, in either case.
    static std::optional<MacAddress> parse(std::string_view text);

    [[nodiscard]] bool known() const { return bytes != std::array<std::uint8_t, 6>{}; }
    [[nodiscard]] bool is_group() const { return (bytes[0] & 0x01) != 0; }                 ///< multicast or broadcast
    [[nodiscard]] bool is_locally_administered() const { return (bytes[0] & 0x02) != 0; }  ///< random, mostly

    auto operator<=>(const MacAddress&) const = default;
};
std::string to_string(const MacAddress& mac);

/// IPv6 address, or an IPv4 one in its mapped form. All zero (::) means "not known".
struct IpAddress {
    std::array<std::uint8_t, 16> bytes{};

    static IpAddress v4(std::uint32_t host_order);
    static std::optional<IpAddress> parse(std::string_view text);

    [[nodiscard]] bool known() const { return bytes != std::array<std::uint8_t, 16>{}; }
    [[nodiscard]] bool is_v4() const;
    [[nodiscard]] std::uint32_t as_v4() const;  ///< host order; only where is_v4()
    [[nodiscard]] bool is_loopback() const;
    [[nodiscard]] bool is_multicast() const;
    [[nodiscard]] bool is_broadcast() const;    ///< 255.255.255.255 only; a subnet's own needs its prefix
    [[nodiscard]] bool is_unspecified() const;  ///< 0.0.0.0 or ::
    /// RFC 1918, RFC 6598, loopback and link-local IPv4; unique-local, link-local and loopback IPv6.
    [[nodiscard]] bool is_private() const;

    auto operator<=>(const IpAddress&) const = default;
};
std::string to_string(const IpAddress& ip);

/// An address prefix such as 192.168.1.0/24 or 2001:db8::/32.
struct IpPrefix {
    IpAddress address;
    std::uint8_t length = 128;  ///< in bits of the mapped form: an IPv4 /24 is 96 + 24

    static std::optional<IpPrefix> parse(std::string_view text);
    [[nodiscard]] bool contains(const IpAddress& ip) const;
    auto operator<=>(const IpPrefix&) const = default;
};
std::string to_string(const IpPrefix& prefix);

/// TCP or UDP port. 0 means "none".
struct Port {
    std::uint16_t number = 0;
    auto operator<=>(const Port&) const = default;
};

/// One side of a conversation, as seen on the wire. `mac` is unknown where the link layer has none.
struct Endpoint {
    IpAddress ip;
    Port port;
    MacAddress mac;
    auto operator<=>(const Endpoint&) const = default;
};

}  // namespace linnet

template <>
struct std::hash<linnet::MacAddress> {
    std::size_t operator()(const linnet::MacAddress& mac) const noexcept;
};
template <>
struct std::hash<linnet::IpAddress> {
    std::size_t operator()(const linnet::IpAddress& ip) const noexcept;
};
