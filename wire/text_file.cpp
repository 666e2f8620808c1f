#include "text_file.hpp"

#include "event_limits.hpp"
#include "settings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace linnet {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& reason) {
    throw SettingsError{fmt::format("{}:0: {}", file.string(), reason)};
}

std::string size_text(std::size_t bytes) {
    constexpr std::size_t kib = 1024, mib = kib * kib;
    return bytes % mib == 0 ? fmt::format("{} MiB", bytes / mib) : fmt::format("{} KiB", bytes / kib);
}

class Descriptor {
 public:
    explicit Descriptor(int number) : number_{number} {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] int number() const { return number_; }

 private:
    int number_;
};

void check_kind(const std::filesystem::path& file, int result, const struct stat& status) {
    if (result != 0) refuse(file, fmt::format("cannot be read: {}", std::strerror(errno)));
    if (S_ISDIR(status.st_mode)) refuse(file, fmt::format("cannot be read: {}", std::strerror(EISDIR)));
    if (!S_ISREG(status.st_mode)) refuse(file, "is not a regular file");
}

[[noreturn]] void fail_to_write(int error, const std::filesystem::path& file) {
    throw std::system_error{error, std::generic_category(), file.string()};
}

/// All of it, on the disk.
bool write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(fd) == 0;
}

}  // namespace

std::string read_regular_file(const std::filesystem::path& file, std::size_t most) {
    struct stat status {};
    check_kind(file, ::stat(file.c_str(), &status), status);  // before open(), which some devices take for an order
    const Descriptor descriptor{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (descriptor.number() < 0) refuse(file, fmt::format("cannot be read: {}", std::strerror(errno)));
    check_kind(file, ::fstat(descriptor.number(), &status), status);
    const auto told = static_cast<std::size_t>(std::max<off_t>(status.st_size, 0));
    if (told > most) refuse(file, fmt::format("is larger than {}", size_text(most)));
    std::string bytes(told + 1, '\0');  // one more, to see that it ends there
    std::size_t have = 0;
    for (;;) {
        const ssize_t count = ::read(descriptor.number(), bytes.data() + have, bytes.size() - have);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) refuse(file, fmt::format("cannot be read: {}", std::strerror(errno)));
        if (count == 0) break;
        have += static_cast<std::size_t>(count);
        if (have > most) refuse(file, fmt::format("is larger than {}", size_text(most)));
        if (have == bytes.size()) bytes.resize(std::min(2 * bytes.size(), most + 1));
    }
    bytes.resize(have);
    return bytes;
}

std::string read_text_file(const std::filesystem::path& file, std::size_t most) {
    auto text = read_regular_file(file, most);
    const auto bad = std::min(text.find('\0'), utf8_prefix(text));
    if (bad >= text.size()) return text;
    const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bad), '\n');
    throw SettingsError{fmt::format("{}:{}: {}", file.string(), line,
                                    text[bad] == '\0' ? "has a NUL byte, so it is no text" : "is not UTF-8 text")};
}

/// The draft has its name only when it is complete: whoever comes at the same time finds all or nothing.
bool write_private_file(const std::filesystem::path& file, std::string_view text, IfThere if_there) {
    std::string draft = file.string() + ".XXXXXX";
    const Descriptor descriptor{::mkostemp(draft.data(), O_CLOEXEC)};  // with mode 0600
    if (descriptor.number() < 0) fail_to_write(errno, file);
    const bool named =
        write_all(descriptor.number(), text) &&
        (if_there == IfThere::replace ? ::rename(draft.c_str(), file.c_str()) : ::link(draft.c_str(), file.c_str())) == 0;
    const int error = named ? 0 : errno;
    if (!named || if_there == IfThere::keep) ::unlink(draft.c_str());
    if (!named && error == EEXIST) return false;
    if (!named) fail_to_write(error, file);
    const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
    const Descriptor of_folder{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (of_folder.number() < 0 || ::fsync(of_folder.number()) != 0) fail_to_write(errno, file);
    return true;
}

}  // namespace linnet
