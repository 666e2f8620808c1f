// A home in a file: what `linnet export` writes and `linnet import` reads. A gzipped tar: first manifest.json, which names
// every other file with its length and SHA-256, then these files and nothing else, in that order.
//
//   linnet.db      a copy of the database         linnet.toml    the configuration
//   peers.json     who is paired                  analyzer.key, secrets/NAME    only where keys were asked for
//
// Reading takes nobody's word: only these names, only regular files, no more bytes than the manifest says and the table of
// names allows, and the sums must be right. Nothing is written outside the given folder. libarchive reads the tar.
#pragma once

#include "wire/alert.hpp"

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

/// what() is a sentence for people.
struct ArchiveError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct HomeFile {
    std::string name;  ///< in the archive: "linnet.db"
    std::uint64_t bytes = 0;
    std::string sha256;  ///< 64 hexadecimal digits
    bool operator==(const HomeFile&) const = default;
};

struct HomeManifest {
    static constexpr int schema = 1;
    static constexpr std::size_t max_bytes = 64 * 1024, max_files = 70;
    std::string version;  ///< of the Linnet that wrote it
    Timestamp made;
    std::vector<HomeFile> files;
};

/// How long a file of this name may be; nothing where it may not be there at all.
std::uint64_t longest_in_home(std::string_view name);
/// Should nobody but its owner read it?
bool is_secret_in_home(std::string_view name);

Json to_json(const HomeManifest& manifest);
/// Strict. Throws ArchiveError.
HomeManifest parse_home_manifest(std::string_view text);

struct HomeSource {
    std::string name;            ///< in the archive
    std::filesystem::path file;  ///< here
};

/// Only this user may read it; it is there whole or not at all. Throws ArchiveError.
HomeManifest write_home(const std::filesystem::path& archive, const std::vector<HomeSource>& sources,
                        const std::string& version, Timestamp now);

/// Into an empty folder, as NAME (and secrets/NAME), each only for this user. Throws ArchiveError.
HomeManifest read_home(const std::filesystem::path& archive, const std::filesystem::path& folder);
/// What it would unpack, with every sum checked. Throws ArchiveError.
HomeManifest check_home(const std::filesystem::path& archive);

}  // namespace linnet
