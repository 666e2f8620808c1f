#include "printer.hpp"

#include "wire/event_json.hpp"
#include "wire/frame.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace linnet {
namespace {

constexpr std::size_t write_size = 64 * 1024;

bool more_is_waiting(int fd) {
    pollfd item{fd, POLLIN, 0};
    return ::poll(&item, 1, 0) > 0;
}

/// Writes and empties `text`; the reason where that failed, else 0.
int write_all(int out, std::string& text) {
    std::string_view rest{text};
    while (!rest.empty()) {
        const auto written = ::write(out, rest.data(), rest.size());
        if (written < 0 && errno != EINTR) return errno;
        if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    }
    text.clear();
    return 0;
}

}  // namespace

PrintResult print_events(int fd, int out) {
    PrintResult result;
    FrameReader frames;
    std::string text;
    std::array<std::byte, max_frames_write> piece;  // NOLINT(*-member-init): read() fills it
    while (true) {
        const auto size = ::read(fd, piece.data(), piece.size());
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) result.error = fmt::format("The stream of events cannot be read: {}.", std::strerror(errno));
        if (size > 0) frames.feed(std::span{piece}.first(static_cast<std::size_t>(size)));
        while (const auto bytes = frames.next()) {
            const auto event = decode_event(*bytes);
            if (!event) {
                result.error = fmt::format("The stream of events is damaged: event {} is not valid.", result.events + 1);
                break;
            }
            append_json_line(*event, text);
            ++result.events;
        }
        if (frames.broken()) result.error = "The stream of events is damaged: an event claims to be larger than any can be.";
        const bool over = size <= 0 || !result.error.empty();
        if (over || text.size() >= write_size || !more_is_waiting(fd)) {
            const int reason = write_all(out, text);
            if (reason == EPIPE) break;
            if (reason != 0) result.error = fmt::format("The output cannot be written: {}.", std::strerror(reason));
            if (over || reason != 0) break;
        }
    }
    result.cut = frames.pending() > 0 && result.error.empty();
    result.ok = result.error.empty();
    return result;
}

}  // namespace linnet
