// The events of a made-up home, the same for the same number: flows that begin and end, logins, address bindings, probes and
// counters. Event number `count` is the last of the capture.
#pragma once

#include "wire/event.hpp"

#include <vector>

namespace linnet::test {

inline MacAddress device_mac(std::uint64_t device) {
    return {{0xb8, 0x27, 0xeb, 0x00, 0x00, static_cast<std::uint8_t>(device)}};
}
inline IpAddress device_ip(std::uint64_t device) { return IpAddress::v4(0xc0a80100U + static_cast<std::uint32_t>(device)); }

inline Flow synthetic_flow(std::uint64_t id, FlowStage stage, Timestamp at) {
    Flow flow;
    flow.id = id;
    flow.stage = stage;
    flow.reason = stage == FlowStage::end ? FlowEndReason::closed : FlowEndReason::none;
    flow.proto = Proto::tcp;
    flow.client = {device_ip(1 + id % 40), Port{static_cast<std::uint16_t>(1024 + id % 60'000)}, device_mac(1 + id % 40)};
    flow.server = {IpAddress::v4(0xcb007100U + static_cast<std::uint32_t>(id % 250)), Port{443}, device_mac(254)};
    flow.last_seen = at;
    flow.first_seen = at - std::chrono::milliseconds{stage == FlowStage::end ? 40 : 1};
    flow.packets_to_server = 3 + id % 7;
    flow.bytes_to_server = 300 + id % 1'000;
    flow.app_proto = "tls";
    flow.service = id % 3 == 0 ? "Example" : "";
    return flow;
}

/// Number 1 to count.
inline Event synthetic_event(std::uint64_t number, std::uint64_t count) {
    const Timestamp at{std::chrono::seconds{1'772'389'211} + std::chrono::milliseconds{number}};
    if (number == count) {
        SensorStats stats;
        stats.at = at;
        stats.source = "synthetic";
        stats.packets = count;
        stats.last = true;
        return stats;
    }
    switch (number % 20) {
        case 3: return AddressBinding{at, device_mac(1 + number / 20 % 40), device_ip(1 + number / 20 % 40), "arp"};
        case 7: {
            Login login;
            login.at = at;
            login.flow_id = number / 2;
            login.client = {device_ip(number / 20 % 5), Port{40'000}, device_mac(number / 20 % 5)};
            login.server = {IpAddress::v4(0xc6336400U + static_cast<std::uint32_t>(number / 100 % 20)), Port{21},
                            device_mac(254)};
            login.service = Service::ftp;
            login.outcome = Outcome::success;
            login.user = "user" + std::to_string(number / 20 % 3);
            return login;
        }
        case 11: {
            Probe probe;
            probe.mac = device_mac(9);
            probe.source = device_ip(9);
            probe.first_seen = probe.last_seen = at;
            const auto target = IpAddress::v4(0x05000000U + static_cast<std::uint32_t>(number));
            probe.attempts = {{target, Port{23}, ProbeOutcome::unanswered, true}};
            return probe;
        }
        case 13:
            return DeviceHint{at, device_mac(number / 20 % 40), device_ip(number / 20 % 40), "dhcp", "hostname", "thing"};
        default: return synthetic_flow(number / 2, number % 2 == 0 ? FlowStage::start : FlowStage::end, at);
    }
}

}  // namespace linnet::test
