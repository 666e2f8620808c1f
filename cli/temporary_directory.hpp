// A folder of our own that nobody else can look into (0700) and that goes when this goes.
#pragma once

#include <filesystem>

namespace linnet {

class TemporaryDirectory {
 public:
    /// Under $TMPDIR, or /tmp where that is unset or too long a name for sockets inside. Throws std::system_error.
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

}  // namespace linnet
