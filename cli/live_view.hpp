// The picture of a home that a terminal shows while `linnet watch` runs.
#pragma once

#include "live_home.hpp"
#include "terminal.hpp"

#include <string>
#include <vector>

namespace linnet {

/// At most `rows` lines, none wider than the terminal. `trouble` says why what is shown may be old; empty = it is not.
std::vector<std::string> live_view(const LiveHome& home, const std::string& trouble, Timestamp now, const Terminal& terminal,
                                   std::size_t rows);

/// The same news, a line each, for a file or a pipe.
std::vector<std::string> news_lines(const LiveHome::News& news);

}  // namespace linnet
