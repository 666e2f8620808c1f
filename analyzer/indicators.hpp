// Where malware is publicly known to live, from signatures/indicators.toml: names, addresses and files. A look-up is one
// hash for each label of a name, whatever the size of the list.
#pragma once

#include "wire/types.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

namespace linnet {

struct Indicator {
    std::uint16_t number = 0;
    std::string value;
    std::string family;
};

class Indicators {
 public:
    static constexpr std::size_t max_entries = 20'000;

    /// Throws SettingsError (file:line: reason).
    static Indicators read(const std::filesystem::path& file);

    // nullptr where it is not listed.
    [[nodiscard]] const Indicator* domain(std::string_view name) const;  ///< the name or one that it lies under; lower case
    [[nodiscard]] const Indicator* address(const IpAddress& ip) const;
    [[nodiscard]] const Indicator* file(std::string_view location) const;  ///< "host/path", or its path alone

    [[nodiscard]] std::size_t size() const { return domains_.size() + addresses_.size() + files_.size(); }

 private:
    struct HashText {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using ByText = std::unordered_map<std::string, Indicator, HashText, std::equal_to<>>;

    ByText domains_, files_;
    std::unordered_map<IpAddress, Indicator> addresses_;
};

}  // namespace linnet
