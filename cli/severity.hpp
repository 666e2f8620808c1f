// Severities as words, symbols and colours; the word always stands beside the colour.
#pragma once

#include "terminal.hpp"

#include "wire/alert.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace linnet {

struct SeverityLook {
    Severity severity;
    std::string_view symbol;   ///< ASCII, so that every terminal has it
    std::string_view word;     ///< "act now"
    std::string_view heading;  ///< "Act now"
    std::string_view option;   ///< on the command line: "act-now"
    Paint paint;
};

/// Most severe first.
inline constexpr std::array<SeverityLook, 3> severity_looks{{
    {Severity::act_now, "!!", "act now", "Act now", "act-now", Paint::red},
    {Severity::important, "!", "important", "Important", "important", Paint::yellow},
    {Severity::worth_knowing, "i", "worth knowing", "Worth knowing", "worth-knowing", Paint::cyan},
}};

const SeverityLook& look_of(Severity severity);

}  // namespace linnet
