#include "cli/progress.hpp"

#include "cli/text.hpp"

#include <doctest/doctest.h>

using namespace linnet;
using std::chrono::seconds;

TEST_CASE("progress: the bar, the percentage, the packets and the time") {
    CHECK(progress_line("a.pcap", 0.26, 152'340, seconds{3}, 80) ==
          "a.pcap  [#####---------------]  26 %  152,340 packets  0:03");
    CHECK(progress_line("a.pcap", 1.0, 1, seconds{125}, 80) == "a.pcap  [####################] 100 %  1 packet  2:05");
}

TEST_CASE("progress: a pipe has no size, so there is no percentage") {
    CHECK(progress_line("standard input", std::nullopt, 10, seconds{0}, 80) == "standard input  10 packets  0:00");
}

TEST_CASE("progress: one line, however long the name or narrow the window") {
    const std::string name(200, 'x');
    CHECK(display_width(progress_line(name, 0.5, 10, seconds{0}, 79)) == 79);
    CHECK(display_width(progress_line(name, 0.5, 10, seconds{0}, 20)) == 20);
}

TEST_CASE("progress: a file name cannot steer the terminal") {
    CHECK(progress_line("\x1b[2J", std::nullopt, 0, seconds{0}, 80) == "\\x1B[2J  0 packets  0:00");
}
