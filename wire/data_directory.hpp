// Where the signatures are: data that comes with Linnet and changes without a compiler.
#pragma once

#include <filesystem>

namespace linnet {

/// The first that exists of: $LINNET_SIGNATURES, ../share/linnet/signatures beside the running program's folder, the
/// installed data folder, the source tree this program was built from. Where Linnet itself is installed and
/// installed_signatures() has a newer version, that one. Throws std::runtime_error where there is none.
std::filesystem::path signatures_directory();

/// Where `linnet signatures install` puts a set: a link to a folder beside it, in a place that is root's alone.
std::filesystem::path installed_signatures();

/// The public key of who makes the sets.
std::filesystem::path signature_key_file();

}  // namespace linnet
