// What a shell offers behind `linnet` and the Tab key: made out of the command table, so that it cannot be out of date.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace linnet {

/// The script for "bash", "zsh" or "fish"; nothing for any other.
std::optional<std::string> completion_script(std::string_view shell, const CLI::App& root);

}  // namespace linnet
