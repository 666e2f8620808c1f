// Any bytes as a file of `linnet export`: read, with names and lengths that may be, or refused with ArchiveError. The same
// bytes as the manifest inside one.
#include "cli/home_archive.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <unistd.h>

using namespace linnet;

namespace {

/// In a file of its own, which is gone with the process.
std::string scratch_file() {
    static const std::string name = [] {
        std::string made = "/tmp/linnet-fuzz-XXXXXX";
        const int fd = ::mkstemp(made.data());
        if (fd < 0) __builtin_trap();
        ::close(fd);
        return made;
    }();
    return name;
}

void check(const HomeManifest& manifest) {
    if (manifest.files.size() > HomeManifest::max_files) __builtin_trap();
    for (const auto& file : manifest.files)
        if (longest_in_home(file.name) == 0 || file.bytes > longest_in_home(file.name)) __builtin_trap();
}

void try_archive(const std::uint8_t* data, std::size_t size) {
    const auto name = scratch_file();
    if (::truncate(name.c_str(), 0) != 0) __builtin_trap();
    FILE* file = std::fopen(name.c_str(), "wb");
    if (file == nullptr || std::fwrite(data, 1, size, file) != size) __builtin_trap();
    if (std::fclose(file) != 0) __builtin_trap();
    try {
        check(check_home(name));
    } catch (const ArchiveError&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try_archive(data, size);
    try {
        const auto manifest = parse_home_manifest({reinterpret_cast<const char*>(data), size});
        check(manifest);
        if (parse_home_manifest(dump(to_json(manifest))).files != manifest.files) __builtin_trap();
    } catch (const ArchiveError&) {
    }
    return 0;
}
