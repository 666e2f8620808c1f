#include "secret.hpp"

#include "wire/settings.hpp"
#include "wire/text_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace linnet {
namespace {

/// Also what the optimizer would leave, and what is left of a longer text.
void wipe(std::string& text) {
    text.resize(text.capacity());
    ::explicit_bzero(text.data(), text.size());
    text.clear();
}

Secret first_line(const std::filesystem::path& file) {
    auto text = read_text_file(file, Secret::max_bytes);
    auto line = text.substr(0, text.find_first_of("\r\n"));
    wipe(text);
    const bool is_odd = std::any_of(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    if (!line.empty() && !is_odd) return Secret{std::move(line)};
    wipe(line);
    throw SettingsError{fmt::format(
        "{}:1: {}", file.string(), is_odd ? "has a control character" : "is empty: the secret belongs into the first line")};
}

}  // namespace

void require_private(const std::filesystem::path& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && (status.st_mode & 0177) != 0)
        throw SettingsError{fmt::format("{}:0: others may read it; say: chmod 600 {}", file.string(), file.string())};
}

Secret::~Secret() { wipe(text_); }
Secret::Secret(Secret&& other) noexcept { text_.swap(other.text_); }
Secret& Secret::operator=(Secret&& other) noexcept {
    wipe(text_);
    text_.swap(other.text_);
    return *this;
}

Secret Secret::from_file(const std::filesystem::path& file) {
    require_private(file);
    return first_line(file);
}

Secret Secret::from_credential(const std::string& name) {
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder == nullptr)
        throw SettingsError{fmt::format(
            "{}:0: there are no credentials: the unit of linnet-outlets needs LoadCredential={}:FILE", name, name)};
    return first_line(std::filesystem::path{folder} / name);
}

}  // namespace linnet
