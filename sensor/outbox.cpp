#include "outbox.hpp"

#include <unistd.h>

#include <cerrno>
#include <span>

namespace linnet {

Outbox::Outbox(int fd) : fd_{fd} { buffer_.reserve(batch + max_event_size); }

void Outbox::append(const Event& event) {
    if (closed_) return;
    encoder_.append_frame(event, buffer_);
    ++pending_;
    if (buffer_.size() >= batch) flush();
}

void Outbox::flush() {
    std::span<const std::byte> rest{buffer_};
    while (!rest.empty() && !closed_) {
        const ssize_t written = ::write(fd_, rest.data(), rest.size());
        if (written > 0)
            rest = rest.subspan(static_cast<std::size_t>(written));
        else if (errno != EINTR)
            closed_ = true;
    }
    buffer_.clear();
    pending_ = 0;
}

}  // namespace linnet
