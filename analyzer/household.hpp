// Household: which devices live here, by what their packets say about who they are.
//
// A device is a MAC address on the home side, or, where the capture has no usable MAC, a local address. Outside hosts
// behind the gateway's MAC are not devices; group addresses never are; nor are addresses inside a tunnel that nobody
// answered: a flood forges them; and what speaks through a MAC that carries the
// packets of others, as a router's does, is known by its address. Each event makes its devices present; hints and bindings
// give them names and addresses.
//
// One device can have several MACs: a telephone draws a new one by lot, a computer has Wi-Fi and a cable. Where what it
// tells of itself (traits.hpp) makes that sure enough (likeness.hpp) its addresses are joined; where it is only likely, that
// is suggested to a person. Joining can be undone, its history says why, and what a person decided always stays.
// household/residents.hpp says how many devices are kept and who gives way.
#pragma once

#include "analyzer/household/likeness.hpp"
#include "analyzer/household/residents.hpp"
#include "analyzer/locality.hpp"
#include "analyzer/signatures.hpp"
#include "analyzer/state_table.hpp"

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace linnet {

struct Identification;  // identify/inference.hpp: what a device is

class Household {
 public:
    static constexpr std::size_t max_addresses = 16;
    static constexpr std::size_t max_gateways = 64;

    Household(Locality locality, std::size_t max_devices, std::shared_ptr<const Signatures> signatures,
              Thresholds& thresholds);

    void apply(const Event& event);
    /// Behind a restore, before the first question; apply() does it, too.
    void wake();

    /// Devices that this event showed for the first time; valid until the next apply().
    struct Newcomer {
        MacAddress mac;
        IpAddress ip;  ///< where it was told
    };
    [[nodiscard]] const std::vector<Newcomer>& newcomers() const { return newcomers_; }

    /// Keys of the devices that gave way to this event's; valid until the next apply().
    [[nodiscard]] const std::vector<std::string>& departed() const { return departed_; }

    /// Null where nobody has that MAC, or, without one, that address. The pointer is good until the next apply().
    [[nodiscard]] const Device* find(const MacAddress& mac, const IpAddress& ip) const;
    [[nodiscard]] const Device* find(const std::string& key) const;
    /// The device at the local end of a conversation; null where that end is outside.
    [[nodiscard]] const Device* find_at(const Endpoint& end, const Endpoint& peer) const;

    /// Devices that turned out to be others, since the last take_merges(): what is kept under the key `from` belongs to
    /// `into`.
    struct Merge {
        std::string from, into;  ///< Device::key
    };
    std::vector<Merge> take_merges() { return std::exchange(merges_, {}); }

    /// What the device with this key is, as the identifier concludes.
    void identify(const std::string& key, const Identification& identity);

    /// The device at one end of a conversation. Two ends with one MAC tell nothing: then it is the address.
    [[nodiscard]] DeviceRef at_end(const Endpoint& end, const Endpoint& peer) const;
    [[nodiscard]] DeviceRef device(const MacAddress& mac, const IpAddress& ip) const;
    /// Maker and model, as far as they are known and its name does not say them: "Hikvision DS-2CD2042".
    [[nodiscard]] std::string product_of(const DeviceRef& device) const;
    /// What to call that end: the device's name where it is local, else its address.
    [[nodiscard]] std::string name_at_end(const Endpoint& end, const Endpoint& peer) const;
    /// The MAC under which the device with this one is known; itself where it is not one of several.
    [[nodiscard]] MacAddress principal(const MacAddress& mac) const;
    /// Did a person say that it belongs here?
    [[nodiscard]] bool is_trusted(const DeviceRef& device) const;
    /// Of an alert from before its device was joined with another, or got its name: as it is called now.
    [[nodiscard]] DeviceRef now(const DeviceRef& then) const;
    /// The IPv4 addresses that were seen with this MAC, at most max_addresses.
    [[nodiscard]] std::vector<IpAddress> addresses_of(const MacAddress& mac) const;
    /// Did addresses of the outside come through this MAC?
    [[nodiscard]] bool is_gateway(const MacAddress& mac) const;
    /// Has it been heard for longer than a moment?
    [[nodiscard]] bool has_settled(const MacAddress& mac) const;
    /// Who made it, by the IEEE's registry; empty where that does not say.
    [[nodiscard]] std::string_view maker(const MacAddress& mac) const { return signatures_->makers().of(mac); }
    [[nodiscard]] const Locality& locality() const { return locality_; }

    /// What a person decided. Each returns nothing, or a sentence that says why it cannot be; `at` is when.
    struct Words {
        std::optional<std::string> name, kind, model;  ///< absent: as it was; empty: Linnet's own again
    };
    std::string name_device(const std::string& key, const Words& words, Timestamp at);
    std::string merge_devices(const std::string& key, const std::string& other, Timestamp at);
    /// Takes one of its addresses out of a device; or, where that is another device's, says that the two are two.
    std::string split_device(const std::string& key, const std::string& address, Timestamp at);
    /// It belongs here, or (again) not.
    std::string trust_device(const std::string& key, bool trusted, Timestamp at);
    /// Takes back the newest of what was joined or said of this device.
    std::string undo(const std::string& key, Timestamp at);

    /// All of it; the key may be that of any of its addresses.
    [[nodiscard]] std::optional<Device> device(const std::string& key) const;
    /// Under which keys it was ever told of that it still answers to; the key itself where there is no such device.
    [[nodiscard]] std::vector<std::string> keys_of(const std::string& key) const;
    std::vector<Device> take_changes();
    std::vector<std::string> take_gone();               ///< keys that somebody was told of and that are no longer devices
    [[nodiscard]] std::vector<Device> devices() const;  ///< by key
    std::vector<StateTableBase*> tables();

 private:
    enum class How : std::uint8_t { spoken, claimed };
    struct Gateway {
        Timestamp since;
        [[nodiscard]] Json to_state() const;
        static Gateway from_state(const Json& state);
    };

    struct Away {
        [[nodiscard]] Json to_state() const { return true; }
        static Away from_state(const Json& /*state*/) { return {}; }
    };
    struct Clock {
        Timestamp now, looked;
        [[nodiscard]] Json to_state() const;
        static Clock from_state(const Json& state);
    };

    void apply(const Flow& flow);
    void apply(const Probe& probe);
    void apply(const DeviceHint& hint);
    void apply(const Login& login);
    void apply(const TlsHandshake& handshake);
    void apply(const Certificate& certificate);
    void apply(const AddressBinding& binding);
    void apply(const Burst& burst);
    void apply(const auto& /*the flow of the same packets says it*/) {}

    // household.cpp
    void meet(const Endpoint& client, const Endpoint& server, Timestamp at);
    void note_gateway(const Endpoint& stranger, const Endpoint& local, Timestamp at);
    [[nodiscard]] std::string row_for(const MacAddress& mac, const IpAddress& ip) const;
    /// Its row; the device may have been joined, split or moved in the table: look it up anew.
    std::string seen(const MacAddress& mac, const IpAddress& ip, Timestamp at, How how = How::spoken);
    void introduce(Resident& resident, const MacAddress& mac, const IpAddress& ip, Timestamp at);
    void add_address(Resident& resident, const std::string& row, const IpAddress& ip, Timestamp at, How how);
    void stop_carrying(Resident& resident, const std::string& row, Timestamp at);
    void rename(Device& device, const Dossier* dossier) const;
    void mark_changed(const std::string& row);
    void look_who_is_away(Timestamp now);
    [[nodiscard]] bool is_away(const Resident& resident) const;
    [[nodiscard]] Device shown(const std::string& row, const Resident& resident) const;

    // household/joining.cpp
    template <class Signal>
    void learn(const std::string& row, const Signal& signal, Timestamp at);
    void look_for_twins(const std::string& row, Timestamp at);
    void visit(Resident& resident, const std::string& row, Station& station, Timestamp at);
    [[nodiscard]] bool may_be_joined(const Resident& resident) const;
    [[nodiscard]] Together together(const Resident& a, const Resident& b) const;
    struct Reason {
        Bond bond = Bond::person;
        std::string text;
    };
    void join(const std::string& a, const std::string& b, const Reason& reason, Timestamp at);
    [[nodiscard]] bool is_better_key(const std::string& a, const std::string& b) const;
    void move_stations(Resident&& from, Resident& into, const std::string& row, Bond bond);
    void suggest(const std::string& row, const std::string& other, const Likeness& likeness);
    void separate(const std::string& row, const std::string& station, const std::string& text, Timestamp at);

    Locality locality_;
    std::shared_ptr<const Signatures> signatures_;
    LikenessWeights weights_;
    PresenceLimits presence_;
    Duration together_;
    std::size_t own_addresses_, own_addresses_v6_;
    Residents residents_;
    StateTable<Gateway> gateways_{"gateways", max_gateways};
    StateTable<Clock> clock_{"household", 1};
    Timestamp now_;
    Timestamp looked_;       ///< who is away
    StateTable<Away> away_;  ///< rows of those who were, then
    std::vector<Newcomer> newcomers_;
    std::vector<std::string> departed_;
    std::vector<Merge> merges_;
    std::vector<std::string> changed_;
    std::unordered_set<std::string> changed_set_;
    std::vector<std::string> gone_;
};

}  // namespace linnet
