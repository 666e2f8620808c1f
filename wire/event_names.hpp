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
inline constexpr std::array<std::string_view, 3> value_names<LoginOutcome>{"unknown", "success", "failure"};

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
