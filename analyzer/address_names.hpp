// By which names an address is known: from DNS answers, and from the names that TLS clients ask for. The last few of each
// address; the address that changed least recently gives way.
#pragma once

#include "analyzer/state_table.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace linnet {

class AddressNames {
 public:
    static constexpr std::size_t max_addresses = 4096;
    static constexpr std::size_t max_names = 4;

    void apply(const Event& event);

    /// The newest last; empty where none was seen.
    [[nodiscard]] const std::vector<std::string>& of(const IpAddress& ip) const;

    StateTableBase& table() { return names_; }

 private:
    struct Names {
        std::vector<std::string> names;
        [[nodiscard]] Json to_state() const { return names; }
        static Names from_state(const Json& state);
    };

    void learn(const IpAddress& ip, const std::string& name);

    StateTable<Names> names_{"address-names", max_addresses};
};

/// What names of one owner have in common: "b.example.com" -> "example.com", "b.example.co.uk" -> "example.co.uk". A rule of
/// thumb: under a country's domain, a second label of at most three letters is taken for a public one.
std::string_view domain_of(std::string_view name);

}  // namespace linnet
