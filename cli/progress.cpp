#include "progress.hpp"

#include "text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include <unistd.h>

namespace linnet {
namespace {

std::string bar(double fraction) {
    constexpr std::size_t length = 20;
    const auto full = static_cast<std::size_t>(fraction * static_cast<double>(length));
    return "[" + std::string(full, '#') + std::string(length - full, '-') + "]";
}

}  // namespace

std::string progress_line(const std::string& capture, std::optional<double> fraction, std::uint64_t packets,
                          std::chrono::seconds elapsed, std::size_t columns) {
    std::string right;
    if (fraction) right = fmt::format("  {} {:3.0f} %", bar(*fraction), *fraction * 100);
    right += "  " + counted(packets, "packet", "packets");
    right += fmt::format("  {}:{:02}", elapsed.count() / 60, elapsed.count() % 60);
    const std::size_t room = columns > right.size() ? columns - right.size() : 0;
    return shortened(shortened(escaped(capture), room) + right, columns);
}

Progress::Progress(std::string capture) : capture_(std::move(capture)), terminal_(Terminal::of(STDERR_FILENO)) {}

Progress::~Progress() {
    if (shown_) std::fputs("\r\x1b[K", stderr);
}

void Progress::show(std::optional<double> fraction, std::uint64_t packets) {
    if (!wanted()) return;
    const auto elapsed = std::chrono::floor<std::chrono::seconds>(std::chrono::steady_clock::now() - start_);
    const std::string line = progress_line(capture_, fraction, packets, elapsed, terminal_.columns - 1);
    fmt::print(stderr, "\r{}\x1b[K", line);
    shown_ = true;
}

}  // namespace linnet
