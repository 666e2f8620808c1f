#include "interruption.hpp"

#include <cerrno>
#include <initializer_list>
#include <system_error>

#include <sys/signalfd.h>
#include <unistd.h>

namespace linnet {

Interruption::Interruption() {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
    descriptor_ = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "Signals cannot be waited for");
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
}

Interruption::~Interruption() {
    close(descriptor_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interruption::check() const {
    signalfd_siginfo info{};
    if (read(descriptor_, &info, sizeof info) == static_cast<ssize_t>(sizeof info))
        throw Interrupted{static_cast<int>(info.ssi_signo)};
}

void die_of(int signal) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    _exit(128 + signal);
}

}  // namespace linnet
