// Programs run as people run them: through the shell, with standard output and standard error apart.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace linnet {

struct Ran {
    int exit_code = -1;
    std::string out;
    std::string error;
};

/// Runs `command` in /bin/sh; programs of this build come first in PATH.
Ran run(const std::string& command);

std::vector<std::string> lines_of(const std::string& text);
std::string content_of(const std::filesystem::path& file);

}  // namespace linnet
