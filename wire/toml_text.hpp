// toml++ with its edges rounded: all TOML in Linnet is parsed here. Include this, never <toml++/toml.h>.
#pragma once

#include <string>
#include <string_view>

namespace linnet {
/// An assumption of toml++ about its input did not hold: parse_toml() refuses the text.
[[noreturn]] void refuse_toml_assumption();
}  // namespace linnet

// Its assertions are checked in every kind of build: "[[[" is enough for one to fail.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expr) ((expr) ? static_cast<void>(0) : ::linnet::refuse_toml_assumption())
#define TOML_HEADER_ONLY 0
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace linnet {

/// UTF-8 text within the limits of toml_guard.hpp, as read_text_file() gives it. `file` is for messages only. Throws
/// SettingsError (file:line: reason); never blocks, and takes less than a second for what read_text_file() lets through.
toml::table parse_toml(std::string_view text, const std::string& file);

/// read_text_file() and parse_toml().
toml::table read_toml(const std::string& file);

/// Throws SettingsError: "file:line: reason". The reason may quote the file: it is shortened and made printable.
[[noreturn]] void refuse(const std::string& file, const toml::source_region& at, const std::string& reason);

}  // namespace linnet
