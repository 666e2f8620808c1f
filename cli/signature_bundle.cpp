#include "signature_bundle.hpp"

#include "wire/text_file.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace linnet {
namespace {

constexpr std::string_view head = "linnet signature bundle 1\n";
constexpr std::string_view suffix = ".toml";
constexpr std::size_t max_name = 64;

bool is_name(std::string_view name) {
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    return name.size() <= max_name && name.size() > suffix.size() && name.ends_with(suffix) &&
           name.substr(0, name.size() - suffix.size()).find_first_not_of(letters) == std::string_view::npos;
}

void check_file(std::string_view name, std::size_t size) {
    if (!is_name(name)) throw BundleError{"The bundle has a file whose name is not allowed."};
    if (size > max_text_file) throw BundleError{"The bundle has a file that is larger than 4 MiB."};
}

void check_size(std::size_t files, std::size_t bytes) {
    if (files > max_bundled_files) throw BundleError{"The bundle has more than 64 files."};
    if (bytes > max_bundle) throw BundleError{"The bundle is larger than 16 MiB."};
}

/// Digits without leading zeros, so that there is one way to write a length.
std::optional<std::size_t> length_of(std::string_view digits) {
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
    return length;
}

BundledFile take_file(std::string_view& bytes) {
    constexpr const char* complaint = "The bundle is damaged.";
    const auto line = bytes.substr(0, std::min(bytes.find('\n'), bytes.size()));
    const auto space = line.find(' ');
    if (space == std::string_view::npos || line.size() == bytes.size()) throw BundleError{complaint};
    const auto name = line.substr(0, space);
    const auto length = length_of(line.substr(space + 1));
    if (!length) throw BundleError{complaint};
    check_file(name, *length);
    bytes.remove_prefix(line.size() + 1);
    if (bytes.size() <= *length || bytes[*length] != '\n') throw BundleError{complaint};
    BundledFile file{.name = std::string{name}, .text = std::string{bytes.substr(0, *length)}};
    bytes.remove_prefix(*length + 1);
    return file;
}

}  // namespace

std::string pack_bundle(std::vector<BundledFile> files) {
    std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    std::string bytes{head};
    for (const auto& file : files) {
        check_file(file.name, file.text.size());
        bytes += file.name + " " + std::to_string(file.text.size()) + "\n" + file.text + "\n";
        check_size(files.size(), bytes.size());
    }
    return bytes;
}

std::vector<BundledFile> unpack_bundle(std::string_view bytes) {
    if (!bytes.starts_with(head)) throw BundleError{"This is not a bundle of signatures, or one for a newer Linnet."};
    check_size(0, bytes.size());
    bytes.remove_prefix(head.size());
    std::vector<BundledFile> files;
    while (!bytes.empty()) {
        files.push_back(take_file(bytes));
        check_size(files.size(), 0);
        if (files.size() > 1 && files.back().name <= files[files.size() - 2].name)
            throw BundleError{"The bundle has its files twice or out of order."};
    }
    return files;
}

}  // namespace linnet
