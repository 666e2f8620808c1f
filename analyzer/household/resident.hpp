// Resident: what the household keeps of a device that changes with every packet. Dossier: what it keeps of who that is and
// was, which changes seldom; so the two are written apart.
#pragma once

#include "analyzer/household/presence.hpp"
#include "analyzer/household/traits.hpp"
#include "wire/alert.hpp"

#include <string>
#include <vector>

namespace linnet {

bool is_usable(const MacAddress& mac);  ///< stands for one network card: neither unknown nor a group

/// The key of the row, a RowKey's text, and of the device, text that people read: of the MAC, or where there is none the
/// address.
std::string row_key(const MacAddress& mac, const IpAddress& ip);
std::string device_key(const MacAddress& mac, const IpAddress& ip);
/// Of a device's key; empty where it is neither.
std::string row_key_of(std::string_view device_key);

/// Why an address is taken for one of the device's.
enum class Bond : std::uint8_t {
    own = 0,         ///< the device was first known by it
    person = 1,      ///< somebody said so
    lasting = 2,     ///< a proof that also holds where both addresses are used at once
    succession = 3,  ///< it came when the other had gone; ends where both are used at once
};

/// One hardware address of the device (or, where the capture has none, one address).
struct Station {
    std::string key;  ///< as Device::key
    Timestamp first, last;
    Timestamp since;  ///< of the present stay: heard again and again without a pause of some minutes
    IpAddress ip;     ///< the newest IPv4 address with which it was seen
    Bond bond = Bond::own;

    [[nodiscard]] Json to_state() const;
    static Station from_state(const Json& state);
};

/// Which IP addresses a card speaks with, and for which of them it has said that they are its own (ARP, NDP, DHCP).
class SpokenAddresses {
 public:
    static constexpr std::size_t max_spoken = 16, max_bound = 16;

    void bind(const IpAddress& ip);
    /// `limit` IPv4 addresses, or `limit_v6` others, in use by turns that it never claimed: true once that becomes so. Then
    /// it carries other devices' packets, as routers do.
    bool speak(const IpAddress& ip, std::size_t limit, std::size_t limit_v6);
    [[nodiscard]] bool carries_others() const { return carries_; }
    [[nodiscard]] bool is_bound(const IpAddress& ip) const;
    [[nodiscard]] std::vector<IpAddress> unbound() const;

    [[nodiscard]] Json to_state() const;
    static SpokenAddresses from_state(const Json& state);

 private:
    struct Spoken {
        IpAddress ip;
        bool returned = false;  ///< after another had been used
    };
    std::vector<Spoken> spoken_;
    std::vector<IpAddress> bound_;
    IpAddress latest_;
    bool carries_ = false;
};

struct Resident {
    Device device;                  ///< but for what its Dossier holds
    std::vector<Station> stations;  ///< at most Device::max_macs, the oldest first
    SpokenAddresses addresses;
    Rhythm rhythm;
    mutable bool told = false;  ///< somebody outside the core was told of it

    [[nodiscard]] Station* station(std::string_view key);
    [[nodiscard]] Json to_state() const;
    static Resident from_state(const Json& state);
};

struct Dossier {
    static constexpr std::size_t max_apart = 16, max_moves = 4;

    Traits traits;
    GivenWords given;
    std::vector<HistoryEntry> history;
    std::vector<Suggestion> suggestions;
    std::vector<std::string> apart;  ///< keys of devices that this one is not, whatever it looks like

    /// The oldest entry gives way; of changes of address, all but the last max_moves.
    void tell(HistoryEntry entry);
    void keep_apart(const std::string& key);
    [[nodiscard]] bool is_apart(const std::string& key) const;
    [[nodiscard]] Json to_state() const;
    static Dossier from_state(const Json& state);
};

/// The newest IPv4 address, or the newest of all; null where there is none.
const IpAddress* best_address(const Device& device);

}  // namespace linnet
