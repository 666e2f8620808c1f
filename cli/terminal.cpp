#include "terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace linnet {
namespace {

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : value;
}

/// ECMA-48, section 8.3.117 (SGR).
int graphic_rendition(Paint paint) {
    switch (paint) {
        case Paint::bold: return 1;
        case Paint::faint: return 2;
        case Paint::red: return 31;
        case Paint::yellow: return 33;
        case Paint::cyan: return 36;
    }
    return 0;
}

struct Behind {
    int descriptor = -1;
    Terminal terminal;
};

Behind& behind() {
    static Behind only;
    return only;
}

}  // namespace

void Terminal::stands_behind(int descriptor, const Terminal& terminal) { behind() = {descriptor, terminal}; }

Terminal Terminal::of(int descriptor) {
    if (behind().descriptor == descriptor) return behind().terminal;
    Terminal terminal;
    terminal.interactive = isatty(descriptor) == 1;
    if (!terminal.interactive) return terminal;
    terminal.colours = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
    winsize size{};
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        terminal.columns = std::max<std::size_t>(size.ws_col, 40);
    return terminal;
}

std::string Terminal::painted(Paint paint, std::string_view text) const {
    if (!colours) return std::string{text};
    return fmt::format("\x1b[{}m{}\x1b[0m", graphic_rendition(paint), text);
}

}  // namespace linnet
