#include "spool_slots.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <utility>

namespace linnet {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr const char* damaged = ".damaged";

std::string name_of(std::size_t slot) { return fmt::format("segment-{:03}", slot); }

[[noreturn]] void refuse(const fs::path& path, const std::string& why) {
    throw SpoolError{fmt::format("The spool in {} cannot be used: {}.", path.string(), why)};
}

int open_file(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0) refuse(path.parent_path(), std::strerror(errno));
    struct stat about {};
    if (::fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) return fd;
    ::close(fd);
    refuse(path.parent_path(), path.filename().string() + " is not a file");
}

void lock(int fd, const fs::path& folder) {
    constexpr std::chrono::milliseconds patience = 30s, pause = 100ms;
    for (std::chrono::milliseconds waited{0}; ::flock(fd, LOCK_EX | LOCK_NB) != 0; waited += pause) {
        if (waited >= patience) refuse(folder, "another sensor uses it");
        std::this_thread::sleep_for(pause);
    }
}

/// Renames it; of those that were renamed before, the oldest goes.
void put_file_aside(const fs::path& file) {
    std::vector<std::pair<fs::file_time_type, fs::path>> kept;
    std::error_code error;
    for (fs::directory_iterator entry{file.parent_path(), error}, none; !error && entry != none; entry.increment(error))
        if (entry->path().extension() == damaged) kept.emplace_back(entry->last_write_time(error), entry->path());
    std::sort(kept.begin(), kept.end());
    for (std::size_t i = 0; i + SpoolSlots::put_aside <= kept.size(); ++i) fs::remove(kept[i].second, error);
    fs::rename(file, file.string() + damaged, error);
    if (error) refuse(file.parent_path(), error.message());
}

int open_slot(const fs::path& file) {
    const int fd = open_file(file);
    const SpoolSegment segment{fd};
    if (segment.size() == 0 || segment.number()) return fd;
    ::close(fd);
    put_file_aside(file);
    return open_file(file);
}

}  // namespace

SpoolSlots SpoolSlots::in_memory(const SpoolLimits& limits) {
    SpoolSlots slots;
    for (std::size_t slot = 0; slot < limits.slots(); ++slot) {
        const int fd = ::memfd_create("linnet-spool", MFD_CLOEXEC);
        if (fd < 0) throw SpoolError{fmt::format("There is no memory for the spool: {}.", std::strerror(errno))};
        slots.slots_.push_back(fd);
    }
    return slots;
}

SpoolSlots SpoolSlots::in_folder(const fs::path& folder, const SpoolLimits& limits) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) refuse(folder, std::strerror(errno));
    SpoolSlots slots;
    slots.lock_ = open_file(folder / "lock");
    lock(slots.lock_, folder);
    // Where the spool was larger before, what is in the files beyond is still delivered.
    for (std::size_t slot = 0; slot < limits.slots() || (slot < most && fs::exists(folder / name_of(slot))); ++slot)
        slots.slots_.push_back(open_slot(folder / name_of(slot)));
    return slots;
}

SpoolSlots::~SpoolSlots() {
    for (const int fd : slots_) ::close(fd);
    if (lock_ >= 0) ::close(lock_);
}

SpoolSlots::SpoolSlots(SpoolSlots&& other) noexcept
    : slots_{std::exchange(other.slots_, {})}, lock_{std::exchange(other.lock_, -1)} {}

SpoolSlots& SpoolSlots::operator=(SpoolSlots&& other) noexcept {
    std::swap(slots_, other.slots_);
    std::swap(lock_, other.lock_);
    return *this;
}

}  // namespace linnet
