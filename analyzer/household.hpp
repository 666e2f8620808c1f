// Household: which devices live here, by what their packets say about who they are.
//
// A device is a MAC address on the home side, or, where the capture has no usable MAC, a local address. Outside hosts
// behind the gateway's MAC are not devices; group addresses never are; nor are addresses inside a tunnel that nobody
// answered: a flood forges them. Each event makes its devices present; hints and bindings give them names and addresses. At
// most max_devices are kept, the least recently seen gives way.
#pragma once

#include "analyzer/locality.hpp"
#include "analyzer/signatures.hpp"
#include "analyzer/state_table.hpp"

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace linnet {

struct Identification;  // identify/inference.hpp: what a device is

class Household {
 public:
    static constexpr std::size_t max_addresses = 16;

    Household(Locality locality, std::size_t max_devices, std::shared_ptr<const Signatures> signatures);

    void apply(const Event& event);

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

    /// What the device with this key is, as the identifier concludes.
    void identify(const std::string& key, const Identification& identity);

    /// The device at one end of a conversation. Two ends with one MAC tell nothing: then it is the address.
    [[nodiscard]] DeviceRef at_end(const Endpoint& end, const Endpoint& peer) const;
    [[nodiscard]] DeviceRef device(const MacAddress& mac, const IpAddress& ip) const;
    /// What to call that end: the device's name where it is local, else its address.
    [[nodiscard]] std::string name_at_end(const Endpoint& end, const Endpoint& peer) const;
    /// The IPv4 addresses that were seen with this MAC, at most max_addresses.
    [[nodiscard]] std::vector<IpAddress> addresses_of(const MacAddress& mac) const;
    /// Who made it, by the IEEE's registry; empty where that does not say.
    [[nodiscard]] std::string_view maker(const MacAddress& mac) const { return signatures_->makers().of(mac); }
    [[nodiscard]] const Locality& locality() const { return locality_; }

    std::vector<Device> take_changes();
    [[nodiscard]] std::vector<Device> devices() const;  ///< by key
    StateTableBase& table() { return devices_; }

 private:
    struct Row {
        Device device;
        [[nodiscard]] Json to_state() const { return to_eve(device); }
        static Row from_state(const Json& state) { return {device_from_eve(state)}; }
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

    void meet(const Endpoint& client, const Endpoint& server, Timestamp at);
    Device& seen(const MacAddress& mac, const IpAddress& ip, Timestamp at);
    void introduce(Device& device, const MacAddress& mac, const IpAddress& ip, Timestamp at);
    void mark_changed(const std::string& row_key);
    void rename(Device& device) const;

    Locality locality_;
    std::shared_ptr<const Signatures> signatures_;
    StateTable<Row> devices_;
    std::vector<Newcomer> newcomers_;
    std::vector<std::string> departed_;
    std::vector<std::string> changed_;
    std::unordered_set<std::string> changed_set_;
};

}  // namespace linnet
