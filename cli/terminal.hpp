// What standard output or standard error is connected to, and what may therefore be written there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace linnet {

enum class Paint : unsigned char { bold, faint, red, yellow, cyan };

struct Terminal {
    bool interactive = false;  ///< a person looks at it now
    bool colours = false;      ///< interactive, not TERM=dumb, and NO_COLOR is not set (no-color.org)
    std::size_t columns = 80;  ///< at least 40

    /// Of file descriptor 1 or 2.
    static Terminal of(int descriptor);
    /// What is written to the descriptor goes to that terminal from now on, through a program between (pager.hpp).
    static void stands_behind(int descriptor, const Terminal& terminal);

    /// Escape sequences around `text` where colours are wanted.
    [[nodiscard]] std::string painted(Paint paint, std::string_view text) const;
};

}  // namespace linnet
