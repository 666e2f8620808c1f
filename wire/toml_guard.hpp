// What a TOML text must be before toml++ may see it. Its version 3.3 (Debian 12) declares unreachable what a letter beyond
// ASCII outside of quotation marks does reach, takes time with the square of the dotted names, and as many levels of the
// stack as a name has parts.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace linnet {

struct TomlLimits {
    std::size_t values = 262'144;   ///< keys and items of lists
    std::size_t dotted = 16'384;    ///< names with a dot in them
    std::size_t sections = 65'536;  ///< [heads] and [[heads]]
    unsigned depth = 32;            ///< brackets in brackets
    unsigned parts = 16;            ///< of one dotted name
};

struct TomlFault {
    std::size_t line = 0;
    std::string reason;
};

/// Reads once over UTF-8 text, as TOML 1.0 tells strings and comments from the rest. Nothing where toml++ may have it; that
/// does not mean that it is right.
std::optional<TomlFault> find_toml_fault(std::string_view text, const TomlLimits& limits = {});

}  // namespace linnet
