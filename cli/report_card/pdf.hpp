// The report card as a PDF, to print or to hand on.
#pragma once

#include "wire/report_card.hpp"

#include <string>

namespace linnet {

/// The bytes of the PDF. Throws std::runtime_error where it cannot be made.
std::string report_card_pdf(const ReportCard& card);

}  // namespace linnet
