// The manifest of a home in a file, and what may be in one.
#include "home_archive.hpp"

#include "wire/json_fields.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace linnet {
namespace {

struct Known {
    std::string_view name;
    std::uint64_t longest;
    bool secret;
};

constexpr std::array known{
    Known{"linnet.db", 16ULL << 30, true},
    Known{"linnet.toml", 1ULL << 20, false},
    Known{"peers.json", 4ULL << 20, true},
    Known{"analyzer.key", 4ULL << 10, true},
};
constexpr std::string_view secrets = "secrets/";
constexpr std::uint64_t longest_secret = 64ULL << 10;

/// A plain file name that no program takes for anything else.
bool is_plain_name(std::string_view name) {
    constexpr std::size_t longest = 64;
    return !name.empty() && name.size() <= longest && name.front() != '.' && name.front() != '-' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                      c == '-';
           });
}

const Known* find_known(std::string_view name) {
    const auto* found = std::find_if(known.begin(), known.end(), [name](const Known& each) { return each.name == name; });
    return found == known.end() ? nullptr : found;
}

bool is_secret_name(std::string_view name) {
    return name.starts_with(secrets) && is_plain_name(name.substr(secrets.size()));
}

bool is_sum(std::string_view text) {
    return text.size() == 64 &&
           std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

HomeFile file_of(const Json& entry) {
    HomeFile file;
    entry.at("name").get_to(file.name);
    if (!entry.at("bytes").is_number_unsigned()) refuse_value("bytes");
    entry.at("bytes").get_to(file.bytes);
    entry.at("sha256").get_to(file.sha256);
    if (longest_in_home(file.name) == 0 || file.bytes > longest_in_home(file.name)) refuse_value("name or bytes");
    if (!is_sum(file.sha256)) refuse_value("sha256");
    return file;
}

}  // namespace

std::uint64_t longest_in_home(std::string_view name) {
    if (const Known* found = find_known(name)) return found->longest;
    return is_secret_name(name) ? longest_secret : 0;
}

bool is_secret_in_home(std::string_view name) {
    const Known* found = find_known(name);
    return found == nullptr || found->secret;
}

Json to_json(const HomeManifest& manifest) {
    Json files = Json::array();
    for (const auto& file : manifest.files)
        files.push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
    return {{"linnet_export", HomeManifest::schema},
            {"version", manifest.version},
            {"made", to_string(manifest.made)},
            {"files", std::move(files)}};
}

HomeManifest parse_home_manifest(std::string_view text) {
    constexpr int max_depth = 3;
    const auto shallow = [](int depth, Json::parse_event_t, const Json&) { return depth <= max_depth; };
    try {
        const Json json = Json::parse(text, shallow, false);
        if (!json.is_object() || !json.contains("linnet_export")) throw ArchiveError{"This is no file of `linnet export`."};
        if (json.at("linnet_export") != HomeManifest::schema)
            throw ArchiveError{"A newer Linnet wrote this file. Install that Linnet here first."};
        HomeManifest manifest;
        json.at("version").get_to(manifest.version);
        read(json, "made", manifest.made, parse_timestamp);
        std::set<std::string> names;
        for (const Json& entry : json.at("files")) {
            manifest.files.push_back(file_of(entry));
            if (manifest.files.size() > HomeManifest::max_files || !names.insert(manifest.files.back().name).second)
                refuse_value("files");
        }
        return manifest;
    } catch (const Json::exception&) {
        throw ArchiveError{"This file's list of what is in it makes no sense."};
    } catch (const std::invalid_argument&) {
        throw ArchiveError{"This file's list of what is in it makes no sense."};
    }
}

}  // namespace linnet
