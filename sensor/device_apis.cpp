#include "device_apis.hpp"

#include "wire/signature_list.hpp"

#include <algorithm>

namespace linnet {
namespace {

/// Takes the part before the next '/' off.
std::string_view take_part(std::string_view& path) {
    const auto part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    return part;
}

bool path_fits(std::string_view pattern, std::string_view path) {
    const bool open_end = pattern.ends_with('/');
    while (!pattern.empty()) {
        if (path.empty()) return false;
        const auto wanted = take_part(pattern), part = take_part(path);
        if (wanted == "*" ? part.empty() : wanted != part) return false;
    }
    return open_end ? !path.empty() : path.empty();
}

/// "name=value", at the beginning or behind a '&'.
bool query_has(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        const auto field = query.substr(0, query.find('&'));
        if (field.starts_with(name) && field.substr(name.size()).starts_with('=')) return true;
        query.remove_prefix(std::min(field.size() + 1, query.size()));
    }
    return false;
}

bool method_fits(std::string_view wanted, std::string_view method) {
    return wanted.empty() ? method == "GET" || method == "POST" || method == "PUT" : method == wanted;
}

}  // namespace

DeviceApis DeviceApis::read(const std::filesystem::path& file) { return parse(read_text_file(file), file); }

DeviceApis DeviceApis::parse(std::string_view text, const std::filesystem::path& file) {
    DeviceApis apis;
    for (auto& entry : parse_signature_list(text, file)) {
        DeviceApi api{.number = entry.number(),
                      .device = entry.text("device"),
                      .method = entry.optional_text("method").value_or(""),
                      .path = entry.text("path"),
                      .query = entry.optional_text("query").value_or("")};
        if (!api.path.starts_with('/')) entry.refuse("path", "must begin with a slash");
        entry.finish();
        apis.entries_.push_back(std::move(api));
    }
    return apis;
}

const DeviceApi* DeviceApis::match(std::string_view method, std::string_view path, std::string_view query) const {
    const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const DeviceApi& api) {
        return method_fits(api.method, method) && path_fits(api.path, path) &&
               (api.query.empty() || query_has(query, api.query));
    });
    return entry == entries_.end() ? nullptr : &*entry;
}

}  // namespace linnet
