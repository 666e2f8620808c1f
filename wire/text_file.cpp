#include "text_file.hpp"

#include "event_limits.hpp"
#include "settings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

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

}  // namespace linnet
