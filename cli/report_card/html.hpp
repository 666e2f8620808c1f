// The report card as one HTML file: nothing is fetched, no scripts, for reading on a screen, by ear, and on paper.
#pragma once

#include "wire/report_card.hpp"

#include <string>

namespace linnet {

/// Everything that came from the network is escaped, and set apart in its writing direction.
std::string report_card_html(const ReportCard& card);

}  // namespace linnet
