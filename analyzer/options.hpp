// The command line and the [analyzer] section of linnet.toml.
#pragma once

#include "analyzer.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace linnet {

struct ProgramOptions {
    AnalyzerOptions analyzer;
    std::filesystem::path signatures;   ///< folder; empty = signatures_directory()
    std::filesystem::path trust_store;  ///< root certificates in PEM
    std::string log_level = "info";
    std::string replay;  ///< a file of JSON lines, "-" = standard input; empty = run as a daemon
    bool check_only = false;
};

/// What is given on the command line goes before what stands in the file. Nothing where the program has said everything
/// already (--help, --version, a wrong argument); then `exit_code` is what to return. Throws SettingsError.
std::optional<ProgramOptions> read_options(int argc, char** argv, int& exit_code);

}  // namespace linnet
