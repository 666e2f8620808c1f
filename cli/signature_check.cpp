#include "signature_check.hpp"

#include "analyzer/core.hpp"
#include "analyzer/signatures.hpp"
#include "sensor/sensor_signatures.hpp"
#include "wire/signature_files.hpp"

#include <fmt/format.h>

#include <memory>
#include <span>

namespace linnet {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_entries = 1'000;  // of the folder, that are looked at

template <class Set>
void read_each(const fs::path& folder, std::span<const SignatureFile<Set>> files, Set& into,
               std::vector<std::string>& faults) {
    for (const auto& file : files) {
        try {
            file.read(folder / file.name, into);
        } catch (const SettingsError& error) {
            faults.emplace_back(error.what());
        }
    }
}

/// A file that nobody reads is a name written wrong, or a set for another Linnet.
void find_strangers(const fs::path& folder, std::vector<std::string>& faults) {
    const auto known = signature_file_names();
    std::set<std::string> strangers;
    std::error_code error;
    std::size_t entries = 0;
    for (auto entry = fs::directory_iterator{folder, error}; !error && entry != fs::directory_iterator{};
         entry.increment(error)) {
        const auto name = entry->path().filename().string();
        if (entry->path().extension() == ".toml" && !known.contains(name)) strangers.insert(name);
        if (++entries == max_entries) {
            faults.push_back(fmt::format("{}:0: has more than {} files", folder.string(), max_entries));
            break;
        }
    }
    for (const auto& name : strangers)
        faults.push_back(fmt::format("{}:0: nobody reads a file of this name", (folder / name).string()));
}

template <class Set>
void add_names(std::span<const SignatureFile<Set>> files, std::set<std::string>& names) {
    for (const auto& file : files) names.insert(file.name);
}

}  // namespace

std::set<std::string> signature_file_names() {
    std::set<std::string> names;
    add_names(SensorSignatures::files(), names);
    add_names(Signatures::files(), names);
    return names;
}

SignatureCheck check_signatures(const fs::path& folder) {
    SignatureCheck check;
    const auto place = resolved_folder(folder);
    std::error_code error;
    if (!fs::is_directory(place, error)) {
        check.faults.push_back(fmt::format("{}:0: is not a folder", folder.string()));
        return check;
    }
    SensorSignatures sensor;
    read_each(place, SensorSignatures::files(), sensor, check.faults);
    Signatures analyzer;
    const auto before = check.faults.size();
    read_each(place, Signatures::files(), analyzer, check.faults);
    if (analyzer.set().version > 0) check.set = analyzer.set();
    if (check.faults.size() == before) {
        try {
            const Core core{{}, std::make_shared<const Signatures>(std::move(analyzer))};
        } catch (const SettingsError& fault) {
            check.faults.emplace_back(fault.what());
        }
    }
    find_strangers(place, check.faults);
    return check;
}

}  // namespace linnet
