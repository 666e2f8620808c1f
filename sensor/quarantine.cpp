#include "quarantine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace linnet {
namespace {

namespace fs = std::filesystem;

constexpr const char* beginning = "packet-";
constexpr const char* end = ".pcap";

/// As files of libpcap are: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap, in this machine's byte order.
struct FileHeader {
    std::uint32_t magic = 0xa1b2c3d4;
    std::uint16_t major = 2, minor = 4;
    std::uint32_t zone = 0, accuracy = 0, longest = 262'144, link_type = 0;
};
struct PacketHeader {
    std::uint32_t seconds, microseconds, size, wire_length;
};

template <class Header>
void append(const Header& header, std::string& to) {
    to.append(reinterpret_cast<const char*>(&header), sizeof header);
}

std::string capture_of(const RawPacket& packet) {
    std::string bytes;
    FileHeader file;
    file.link_type = static_cast<std::uint32_t>(packet.link_type);
    append(file, bytes);
    const auto micros = static_cast<std::uint64_t>(packet.at.time_since_epoch().count());
    append(PacketHeader{static_cast<std::uint32_t>(micros / 1'000'000), static_cast<std::uint32_t>(micros % 1'000'000),
                        static_cast<std::uint32_t>(packet.bytes.size()), packet.wire_length},
           bytes);
    bytes.append(reinterpret_cast<const char*>(packet.bytes.data()), packet.bytes.size());
    return bytes;
}

}  // namespace

std::optional<fs::path> Quarantine::keep(const RawPacket& packet) {
    if (folder_.empty()) return std::nullopt;
    std::error_code error;
    fs::create_directory(folder_, error);
    make_room();
    const auto file = folder_ / fmt::format("{}{:020}{}", beginning, packet.at.time_since_epoch().count(), end);
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return std::nullopt;
    const auto bytes = capture_of(packet);
    const bool written = ::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
    ::close(fd);
    return written ? std::optional{file} : std::nullopt;
}

void Quarantine::make_room() const {
    std::vector<fs::path> kept;
    std::error_code error;
    for (fs::directory_iterator file{folder_, error}, none; !error && file != none; file.increment(error))
        if (const auto name = file->path().filename().string(); name.starts_with(beginning) && name.ends_with(end))
            kept.push_back(file->path());
    std::sort(kept.begin(), kept.end());
    for (std::size_t i = 0; i + most <= kept.size(); ++i) fs::remove(kept[i], error);
}

}  // namespace linnet
