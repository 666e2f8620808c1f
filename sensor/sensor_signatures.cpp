#include "sensor_signatures.hpp"

#include "wire/text_file.hpp"

#include <iterator>
#include <string_view>

namespace linnet {
namespace {

using Path = std::filesystem::path;

/// What the text of each file becomes.
struct Part {
    const char* name;
    void (*parse)(std::string_view text, const Path& file, SensorSignatures& into);
};
constexpr Part parts[] = {
    {"credentials.toml",
     [](std::string_view text, const Path& file, auto& into) { into.defaults = DefaultCredentials::parse(text, file); }},
    {"exploits.toml",
     [](std::string_view text, const Path& file, auto& into) { into.patterns = ContentPatterns::parse(text, file); }},
    {"device_apis.toml",
     [](std::string_view text, const Path& file, auto& into) { into.device_apis = DeviceApis::parse(text, file); }},
};

template <std::size_t I>
constexpr SignatureFile<SensorSignatures> file_of() {
    return {parts[I].name,
            [](const Path& file, SensorSignatures& into) { parts[I].parse(read_text_file(file), file, into); }};
}
constexpr SignatureFile<SensorSignatures> table[] = {file_of<0>(), file_of<1>(), file_of<2>()};
static_assert(std::size(table) == std::size(parts));

}  // namespace

std::span<const SignatureFile<SensorSignatures>> SensorSignatures::files() { return table; }

SensorSignatures SensorSignatures::read(const Path& folder) {
    SensorSignatures signatures;
    read_signature_files(folder, files(), signatures);
    return signatures;
}

SignatureTexts SensorSignatures::read_texts(const Path& folder) {
    SignatureTexts read{resolved_folder(folder), {}};
    for (const auto& part : parts) read.texts.push_back(read_text_file(read.folder / part.name));
    return read;
}

SensorSignatures SensorSignatures::parse(const SignatureTexts& texts) {
    SensorSignatures signatures;
    for (std::size_t i = 0; i < std::size(parts) && i < texts.texts.size(); ++i)
        parts[i].parse(texts.texts[i], texts.folder / parts[i].name, signatures);
    return signatures;
}

}  // namespace linnet
