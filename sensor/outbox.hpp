// The end of the packet's way: events become frames (wire/frame.hpp) in a byte stream to a file descriptor, and nothing
// more. Whoever reads the other end prints them or ships them; the parser never opens a socket.
#pragma once

#include "wire/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace linnet {

class Outbox {
 public:
    /// Does not own `fd`. Writes block: where nobody reads, the sensor waits, and the kernel counts what it drops.
    explicit Outbox(int fd);

    void append(const Event& event);

    /// Writes what has been collected. What is written late is at most `batch` bytes.
    void flush();

    /// Nobody reads any more: what is appended goes nowhere.
    [[nodiscard]] bool closed() const { return closed_; }
    [[nodiscard]] bool empty() const { return buffer_.empty(); }
    /// Events that have been appended and not written.
    [[nodiscard]] std::uint64_t pending() const { return pending_; }

 private:
    static constexpr std::size_t batch = 64 * 1024;
    static_assert(batch + max_event_size + sizeof(std::uint32_t) <= max_frames_write);

    int fd_;
    bool closed_ = false;
    std::uint64_t pending_ = 0;
    EventEncoder encoder_;
    std::vector<std::byte> buffer_;
};

}  // namespace linnet
