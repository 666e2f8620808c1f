// A folder for one test's files, which goes with the test.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string>

#include <stdlib.h>

namespace linnet::test {

class TemporaryFiles {
 public:
    TemporaryFiles() {
        std::string pattern = (std::filesystem::temp_directory_path() / "linnet-test-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
        folder_ = pattern;
    }
    ~TemporaryFiles() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    TemporaryFiles(const TemporaryFiles&) = delete;
    TemporaryFiles& operator=(const TemporaryFiles&) = delete;

    [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

    [[nodiscard]] std::string write(const std::string& name, std::span<const std::byte> bytes) const {
        std::ofstream file{folder_ / name, std::ios::binary};
        for (const std::byte byte : bytes) file.put(static_cast<char>(byte));
        return path(name);
    }

 private:
    std::filesystem::path folder_;
};

}  // namespace linnet::test
