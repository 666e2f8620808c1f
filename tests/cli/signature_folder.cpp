#include "signature_folder.hpp"

#include "shell.hpp"
#include "wire/data_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>

namespace linnet {

SignatureFolder::SignatureFolder() : path_{folder_.path() / "set"} { std::filesystem::copy(signatures_directory(), path_); }

void SignatureFolder::write(const std::string& name, const std::string& text) const {
    std::ofstream{path_ / name, std::ios::binary | std::ios::trunc} << text;
}

void SignatureFolder::change(const std::string& name, const std::string& from, const std::string& to) const {
    auto text = content_of(path_ / name);
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    write(name, text.replace(at, from.size(), to));
}

void SignatureFolder::append(const std::string& name, const std::string& text) const {
    write(name, content_of(path_ / name) + text);
}

}  // namespace linnet
