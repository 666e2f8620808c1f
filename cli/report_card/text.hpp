// The report card for a terminal, or a file of plain text.
#pragma once

#include "cli/terminal.hpp"
#include "wire/report_card.hpp"

#include <string>

namespace linnet {

/// The summary of the house first, then the devices in need with what to do, then the others in a line each.
std::string report_card_text(const ReportCard& card, const Terminal& terminal);

}  // namespace linnet
