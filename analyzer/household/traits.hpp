// Traits: what a device tells of itself that stays when its addresses change. Numbers that exist once (DHCP unique
// identifiers, RFC 8415 section 11; UUIDs), names, the way in which it asks for an address, and its TLS client behaviour:
// which kinds of hello it sends, and to whom. All bounded, the oldest of each gives way.
#pragma once

#include "wire/alert.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct Traits {
    static constexpr std::size_t max_ids = 4, max_names = 4, max_instances = 8, max_hellos = 24, max_kinds = 8;
    static constexpr std::size_t max_text = 80;  ///< bytes of each

    std::vector<std::string> ids;        ///< "duid:00046af1…", "uuid:2fac1234-…"
    std::vector<std::string> names;      ///< comparable() host names, of any source
    std::vector<std::string> announced;  ///< those of them that it announced by mDNS
    std::vector<std::string> instances;  ///< DNS-SD instances that it offers: "Hall._hap._tcp"
    std::uint64_t dhcp = 0;              ///< a number for what it asks the DHCP server for, in which order; 0 = not seen
    std::vector<std::uint64_t> hellos;   ///< a number for each pair of a TLS hello's kind (JA4) and a server's name
    std::vector<std::uint64_t> kinds;    ///< a number for each JA4

    /// True where the hint added something.
    bool note(const DeviceHint& hint);
    bool note(const TlsHandshake& handshake);
    /// What the other one knew becomes its own.
    void take(const Traits& other);
    [[nodiscard]] bool empty() const { return *this == Traits{}; }
    bool operator==(const Traits&) const = default;

    [[nodiscard]] Json to_state() const;
    static Traits from_state(const Json& state);
};

/// Is it a host name that the device gives itself?
bool is_host_name(const DeviceHint& hint);

/// The DHCP unique identifier in a client identifier of RFC 4361 (option 61: ff, four bytes of the interface, then it), or
/// any other client identifier that is long enough to exist once and does not repeat the hardware address; both in
/// hexadecimal. Empty where there is none.
std::string lasting_id(std::string_view client_id, const MacAddress& mac);

}  // namespace linnet
