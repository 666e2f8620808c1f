#include "line_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace linnet {
namespace {

constexpr std::size_t longest_tail = 64 * 1024;  ///< of half a line

/// When the file was made, where the file system knows it.
std::optional<Timestamp> birth_of(int handle) {
    struct statx facts {};
    if (::statx(handle, "", AT_EMPTY_PATH, STATX_BTIME, &facts) != 0 || (facts.stx_mask & STATX_BTIME) == 0)
        return std::nullopt;
    return Timestamp{std::chrono::seconds{facts.stx_btime.tv_sec}};
}

bool write_all(int handle, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto done = ::write(handle, bytes.data(), bytes.size());
        if (done < 0 && errno != EINTR) return false;
        if (done > 0) bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

}  // namespace

LineFile::~LineFile() { close(); }

void LineFile::close() {
    if (handle_ >= 0) ::close(handle_);
    handle_ = -1;
}

void LineFile::fail(const char* what) const {
    const auto reason = std::generic_category().message(errno);
    throw LineFileError{fmt::format("{} {}: {}.", file_.string(), what, reason)};
}

void LineFile::write(const std::string& lines, Timestamp now) {
    if (handle_ >= 0 && !is_same_file()) close();
    if (handle_ < 0) open(now);
    const bool is_old = now - begun_ >= limits_.age;
    if (size_ > 0 && (is_old || size_ + lines.size() > limits_.bytes)) {
        rotate();
        open(now);
    }
    if (write_all(handle_, lines) && ::fdatasync(handle_) == 0) {
        size_ += lines.size();
        return;
    }
    const auto error = errno;
    if (::ftruncate(handle_, static_cast<off_t>(size_)) != 0) close();  // the next open cuts it
    errno = error;
    fail("cannot be written");
}

bool LineFile::is_same_file() const {
    struct stat there {
    }, ours{};
    return ::stat(file_.c_str(), &there) == 0 && ::fstat(handle_, &ours) == 0 && there.st_ino == ours.st_ino &&
           there.st_dev == ours.st_dev && static_cast<std::uint64_t>(ours.st_size) == size_;
}

void LineFile::open(Timestamp now) {
    constexpr mode_t mode = 0640;
    handle_ = ::open(file_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, mode);
    if (handle_ < 0) fail("cannot be opened");
    struct stat facts {};
    if (::fstat(handle_, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        close();
        throw LineFileError{fmt::format("{} is no regular file.", file_.string())};
    }
    size_ = static_cast<std::uint64_t>(facts.st_size);
    begun_ = size_ > 0 ? birth_of(handle_).value_or(now) : now;
    cut_half_a_line();
}

/// Where it is longer than any line of ours it is not ours: it is ended and stays.
void LineFile::cut_half_a_line() {
    if (size_ == 0) return;
    std::array<char, longest_tail> buffer;  // NOLINT(*-member-init): filled by pread
    const auto wanted = std::min<std::uint64_t>(size_, buffer.size());
    const auto got = ::pread(handle_, buffer.data(), wanted, static_cast<off_t>(size_ - wanted));
    if (got != static_cast<ssize_t>(wanted)) {
        close();
        fail("cannot be read");
    }
    const std::string_view tail{buffer.data(), wanted};
    const auto end = tail.rfind('\n');
    if (end == wanted - 1) return;
    const bool all_of_it = end == std::string_view::npos && wanted == size_;
    if (end == std::string_view::npos && !all_of_it) {
        if (!write_all(handle_, "\n")) fail("cannot be written");
        ++size_;
        return;
    }
    size_ = all_of_it ? 0 : size_ - wanted + end + 1;
    if (::ftruncate(handle_, static_cast<off_t>(size_)) != 0) fail("cannot be shortened");
}

void LineFile::rotate() {
    close();
    std::error_code error;
    const auto name = [this](std::size_t number) { return fmt::format("{}.{}", file_.string(), number); };
    if (limits_.keep == 0) std::filesystem::remove(file_, error);
    for (auto i = limits_.keep; i > 1 && !error; --i)
        if (std::filesystem::exists(name(i - 1), error)) std::filesystem::rename(name(i - 1), name(i), error);
    if (limits_.keep > 0 && !error) std::filesystem::rename(file_, name(1), error);
    if (error) throw LineFileError{fmt::format("{} cannot be put aside: {}.", file_.string(), error.message())};
}

}  // namespace linnet
