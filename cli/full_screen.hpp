// The whole terminal for a while. However this ends, destructor or exception, the terminal is as it was: what stood there,
// the cursor, and what the keyboard does.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <termios.h>

namespace linnet {

class FullScreen {
 public:
    /// Standard output and standard input must be a terminal. Throws std::system_error.
    FullScreen();
    ~FullScreen();
    FullScreen(const FullScreen&) = delete;
    FullScreen& operator=(const FullScreen&) = delete;

    /// Now, at least 1.
    [[nodiscard]] static std::size_t rows();
    /// From the top; what stood there before is gone.
    static void draw(const std::vector<std::string>& lines);
    /// What was typed since the last call, without waiting; nothing: 0.
    [[nodiscard]] static char key();

 private:
    termios before_{};
};

}  // namespace linnet
