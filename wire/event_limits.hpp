// What every event keeps to that crosses a border between programs. The encoder makes it so, the decoders check it.
#pragma once

#include "event.hpp"

#include <cstddef>
#include <string_view>

namespace linnet {

inline constexpr std::size_t max_text = 255;  ///< bytes of UTF-8 in any text field

/// Times that RFC 3339 can write, from 1970 on.
inline constexpr Timestamp earliest_time{};
inline constexpr Timestamp latest_time = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - Duration{1};

/// Largest values of the enumerations, for numbers that come from outside.
template <class Enum>
inline constexpr Enum last_value{};
template <>
inline constexpr FlowStage last_value<FlowStage> = FlowStage::end;
template <>
inline constexpr FlowEndReason last_value<FlowEndReason> = FlowEndReason::shutdown;
template <>
inline constexpr ProbeKind last_value<ProbeKind> = ProbeKind::arp;
template <>
inline constexpr ProbeOutcome last_value<ProbeOutcome> = ProbeOutcome::answered;
template <>
inline constexpr Service last_value<Service> = Service::mongodb;
template <>
inline constexpr Outcome last_value<Outcome> = Outcome::failure;
template <>
inline constexpr MappingProtocol last_value<MappingProtocol> = MappingProtocol::pcp;
template <>
inline constexpr MappingAction last_value<MappingAction> = MappingAction::remove;
template <>
inline constexpr ObservationKind last_value<ObservationKind> = ObservationKind::open_service;
template <>
inline constexpr BurstKind last_value<BurstKind> = BurstKind::http;
template <>
inline constexpr Proto last_value<Proto> = Proto{255};  // any IANA number

/// Length of the longest prefix of `text` that is well-formed UTF-8 (RFC 3629).
std::size_t utf8_prefix(std::string_view text);

/// `text` as it may leave: at most max_text bytes, cut between characters, '?' for every byte that is not UTF-8.
std::string legal_text(std::string_view text);

/// Empty where the event is within all limits, else what is wrong with it: "user: longer than 255 bytes".
std::string broken_limit(const Event& event);

}  // namespace linnet
