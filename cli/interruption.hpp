// Ctrl-C and its like as something to wait for, so that destructors clean up before the program goes.
#pragma once

#include <csignal>

namespace linnet {

/// Thrown where somebody waits; whoever catches it last calls die_of(signal).
struct Interrupted {
    int signal = 0;
};

/// While this lives, SIGINT, SIGTERM and SIGHUP are held back from this thread and from those it starts.
class Interruption {
 public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    /// Readable when a signal came.
    [[nodiscard]] int descriptor() const { return descriptor_; }

    /// Throws Interrupted where a signal came.
    void check() const;

 private:
    sigset_t before_{};
    int descriptor_ = -1;
};

/// Ends the program as the signal would have done, so that the shell sees why.
[[noreturn]] void die_of(int signal);

}  // namespace linnet
