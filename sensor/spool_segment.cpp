#include "spool_segment.hpp"

#include "byte_reader.hpp"
#include "wire/crc32c.hpp"
#include "wire/event_limits.hpp"
#include "wire/frame.hpp"
#include "wire/link.hpp"

#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

namespace linnet {
namespace {

constexpr std::string_view magic = "LNTSPOOL";
constexpr std::uint32_t version = 1;

using Head = std::array<std::byte, SpoolRecord::head_size>;

/// Little endian, one number behind the other.
class Writer {
 public:
    explicit Writer(std::span<std::byte> to) : to_{to} {}
    Writer& u32(std::uint32_t number) { return put(number, 4); }
    Writer& u64(std::uint64_t number) { return put(number, 8); }
    Writer& time(Timestamp at) { return u64(static_cast<std::uint64_t>(at.time_since_epoch().count())); }

 private:
    Writer& put(std::uint64_t number, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes; ++i) to_[i] = static_cast<std::byte>(number >> (8 * i) & 0xff);
        to_ = to_.subspan(bytes);
        return *this;
    }
    std::span<std::byte> to_;
};

std::uint64_t u64_le(ByteReader& in) {
    const std::uint64_t low = in.u32_le();
    return low | std::uint64_t{in.u32_le()} << 32;
}
Timestamp time_of(ByteReader& in) { return Timestamp{Duration{static_cast<std::int64_t>(u64_le(in))}}; }

Head head_of(const SpoolRecord& record) {
    Head head{};
    const auto rest = std::span{head}.subspan(4);
    Writer{rest}
        .u32(record.check)
        .u32(record.size)
        .u64(record.epoch)
        .u64(record.first)
        .u64(record.count)
        .time(record.from)
        .time(record.to);
    Writer{head}.u32(crc32c(rest));
    return head;
}

bool is_time(Timestamp at) { return at >= earliest_time && at <= latest_time; }

bool makes_sense(const SpoolRecord& record) {
    if (record.epoch == 0 || record.first == 0 || record.count == 0) return false;
    if (record.first > link::max_sequence || record.count > link::max_sequence - record.first + 1) return false;
    return record.size <= max_frames_write && is_time(record.from) && is_time(record.to);
}

bool read_fully(int fd, std::span<std::byte> to, std::size_t offset) {
    while (!to.empty()) {
        const auto size = ::pread(fd, to.data(), to.size(), static_cast<off_t>(offset));
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return false;
        to = to.subspan(static_cast<std::size_t>(size));
        offset += static_cast<std::size_t>(size);
    }
    return true;
}

bool write_fully(int fd, std::span<const std::byte> from, std::size_t offset) {
    while (!from.empty()) {
        const auto size = ::pwrite(fd, from.data(), from.size(), static_cast<off_t>(offset));
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return false;
        from = from.subspan(static_cast<std::size_t>(size));
        offset += static_cast<std::size_t>(size);
    }
    return true;
}

}  // namespace

std::optional<std::uint64_t> SpoolSegment::number() const {
    std::array<std::byte, header_size> bytes{};
    if (!read_fully(fd_, bytes, 0)) return std::nullopt;
    ByteReader in{bytes};
    const bool is_ours = in.text(magic.size()) == magic && in.u32_le() == version;
    const auto number = u64_le(in);
    if (!is_ours || number > link::max_sequence || in.u32_le() != crc32c(std::span{bytes}.first(header_size - 4)))
        return std::nullopt;
    return number;
}

std::size_t SpoolSegment::size() const {
    struct stat about {};
    return ::fstat(fd_, &about) == 0 ? static_cast<std::size_t>(about.st_size) : 0;
}

bool SpoolSegment::begin(std::uint64_t number) const {
    std::array<std::byte, header_size> bytes{};
    for (std::size_t i = 0; i < magic.size(); ++i) bytes[i] = static_cast<std::byte>(magic[i]);
    const auto rest = std::span{bytes}.subspan(magic.size());
    Writer{rest}.u32(version).u64(number);
    Writer{rest.last(4)}.u32(crc32c(std::span{bytes}.first(header_size - 4)));
    clear();
    if (write_fully(fd_, bytes, 0)) return true;
    clear();
    return false;
}

bool SpoolSegment::append(std::size_t offset, SpoolRecord record, std::span<const std::byte> frames) const {
    record.size = static_cast<std::uint32_t>(frames.size());
    record.check = crc32c(frames);
    auto head = head_of(record);
    // In one call where the kernel takes it: who is killed in between leaves what is shorter than it says, and is cut off.
    std::array<iovec, 2> parts{{{head.data(), head.size()}, {const_cast<std::byte*>(frames.data()), frames.size()}}};
    const auto written = ::pwritev(fd_, parts.data(), parts.size(), static_cast<off_t>(offset));
    const auto done = written < 0 ? 0 : static_cast<std::size_t>(written);
    if (done == head.size() + frames.size()) return true;
    const bool rest = done >= head.size() && write_fully(fd_, frames.subspan(done - head.size()), offset + done);
    if (!rest) cut(offset);
    return rest;
}

std::optional<std::size_t> SpoolSegment::replace(std::span<const SpoolRecord> gone) const {
    std::vector<std::byte> heads;
    for (const auto& record : gone) {
        const auto head = head_of(record);
        heads.insert(heads.end(), head.begin(), head.end());
    }
    if (!write_fully(fd_, heads, header_size)) return std::nullopt;
    cut(header_size + heads.size());
    return header_size + heads.size();
}

std::optional<SpoolRecord> SpoolSegment::head(std::size_t offset, std::size_t end) const {
    Head head{};
    if (offset > end || end - offset < head.size() || !read_fully(fd_, head, offset)) return std::nullopt;
    ByteReader in{head};
    if (in.u32_le() != crc32c(in.rest())) return std::nullopt;
    SpoolRecord record;
    record.check = in.u32_le();
    record.size = in.u32_le();
    record.epoch = u64_le(in);
    record.first = u64_le(in);
    record.count = u64_le(in);
    record.from = time_of(in);
    record.to = time_of(in);
    if (!makes_sense(record) || record.whole_size() > end - offset) return std::nullopt;
    return record;
}

std::optional<std::vector<std::byte>> SpoolSegment::frames(std::size_t offset, const SpoolRecord& record) const {
    std::vector<std::byte> bytes(record.size);
    if (!read_fully(fd_, bytes, offset + SpoolRecord::head_size) || crc32c(bytes) != record.check) return std::nullopt;
    const auto whole = whole_frames(bytes);
    if (whole.count != record.count || whole.bytes != bytes.size()) return std::nullopt;
    return bytes;
}

/// What cannot be cut off, such as on a disk that fails, is read again and sent again: nobody counts it twice.
void SpoolSegment::cut(std::size_t size) const { static_cast<void>(::ftruncate(fd_, static_cast<off_t>(size)) == 0); }

void SpoolSegment::settle() const { ::fdatasync(fd_); }

}  // namespace linnet
