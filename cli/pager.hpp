// Long output, page by page: where standard output is a terminal it goes through $LINNET_PAGER, else $PAGER, else less where
// that is there. An empty one, or "cat", is none.
#pragma once

#include "terminal.hpp"

#include <sys/types.h>

namespace linnet {

class Pager {
 public:
    Pager() = default;
    /// Waits until the person has read enough.
    ~Pager();
    Pager(const Pager&) = delete;
    Pager& operator=(const Pager&) = delete;

    /// From now on standard output is the pager's; nothing where there is none, or nobody to read. Terminal::of() tells of
    /// the terminal behind it all the same.
    void start();
    /// The person left before the end: what could not be written is no fault.
    [[nodiscard]] bool is_running() const { return pid_ > 0; }

 private:
    pid_t pid_ = -1;
};

}  // namespace linnet
