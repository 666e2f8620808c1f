// Text for a terminal: how wide it is there, where it breaks, and how to show what strangers wrote.
// Widths count terminal columns: 2 for East Asian wide characters and emoji, 0 for combining marks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/// Safe to print: control characters (escape sequences with them), bidirectional overrides, invisible characters and
/// bytes that are not UTF-8 are written out, as \x1B or \u202E. Everything else stays as it is.
std::string escaped(std::string_view text);

/// Columns that escaped text takes.
std::size_t display_width(std::string_view text);

/// At most `columns` wide; what is cut off leaves "…". `text` is escaped text.
std::string shortened(std::string_view text, std::size_t columns);

/// Lines of at most `columns`, broken at spaces. A word that is wider stays whole, so that it can be copied.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

/// "1 device", "2 devices"; thousands are grouped: "1,234 packets".
std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural);

/// Of bytes: "1.2 GB", "34 kB"; what is not nothing is at least 1 kB.
std::string amount(std::uint64_t bytes);

}  // namespace linnet
