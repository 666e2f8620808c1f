#include "question.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <stdexcept>

#include <unistd.h>

namespace linnet {

bool is_sure(const std::string& what) {
    if (::isatty(STDIN_FILENO) == 0)
        throw std::runtime_error("This cannot be taken back, and nobody is here to ask. Add --yes if it is meant.");
    fmt::print("{}\nThis cannot be taken back. Type yes to go on: ", what);
    std::fflush(stdout);
    std::string answer;
    std::getline(std::cin, answer);
    if (answer == "yes") return true;
    fmt::print("Nothing was changed.\n");
    return false;
}

}  // namespace linnet
