// What linnet-sensor is told: command line first, then the [sensor] section of linnet.toml, then defaults.
#pragma once

#include "packet_source.hpp"
#include "sandbox.hpp"
#include "sensor.hpp"
#include "spool.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace linnet {

struct ProgramOptions {
    std::string capture;  ///< a file or "-"; empty = live
    LiveOptions live;
    std::string filter;
    bool print = false;  ///< JSON lines on standard output instead of the link
    bool check_config = false;
    std::string connect;                                              ///< ZeroMQ endpoint of the analyzer
    std::optional<std::chrono::seconds> connect_timeout;              ///< nothing = for ever live, 10 s for a file
    std::filesystem::path key = "/var/lib/linnet-sensor/sensor.key";  ///< made where it is first needed
    std::string analyzer_key;  ///< public, or a file that has it; empty = what pairing wrote beside `key`
    std::string pair;          ///< only be paired with the analyzer that waits at this endpoint
    std::string sensor_id;
    std::filesystem::path signatures;  ///< folder; empty = the one that comes with Linnet
    SandboxMode sandbox = default_sandbox_mode();
    std::filesystem::path quarantine;  ///< folder; empty = packets at which the parser died are not kept
    std::filesystem::path spool;       ///< folder; empty = in memory. Never for a file
    SpoolLimits spool_limits;
    SensorOptions sensor;
};

/// Options, or the exit code after --help, --version or a usage error, which have been printed. Throws SettingsError.
struct ParsedOptions {
    std::optional<ProgramOptions> options;
    int exit_code = 0;
};
ParsedOptions parse_options(int argc, const char* const* argv);

/// Where the signatures are now: looked for anew where nobody named a folder.
std::filesystem::path signatures_folder(const ProgramOptions& options);

/// A number that tells runs with different results apart: program version and every option that changes events.
std::uint64_t options_fingerprint(const ProgramOptions& options);

}  // namespace linnet
