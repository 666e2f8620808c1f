// Keeps the many ARP messages that say the same from becoming many events.
#pragma once

#include "wire/event.hpp"

#include <vector>

namespace linnet {

/// Remembers each address's last binding in fixed memory. A binding passes when it is another than the last one, so that an
/// address which goes to and fro between two owners is told of each time; and again after `repeat` of its own time. Two
/// addresses that fall on the same place take turns: an event more, never one less.
class BindingFilter {
 public:
    static constexpr std::size_t places = 1024;
    static constexpr Duration repeat = std::chrono::minutes{5};

    BindingFilter() : seen_(places) {}
    bool passes(const AddressBinding& binding);

 private:
    struct Seen {
        MacAddress mac;
        IpAddress ip;
        Timestamp at;
    };
    std::vector<Seen> seen_;
};

}  // namespace linnet
