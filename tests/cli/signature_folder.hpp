// A copy of the signatures that come with Linnet, to be changed by a test.
#pragma once

#include "cli/temporary_directory.hpp"

#include <filesystem>
#include <string>

namespace linnet {

class SignatureFolder {
 public:
    SignatureFolder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    void write(const std::string& name, const std::string& text) const;
    /// Replaces the first `from`, which must be there.
    void change(const std::string& name, const std::string& from, const std::string& to) const;
    void append(const std::string& name, const std::string& text) const;

 private:
    TemporaryDirectory folder_;
    std::filesystem::path path_;
};

}  // namespace linnet
