// The device that a person means.
#pragma once

#include "analyzer_connection.hpp"

#include <string>
#include <vector>

#include "wire/alert.hpp"

namespace linnet {

/// The one device that `wanted` fits: its MAC or key, an address, or its name in either case; and where none is
/// called exactly so, a part of its name. Throws std::runtime_error: a sentence that names the candidates.
Device chosen_device(const std::vector<Device>& devices, const std::string& wanted);

/// Of those that the analyzer knows. Throws api::Error, too.
Device chosen_device(AnalyzerConnection& analyzer, const std::string& wanted);

}  // namespace linnet
