#include "cli/interruption.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace linnet;

TEST_CASE("interruption: a signal wakes who waits and is thrown there") {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        const Interruption interruption;
        CHECK_NOTHROW(interruption.check());
        std::raise(signal);
        pollfd waited{.fd = interruption.descriptor(), .events = POLLIN, .revents = 0};
        CHECK(poll(&waited, 1, 0) == 1);
        int thrown = 0;
        try {
            interruption.check();
        } catch (const Interrupted& interrupted) {
            thrown = interrupted.signal;
        }
        CHECK(thrown == signal);
    }
}

TEST_CASE("interruption: afterwards the program ends by the signal itself, as the shell expects") {
    const pid_t child = fork();
    if (child == 0) die_of(SIGTERM);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGTERM);
}
