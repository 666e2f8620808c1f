#include "frame.hpp"

#include <array>

namespace linnet {
namespace {

constexpr std::size_t length_size = 4;

std::size_t length_at(std::span<const std::byte> bytes) {
    std::size_t size = 0;
    for (std::size_t i = 0; i < length_size; ++i) size |= std::to_integer<std::size_t>(bytes[i]) << (8 * i);
    return size;
}

}  // namespace

void append_frame(std::span<const std::byte> event, std::vector<std::byte>& out) {
    std::array<std::byte, length_size> length{};
    for (std::size_t i = 0; i < length_size; ++i) length[i] = static_cast<std::byte>(event.size() >> (8 * i) & 0xff);
    out.insert(out.end(), length.begin(), length.end());
    out.insert(out.end(), event.begin(), event.end());
}

WholeFrames whole_frames(std::span<const std::byte> bytes, std::uint64_t most) {
    WholeFrames whole;
    while (whole.count < most && bytes.size() - whole.bytes >= length_size) {
        const auto size = length_at(bytes.subspan(whole.bytes));
        whole.broken = size > max_event_size;
        if (whole.broken || bytes.size() - whole.bytes - length_size < size) break;
        whole.bytes += length_size + size;
        ++whole.count;
    }
    return whole;
}

void FrameReader::feed(std::span<const std::byte> bytes) {
    if (broken_) return;
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(read_));
    read_ = 0;
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

std::optional<std::span<const std::byte>> FrameReader::next() {
    if (broken_ || pending() < length_size) return std::nullopt;
    const auto size = length_at(std::span{buffer_}.subspan(read_));
    if (size > max_event_size) {
        broken_ = true;
        return std::nullopt;
    }
    if (pending() < length_size + size) return std::nullopt;
    const std::span<const std::byte> frame{buffer_.data() + read_ + length_size, size};
    read_ += length_size + size;
    return frame;
}

}  // namespace linnet
