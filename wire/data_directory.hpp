// Where the signatures are: data that comes with Linnet and changes without a compiler.
#pragma once

#include <filesystem>

namespace linnet {

/// The first that exists of: $LINNET_SIGNATURES, ../share/linnet/signatures beside the running program's folder, the
/// installed data folder, the source tree this program was built from. Throws std::runtime_error where there is none.
std::filesystem::path signatures_directory();

}  // namespace linnet
