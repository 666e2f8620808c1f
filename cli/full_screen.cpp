#include "full_screen.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace linnet {
namespace {

// ECMA-48, and xterm's private modes: the alternate screen (1049), the cursor (25), wrapping of lines (7).
constexpr const char* enter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr const char* leave = "\x1b[?7h\x1b[?25h\x1b[?1049l";

void put(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
}

}  // namespace

FullScreen::FullScreen() {
    if (tcgetattr(STDIN_FILENO, &before_) != 0)
        throw std::system_error(errno, std::generic_category(), "This terminal cannot be used");
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);  // Ctrl-C stays a signal
    raw.c_cc[VSUSP] = _POSIX_VDISABLE;                     // who stopped us would be left with our picture
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) != 0)
        throw std::system_error(errno, std::generic_category(), "This terminal cannot be used");
    put(enter);
}

FullScreen::~FullScreen() {
    put(leave);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
}

std::size_t FullScreen::rows() {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row == 0) return 24;
    return size.ws_row;
}

void FullScreen::draw(const std::vector<std::string>& lines) {
    std::string picture = "\x1b[H";
    for (std::size_t i = 0; i < lines.size(); ++i) picture += (i == 0 ? "" : "\r\n") + lines[i] + "\x1b[K";
    put(picture + "\x1b[J");
}

char FullScreen::key() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char typed = 0;
    if (poll(&input, 1, 0) <= 0 || read(STDIN_FILENO, &typed, 1) != 1) return 0;
    return typed;
}

}  // namespace linnet
