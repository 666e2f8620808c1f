// A set of signatures as one file, to be signed and sent: a head line, then each file with its name and its length. There
// is nothing in it that could lead out of the folder it is unpacked into: no path, no link, no permission.
//
//   linnet signature bundle 1
//   alerts.toml 6782
//   …6782 bytes, then a line feed…
//   credentials.toml 13881
//   …
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/// what() is a sentence for people.
struct BundleError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

inline constexpr std::size_t max_bundle = 16 * 1024 * 1024;
inline constexpr std::size_t max_bundled_files = 64;

struct BundledFile {
    std::string name;  ///< a to z, 0 to 9, "-" and "_", then ".toml"; at most 64 bytes
    std::string text;  ///< at most max_text_file bytes
    bool operator==(const BundledFile&) const = default;
};

/// The same files give the same bytes. Throws BundleError where a limit is broken.
std::string pack_bundle(std::vector<BundledFile> files);

/// By name, each name once. Throws BundleError for everything that pack_bundle() does not make.
std::vector<BundledFile> unpack_bundle(std::string_view bytes);

}  // namespace linnet
