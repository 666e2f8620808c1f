// The report card: what each device does about the 13 guidelines of the Code of Practice for Consumer IoT Security, as far
// as a network can show it. The analyzer makes it (analyzer/report), the command line shows it (cli/report_card).
//
// A verdict is "refuted" where something was seen that a device keeping the guideline does not do, "supported" where enough
// was seen that speaks for it, and else "not observable": most guidelines mostly are. Each verdict but the last rests on
// evidence: which event, when, with whom. docs/report.md lists the fields of the JSON object.
#pragma once

#include "alert.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

inline constexpr int guideline_count = 13;

enum class Verdict : std::uint8_t { not_observable = 0, supported = 1, refuted = 2 };
std::string_view to_string(Verdict verdict);  ///< "not observable", "supported", "refuted"
std::optional<Verdict> parse_verdict(std::string_view name);

/// A guideline in words for a household.
struct GuidelineWords {
    int number = 0;  ///< 1 to 13
    std::string title;
    std::string asks;                     ///< what it asks of the device and its maker
    std::string unseen;                   ///< why a network mostly cannot show it
    std::vector<std::string> provisions;  ///< of ETSI EN 303 645: the first and the last, "5.1-1", "5.1-5"
    std::string duty;                     ///< of the maker by UK law (PSTI), or empty
    bool operator==(const GuidelineWords&) const = default;
};

/// What a verdict rests on.
struct Evidence {
    std::string event;                    ///< a detector, "telnet"; or a kind of event, "tls_handshake"
    std::uint64_t alert = 0;              ///< the alert's number; 0 where it is none
    std::vector<std::string> provisions;  ///< that it speaks about
    Timestamp first_seen, last_seen;
    std::uint64_t count = 0;
    std::string peer;  ///< the other side; empty where there are many
    std::string what;  ///< a sentence, plain text
    bool operator==(const Evidence&) const = default;
};

struct Judgement {
    static constexpr std::size_t max_evidence = 4;
    int guideline = 0;
    Verdict verdict = Verdict::not_observable;
    std::vector<Evidence> evidence;  ///< none where not observable; the gravest first
    std::uint64_t more = 0;          ///< evidence that was left out
    std::string note;                ///< what else was seen that decides nothing, or empty
    bool operator==(const Judgement&) const = default;
};

/// Something that a person can do.
struct Task {
    std::uint64_t alert = 0;
    Severity severity = Severity::important;
    std::string title, happened, advice;
    std::optional<Timestamp> muted_until;  ///< a person does not want to be told of it: it is so all the same
    bool operator==(const Task&) const = default;
};

struct DeviceCard {
    static constexpr std::size_t max_tasks = 8;
    std::string key, name, maker, kind;
    std::vector<IpAddress> ips;
    Timestamp first_seen, last_seen;
    std::optional<Severity> need;  ///< act_now or important; absent where nothing was found
    std::vector<Task> tasks;       ///< most urgent first
    std::uint64_t more_tasks = 0;
    std::string note;                   ///< where hardly anything could be heard of it
    std::vector<Judgement> judgements;  ///< 13, in order
    bool operator==(const DeviceCard&) const = default;
};

/// Over all devices: refuted where it is for one of them, supported where it is for each.
struct HouseVerdict {
    static constexpr std::size_t max_names = 12;
    int guideline = 0;
    Verdict verdict = Verdict::not_observable;
    std::uint64_t refuted = 0, supported = 0;  ///< devices
    std::vector<std::string> names;            ///< of those for which it is refuted, some of them
    bool operator==(const HouseVerdict&) const = default;
};

struct ReportCard {
    static constexpr std::size_t max_cards = 2'000;
    static constexpr std::size_t max_card_bytes = 12 * 1024 * 1024;  ///< as JSON, so that it fits into api::max_message
    Timestamp since, as_of;                                          ///< what was seen in this time
    std::vector<GuidelineWords> guidelines;                          ///< 13, in order
    std::string device;  ///< key of the one that was asked for; empty = the house
    std::uint64_t device_count = 0, act_now = 0, important = 0;
    std::vector<HouseVerdict> house;  ///< 13, in order
    std::vector<DeviceCard> devices;  ///< those in need first, then by name
    std::uint64_t left_out = 0;       ///< cards of those that came last
    bool operator==(const ReportCard&) const = default;
};

Json to_json(const DeviceCard& card);
Json to_json(const ReportCard& card);
/// The reverse. Throws nlohmann::json::exception or std::invalid_argument.
ReportCard report_card_from_json(const Json& json);

}  // namespace linnet
