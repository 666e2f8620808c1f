// Profiles: what each device does on the network, so that what it never did before can be told apart (baseline-drift), and
// the description that its maker gives of it (MUD, RFC 8520) where somebody has imported one.
//
// A device is learned by its MAC address: for learning_seconds and on active_days different days. Kept are its habits: with
// whom outside it speaks on which port, which services it uses at home, which of its own are used. A device with many
// different peers outside is general-purpose (a telephone, a computer): nothing it does is unusual, and it is not told of.
// Only conversations count that both sides took part in, from a beginning that was seen. All tables are bounded.
#pragma once

#include "analyzer/address_names.hpp"
#include "analyzer/household.hpp"
#include "analyzer/mud_file.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace linnet {

/// Who calls whom, seen from the device.
enum class Reach : std::uint8_t {
    outside = 0,       ///< it calls a host outside
    home = 1,          ///< it calls another device at home
    from_home = 2,     ///< another device at home calls it
    from_outside = 3,  ///< a host outside calls it
};

struct Habit {
    static constexpr std::uint16_t dynamic_port = 32'768;  ///< stands for itself and all above: given out by chance

    Reach reach = Reach::outside;
    Proto proto = Proto::tcp;
    std::uint16_t port = 0;  ///< of the server
    bool v6 = false;
    bool strange = false;  ///< it came when everything else was learned
    std::string peer;      ///< Reach::outside only: its name, or a prefix "203.0.113.0/24"
    [[nodiscard]] bool same(const Habit& other) const {
        return reach == other.reach && proto == other.proto && port == other.port && v6 == other.v6 && peer == other.peer;
    }
};

struct Profile {
    static constexpr std::size_t max_habits = 64;
    static constexpr std::size_t max_names = 8;  ///< of one domain and port

    Timestamp since, last;
    std::uint64_t days = 0;                ///< on which it did something
    bool general = false;                  ///< habits are then empty
    std::optional<Timestamp> names_since;  ///< its first DNS answer that was seen
    std::vector<Habit> habits;

    [[nodiscard]] Json to_state() const;
    static Profile from_state(const Json& state);
};

/// Something that a device did and should not have.
struct Drift {
    Endpoint device, peer;
    Reach reach = Reach::outside;
    Port port;              ///< the server's
    std::string peer_name;  ///< newest name, else empty
    bool against_mud = false;
    bool fresh = true;  ///< false: it was told of within the last day
};

class Profiles {
 public:
    static constexpr std::size_t max_devices = 512;
    static constexpr std::size_t max_imported = 256;

    explicit Profiles(Thresholds& thresholds);

    /// After the household has seen the event.
    void apply(const Event& event, const Household& household);
    /// Of the last event.
    [[nodiscard]] const std::vector<Drift>& drifts() const { return drifts_; }

    [[nodiscard]] const Profile* find(const MacAddress& mac) const;
    [[nodiscard]] bool is_learned(const Profile& profile, Timestamp at) const;

    [[nodiscard]] const MudFile* imported(const MacAddress& mac) const;
    /// Empty, or a sentence that says why not. Replaces what was imported before.
    std::string import_mud(const MacAddress& mac, std::string_view text);
    /// False where nothing had been imported.
    bool remove_mud(const MacAddress& mac);

    std::vector<StateTableBase*> tables() { return {&profiles_, &imported_, &told_, &names_.table()}; }

 private:
    struct Imported {
        std::string text;
        MudFile file;
        [[nodiscard]] Json to_state() const { return text; }
        static Imported from_state(const Json& state);
    };
    /// When a contact against a description was told of.
    struct Told {
        Timestamp at;
        [[nodiscard]] Json to_state() const;
        static Told from_state(const Json& state);
    };

    void look_at(const Flow& flow, Reach reach, const Endpoint& end, const Endpoint& peer, const Household& household);
    void learn(const Flow& flow, Drift&& drift);
    void compare_with_mud(const Flow& flow, Drift&& drift, const MudFile& file, const Household& household);
    const Profile& renewed(const std::string& key, Timestamp at);
    [[nodiscard]] bool is_everyday(Port port) const;
    [[nodiscard]] bool is_strange(const Profile& profile, const Habit& habit) const;
    [[nodiscard]] bool knows_port(const Profile& profile, const Habit& habit) const;
    void add(Profile& profile, Habit&& habit) const;
    [[nodiscard]] static bool same_maker(const MacAddress& a, const MacAddress& b, const Household& household);

    Duration learning_, forget_;
    std::uint64_t active_days_;
    std::size_t max_peers_, many_ports_;
    std::vector<Port> everyday_;
    AddressNames names_;
    StateTable<Profile> profiles_{"profiles", max_devices};
    StateTable<Imported> imported_{"mud", max_imported};
    StateTable<Told> told_{"mud-told", 1024};
    std::vector<Drift> drifts_;
};

/// What was learned, as a MUD file for this device; `url` where the device has named its own, else empty.
Json to_mud_file(const Profile& profile, const MacAddress& mac, const std::string& url);

}  // namespace linnet
