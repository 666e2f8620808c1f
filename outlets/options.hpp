// The command line of linnet-outlets, and what it needs of linnet.toml: the section [outlets], and one [outlets.NAME] for
// each outlet.
#pragma once

#include "outlet.hpp"
#include "policy.hpp"

#include "wire/api.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace linnet {

struct ConfiguredOutlet {
    std::string name;  ///< 1 to 32 of [a-z0-9-]
    std::string type;
    VoiceRules rules;                      ///< of those that send messages
    std::unique_ptr<Outlet> outlet;        ///< or
    std::unique_ptr<StreamOutlet> stream;  ///< one of the two
};

struct OutletsOptions {
    static constexpr const char* default_control = "ipc:///run/linnet-outlets/control";
    static constexpr std::size_t max_outlets = 32;

    std::string api = api::default_endpoint;
    std::string control = default_control;
    std::filesystem::path queue = "/var/lib/linnet-outlets/queue.db";
    std::string log_level = "info";
    std::string time_zone;  ///< empty = the system's
    std::vector<ConfiguredOutlet> outlets;
    bool check_only = false;
};

/// Nothing where the program has said everything already; then `exit_code` is what to return. Throws SettingsError. Secrets
/// are read.
std::optional<OutletsOptions> read_outlets_options(int argc, char** argv, int& exit_code);

/// The section's part, for tests.
void read_outlets(Settings& section, OutletsOptions& options);

}  // namespace linnet
