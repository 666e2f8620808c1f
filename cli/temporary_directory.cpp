#include "temporary_directory.hpp"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

namespace linnet {
namespace {

/// unix(7): a socket's path has room for 108 bytes; this leaves enough for the names inside.
constexpr std::size_t longest_name = 80;

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
    constexpr const char* own_name = "/linnet-XXXXXX";
    const char* told = std::getenv("TMPDIR");
    std::string name = std::string{told == nullptr || *told == '\0' ? "/tmp" : told} + own_name;
    if (name.size() > longest_name) name = std::string{"/tmp"} + own_name;
    if (mkdtemp(name.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "No folder for temporary files could be made: " + name);
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace linnet
