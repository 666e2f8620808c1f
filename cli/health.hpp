// Is Linnet itself all right? What was found out of it goes in, findings with what to do come out: no I/O, no clock. Each
// check is one function, so that each can be tested alone; doctor.cpp finds out and prints.
#pragma once

#include "wire/alert.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace linnet {

enum class Health : std::uint8_t {
    ok = 0,
    problem = 1,
    unknown = 2,  ///< it cannot be found out here or now; no fault by itself
};
std::string_view to_string(Health health);

struct HealthFinding {
    std::string check;  ///< "capture"
    Health health = Health::ok;
    std::string text;    ///< a sentence: what is so
    std::string advice;  ///< what to do; empty where all is well
    bool operator==(const HealthFinding&) const = default;
};
Json to_json(const HealthFinding& finding);

/// `error` is why the analyzer did not answer; empty = it did, with `version`.
HealthFinding analyzer_health(const std::string& error, const std::string& version, const std::string& our_version);

/// Of `sensors` in the analyzer's status. `may_listen`: may a program that this user starts listen? Nothing: not tried.
HealthFinding capture_health(const Json& sensors, std::optional<bool> may_listen);
/// What the sensors drop, and how their packet reader is locked in.
HealthFinding loss_health(const Json& sensors);

/// `sight` of the status, or null; and the newest conversations, for whether both directions are heard.
HealthFinding visibility_health(const Json& sight, const Json& flows);
inline constexpr std::size_t flows_for_visibility = 500;  ///< so many are enough

/// `synchronised` as the kernel says. Packets from the future or long ago tell of a wrong clock, too.
HealthFinding clock_health(Timestamp now, std::optional<bool> synchronised, const Json& sensors);

struct DiskSpace {
    std::uint64_t free = 0, total = 0;  ///< bytes
};
/// `database` of the status; the disk where this computer has it.
HealthFinding disk_health(const Json& database, const std::optional<DiskSpace>& disk);

/// `link` of the status: messages that were refused, numbers that were missing.
HealthFinding link_health(const Json& link);

struct KeyFile {
    std::string path;
    std::uint32_t mode = 0;  ///< its permission bits
};
HealthFinding keys_health(const std::vector<KeyFile>& files);

struct SignatureFacts {
    std::uint64_t in_use = 0;                ///< version
    std::string expires;                     ///< "2027-06-30" or empty
    std::optional<std::uint64_t> available;  ///< version that this computer has
};
HealthFinding signatures_health(const SignatureFacts& facts, std::chrono::sys_days today);

}  // namespace linnet
