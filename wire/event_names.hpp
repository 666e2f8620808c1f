// What the values of the small enumerations are called in JSON lines.
#pragma once

#include "event_limits.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace linnet {

/// In the order of the enumeration.
template <class Enum>
inline constexpr std::array<std::string_view, 0> value_names{};
template <>
inline constexpr std::array<std::string_view, 3> value_names<FlowStage>{"start", "update", "end"};
template <>
inline constexpr std::array<std::string_view, 5> value_names<FlowEndReason>{"none", "closed", "idle", "evicted", "shutdown"};
template <>
inline constexpr std::array<std::string_view, 5> value_names<ProbeKind>{"tcp_syn", "tcp_other", "udp", "icmp_echo", "arp"};
template <>
inline constexpr std::array<std::string_view, 3> value_names<ProbeOutcome>{"unanswered", "refused", "answered"};
template <>
inline constexpr std::array<std::string_view, 3> value_names<Outcome>{"unknown", "success", "failure"};
template <>
inline constexpr std::array<std::string_view, 3> value_names<MappingProtocol>{"upnp_igd", "nat_pmp", "pcp"};
template <>
inline constexpr std::array<std::string_view, 2> value_names<MappingAction>{"add", "remove"};
template <>
inline constexpr std::array<std::string_view, 9> value_names<ObservationKind>{
    "exploit",  "executable",   "script",       "loader_command", "bot_command",
    "firmware", "media_stream", "open_control", "open_service"};
template <>
inline constexpr std::array<std::string_view, 7> value_names<BurstKind>{"syn", "ack", "udp", "dns", "gre", "icmp", "http"};

template <class Enum>
std::string_view name_of(Enum value) {
    static_assert(value_names<Enum>.size() == static_cast<std::size_t>(last_value<Enum>) + 1);
    return value_names<Enum>.at(static_cast<std::size_t>(value));
}

template <class Enum>
std::optional<Enum> value_named(std::string_view name) {
    for (std::size_t i = 0; i < value_names<Enum>.size(); ++i)
        if (value_names<Enum>[i] == name) return static_cast<Enum>(i);
    return std::nullopt;
}

}  // namespace linnet
