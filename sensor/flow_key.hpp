// What makes two packets belong together: both addresses, both ports, the protocol, in either direction.
#pragma once

#include "packet.hpp"

#include <cstdint>
#include <vector>

namespace linnet {

/// Ordered, so that both directions of a conversation have the same key. Ports are 0 where the protocol has none.
struct FlowKey {
    IpAddress low, high;
    std::uint16_t low_port = 0, high_port = 0;
    Proto proto = Proto::none;
    bool operator==(const FlowKey&) const = default;

    static FlowKey of(const Packet& packet);
    static FlowKey of(const IpAddress& a, Port a_port, const IpAddress& b, Port b_port, Proto proto);
    [[nodiscard]] bool is_low(const IpAddress& ip, Port port) const { return ip == low && port.number == low_port; }
};

/// A hash index from keys to slots of somebody's array: open addressing with linear probing, capacity fixed at birth, at
/// most half full. The hash is seeded, so that nobody outside can choose keys that collide. Which slot a key has never
/// depends on the seed.
class KeyIndex {
 public:
    static constexpr std::uint32_t none = 0xffffffffU;

    /// Room for `max_keys` keys.
    KeyIndex(std::size_t max_keys, std::uint64_t seed);

    /// The slot under which `key` was put, or none. `keys(slot)` gives a slot's key.
    template <class Keys>
    [[nodiscard]] std::uint32_t find(const FlowKey& key, const Keys& keys) const {
        for (std::size_t at = home(key);; at = (at + 1) & mask_) {
            const std::uint32_t slot = slots_[at];
            if (slot == none || keys(slot) == key) return slot;
        }
    }

    void put(const FlowKey& key, std::uint32_t slot) {
        std::size_t at = home(key);
        while (slots_[at] != none) at = (at + 1) & mask_;
        slots_[at] = slot;
    }

    /// Removes a key that is there; those behind it move up (Knuth, volume 3, section 6.4, algorithm R).
    template <class Keys>
    void remove(const FlowKey& key, const Keys& keys) {
        std::size_t at = home(key);
        while (!(keys(slots_[at]) == key)) at = (at + 1) & mask_;
        for (std::size_t next = (at + 1) & mask_; slots_[next] != none; next = (next + 1) & mask_) {
            const std::size_t wanted = home(keys(slots_[next]));
            if (((next - wanted) & mask_) < ((next - at) & mask_)) continue;
            slots_[at] = slots_[next];
            at = next;
        }
        slots_[at] = none;
    }

 private:
    [[nodiscard]] std::size_t home(const FlowKey& key) const;

    std::vector<std::uint32_t> slots_;
    std::size_t mask_;
    std::uint64_t seed_;
};

}  // namespace linnet
