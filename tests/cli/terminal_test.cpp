#include "cli/terminal.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <pty.h>
#include <unistd.h>
#include <array>
#include <cstdlib>

using namespace linnet;

namespace {

/// A terminal that the test opened itself, of the given width.
class OwnTerminal {
 public:
    explicit OwnTerminal(unsigned short columns) {
        winsize size{.ws_row = 24, .ws_col = columns, .ws_xpixel = 0, .ws_ypixel = 0};
        REQUIRE(openpty(&far_, &near_, nullptr, nullptr, &size) == 0);
        setenv("TERM", "xterm", 1);
        unsetenv("NO_COLOR");
    }
    ~OwnTerminal() {
        close(far_);
        close(near_);
    }
    OwnTerminal(const OwnTerminal&) = delete;
    OwnTerminal& operator=(const OwnTerminal&) = delete;
    [[nodiscard]] int descriptor() const { return near_; }

 private:
    int far_ = -1;
    int near_ = -1;
};

}  // namespace

TEST_CASE("terminal: its width is used and colours are") {
    const OwnTerminal own{100};
    const Terminal terminal = Terminal::of(own.descriptor());
    CHECK(terminal.interactive);
    CHECK(terminal.columns == 100);
    CHECK(terminal.painted(Paint::red, "Act now") == "\x1b[31mAct now\x1b[0m");
}

TEST_CASE("terminal: who sets NO_COLOR, or has a terminal that cannot, gets none") {
    const OwnTerminal own{100};
    SUBCASE("NO_COLOR=1") { setenv("NO_COLOR", "1", 1); }
    SUBCASE("TERM=dumb") { setenv("TERM", "dumb", 1); }
    CHECK(Terminal::of(own.descriptor()).painted(Paint::red, "Act now") == "Act now");
    unsetenv("NO_COLOR");
}

TEST_CASE("terminal: an empty NO_COLOR means nothing (no-color.org)") {
    const OwnTerminal own{100};
    setenv("NO_COLOR", "", 1);
    CHECK(Terminal::of(own.descriptor()).colours);
    unsetenv("NO_COLOR");
}

TEST_CASE("terminal: a tiny window is treated as 40 columns, an unknown width as 80") {
    CHECK(Terminal::of(OwnTerminal{10}.descriptor()).columns == 40);
    CHECK(Terminal::of(OwnTerminal{0}.descriptor()).columns == 80);
}

TEST_CASE("terminal: a file is none, and gets no colours") {
    const int file = open("/dev/null", O_WRONLY);
    const Terminal terminal = Terminal::of(file);
    close(file);
    CHECK_FALSE(terminal.interactive);
    CHECK(terminal.columns == 80);
    CHECK(terminal.painted(Paint::bold, "Devices") == "Devices");
}
