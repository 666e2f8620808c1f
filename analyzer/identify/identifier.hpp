// Identifier: who made a device, what kind of thing it is, which model, which system, and why Linnet thinks so.
//
// Of each device it keeps the facts that a rule speaks of (at most max_facts; the weakest gives way), by the device's key,
// and infers anew when one is added: the order in which things are seen does not matter, and rules that were read anew are
// applied to what was seen before. The household shows the result.
#pragma once

#include "analyzer/household.hpp"
#include "analyzer/identify/inference.hpp"
#include "analyzer/state_table.hpp"

#include <memory>
#include <string>
#include <vector>

namespace linnet {

class Identifier {
 public:
    static constexpr std::size_t max_facts = 48;
    static constexpr std::size_t max_facts_of_field = 12;

    Identifier(std::size_t max_devices, std::shared_ptr<const Signatures> signatures);

    /// After the household has seen the event.
    void apply(const Event& event, Household& household);

    /// Two keys turned out to be one device: what was seen of `from` was seen of `into`.
    void merge(const std::string& from, const std::string& into, Household& household);

    [[nodiscard]] std::vector<Fact> facts_of(const std::string& key) const;
    StateTableBase& table() { return devices_; }

 private:
    struct Known {
        std::vector<Fact> facts;  ///< in the order in which they came
        [[nodiscard]] Json to_state() const;
        static Known from_state(const Json& state);
    };

    void look_at(const DeviceHint& hint, Household& household);
    void look_at(const NameBinding& binding, Household& household);
    void look_at(const TlsHandshake& handshake, Household& household);
    void look_at(const Flow& flow, Household& household);
    void look_at_rest(const Flow& flow, Household& household);
    void look_at(const Observation& observation, Household& household);
    void look_at(const auto& /*says nothing of what a device is*/, Household& /*household*/) {}

    void learn(const Device* device, std::string_view field, std::string_view value, Household& household);
    bool keep(Known& known, Fact&& fact, const MacAddress& mac) const;
    void conclude(const Device& device, Household& household) const;
    [[nodiscard]] int strength(const Fact& fact, const MacAddress& mac) const;

    std::shared_ptr<const Signatures> signatures_;
    StateTable<Known> devices_;
    bool judged_ = false;  ///< what was restored has been looked at with these rules
};

}  // namespace linnet
