// Where a report card goes, and as what.
#pragma once

#include "wire/report_card.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace linnet {

enum class ReportFormat : unsigned char { text, json, html, pdf };
inline constexpr const char* report_formats = "text, json, html or pdf";
std::optional<ReportFormat> parse_report_format(std::string_view name);
/// For CLI11: the complaint, or nothing.
std::string check_report_format(const std::string& name);

/// Writes to the file, or to standard output where `file` is empty. Throws std::runtime_error, a sentence: the file cannot
/// be written; a PDF is no text for a terminal.
void write_report_card(const ReportCard& card, ReportFormat format, const std::string& file);

}  // namespace linnet
