// Datagrams by hand for tests of datagram dissectors.
#pragma once

#include "dialogue.hpp"

#include <set>
#include <string>

namespace linnet::test {

/// Only what a dissector wants reaches it, as in the sensor; its bytes are an exact copy on the heap.
inline std::vector<Event> events_of(const DatagramDissector& dissector, Packet packet) {
    const std::unique_ptr<std::byte[]> exact{new std::byte[packet.payload.size()]};
    std::copy(packet.payload.begin(), packet.payload.end(), exact.get());
    packet.payload = {exact.get(), packet.payload.size()};
    std::vector<Event> events;
    if (dissector.wants(packet))
        dissector.inspect(packet, the_signatures(), [&](Event&& event) { events.push_back(std::move(event)); });
    return events;
}

/// Whatever of the packet is missing, nothing is read past its end.
inline void sweep(const DatagramDissector& dissector, const Packet& packet) {
    for (std::size_t size = 0; size < packet.payload.size(); ++size) {
        Packet cut = packet;
        cut.payload = packet.payload.first(size);
        (void)events_of(dissector, cut);
    }
}

/// The hints of one packet, "source key=value", each once. They are about its sender, and the packet cut anywhere is no
/// harm.
inline std::set<std::string> hints_in(const DatagramDissector& dissector, Packet packet) {
    packet.src_mac = *MacAddress::parse("02:00:00:00:00:30");
    sweep(dissector, packet);
    std::set<std::string> hints;
    for (const auto& event : events_of(dissector, packet)) {
        const auto* hint = std::get_if<DeviceHint>(&event);
        if (hint == nullptr || hint->mac != packet.src_mac || hint->ip != packet.src || hint->value.empty())
            hints.insert("no hint of the sender");
        else
            hints.insert(hint->source + " " + hint->key + "=" + hint->value);
    }
    return hints;
}
using Hints = std::set<std::string>;

}  // namespace linnet::test
