// A file of lines that grows, is begun anew when it is big or old, and never takes more room than was agreed: FILE is the
// newest, FILE.1 the one before, up to FILE.keep. 0640.
//
// Who writes again what did not get through must not leave half a line behind: what a failed write or a crash left after
// the last line's end is cut off. A file that somebody moved away or removed (logrotate) is noticed before each write.
#pragma once

#include "wire/event.hpp"

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace linnet {

/// what() is a sentence for people.
struct LineFileError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class LineFile {
 public:
    struct Limits {
        std::uint64_t bytes = 100'000'000;  ///< of one file; a single write may go beyond
        std::chrono::hours age{24};         ///< of one file
        std::size_t keep = 7;               ///< files besides the newest
    };

    LineFile(std::filesystem::path file, const Limits& limits) : file_{std::move(file)}, limits_{limits} {}
    ~LineFile();
    LineFile(const LineFile&) = delete;
    LineFile& operator=(const LineFile&) = delete;

    /// Whole lines, each with its end; when it returns they are on the disk. Throws LineFileError, then nothing of them is
    /// in the file.
    void write(const std::string& lines, Timestamp now);

 private:
    [[nodiscard]] bool is_same_file() const;
    void open(Timestamp now);
    void close();
    void cut_half_a_line();
    void rotate();
    [[noreturn]] void fail(const char* what) const;

    std::filesystem::path file_;
    Limits limits_;
    int handle_ = -1;
    std::uint64_t size_ = 0;
    Timestamp begun_;
};

}  // namespace linnet
