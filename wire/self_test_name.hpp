// The name that a self-test looks up: "linnet-selftest.4f1c09ab77d2e630.invalid". The token is new each time, so that no
// cache knows the answer; names below "invalid" never exist (RFC 6761, section 6.4), so that the question means nothing to
// whoever else reads it.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace linnet::self_test {

inline constexpr std::string_view prefix = "linnet-selftest.";
inline constexpr std::string_view suffix = ".invalid";

/// One label of small letters, digits and hyphens between the two (RFC 1035, section 2.3.4: at most 63 bytes).
inline bool is_name(std::string_view name) {
    if (!name.starts_with(prefix) || !name.ends_with(suffix) || name.size() <= prefix.size() + suffix.size()) return false;
    const auto token = name.substr(prefix.size(), name.size() - prefix.size() - suffix.size());
    return token.size() <= 63 && std::all_of(token.begin(), token.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

}  // namespace linnet::self_test
