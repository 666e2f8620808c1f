// The public resolvers of the internet, from signatures/resolvers.toml: who offers them, their addresses, and the names by
// which they are asked over HTTPS and TLS.
#pragma once

#include "wire/types.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

struct PublicResolver {
    std::uint16_t number = 0;
    std::string operated_by;
    std::vector<IpAddress> addresses;
};

class PublicResolvers {
 public:
    /// None: nothing ever matches.
    PublicResolvers() = default;

    /// Throws SettingsError (file:line: reason).
    static PublicResolvers read(const std::filesystem::path& file);

    [[nodiscard]] const PublicResolver* at(const IpAddress& ip) const;
    /// By its name or one below it, as in "a1b2c3.dns.example"; lower case.
    [[nodiscard]] const PublicResolver* named(std::string_view name) const;

 private:
    std::vector<PublicResolver> all_;
    std::map<IpAddress, std::size_t> by_address_;
    std::map<std::string, std::size_t, std::less<>> by_name_;
};

}  // namespace linnet
