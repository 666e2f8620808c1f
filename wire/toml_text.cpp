#define TOML_IMPLEMENTATION
#include "toml_text.hpp"

#include "event_limits.hpp"
#include "settings.hpp"
#include "text_file.hpp"
#include "toml_guard.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace linnet {
namespace {

constexpr std::size_t max_reason = 240;

struct AssumptionBroken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One line without control characters, whatever the file had in its names.
std::string printable(std::string_view reason) {
    const bool cut = reason.size() > max_reason;
    if (cut) reason = reason.substr(0, utf8_prefix(reason.substr(0, max_reason)));
    std::string text;
    for (const char c : reason) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f)
            text += fmt::format("\\x{:02X}", byte);
        else
            text += c;
    }
    return cut ? text + "…" : text;
}

[[noreturn]] void refuse_line(const std::string& file, std::size_t line, const std::string& reason) {
    throw SettingsError{fmt::format("{}:{}: {}", file, line, printable(reason))};
}

}  // namespace

void refuse_toml_assumption() { throw AssumptionBroken{"this is not TOML"}; }

void refuse(const std::string& file, const toml::source_region& at, const std::string& reason) {
    refuse_line(file, at.begin.line, reason);
}

toml::table parse_toml(std::string_view text, const std::string& file) {
    if (const auto fault = find_toml_fault(text)) refuse_line(file, fault->line, fault->reason);
    try {
        return toml::parse(text, file);
    } catch (const toml::parse_error& error) {
        refuse(file, error.source(), std::string{error.description()});
    } catch (const AssumptionBroken& error) {
        refuse_line(file, 0, error.what());
    }
}

toml::table read_toml(const std::string& file) { return parse_toml(read_text_file(file), file); }

}  // namespace linnet
