#include "shell.hpp"

#include "cli/temporary_directory.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include <sys/wait.h>

namespace linnet {

Ran run(const std::string& command) {
    const TemporaryDirectory folder;
    const auto out = folder.path() / "out";
    const auto error = folder.path() / "error";
    const auto programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    const std::string line = "PATH='" + programs.string() + "':\"$PATH\"; { " + command + "; } >" + out.string() + " 2>" +
                             error.string() + " </dev/null";
    const int status = std::system(line.c_str());  // NOLINT(cert-env33-c): a test is the shell's user here
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, content_of(out), content_of(error)};
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream{text};
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

}  // namespace linnet
