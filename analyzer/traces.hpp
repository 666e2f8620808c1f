// Traces: by what a device is recognised wherever the database tells of it: hardware addresses, IP addresses, names; in
// sentences, in keys and in rows of state. Addresses and names that another device has, too, are none.
#pragma once

#include "wire/alert.hpp"
#include "wire/event.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace linnet {

class Traces {
 public:
    static constexpr std::size_t shortest_name = 4;  ///< bytes; a shorter one would be found in anything

    /// Of `device`; `others` are all others that there are.
    Traces(const Device& device, const std::vector<Device>& others);

    [[nodiscard]] const std::vector<MacAddress>& macs() const { return macs_; }
    [[nodiscard]] const std::vector<IpAddress>& ips() const { return ips_; }
    /// As Device::key.
    [[nodiscard]] std::vector<std::string> keys() const;

    /// As a word of its own, in either case.
    [[nodiscard]] bool in_text(std::string_view text) const;
    /// Addresses as RowKey and ip_state.hpp write them.
    [[nodiscard]] bool in_bytes(std::string_view bytes) const;
    /// In any text of it.
    [[nodiscard]] bool in_json(const Json& json) const;

 private:
    void add_name(std::string_view name);
    void add(const MacAddress& mac);
    void add(const IpAddress& ip);

    std::vector<MacAddress> macs_;
    std::vector<IpAddress> ips_;
    std::vector<std::string> words_, bytes_;  ///< words in lower case
};

}  // namespace linnet
