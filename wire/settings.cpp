#include "settings.hpp"

#include "toml_text.hpp"

#include <set>

namespace linnet {

struct Settings::Impl {
    std::string file;
    toml::table section;
    std::set<std::string> asked;

    [[noreturn]] void refuse(const toml::source_region& at, const std::string& reason) const {
        linnet::refuse(file, at, reason);
    }
    [[noreturn]] void refuse(const std::string& key, const std::string& reason) const {
        const auto* node = section.get(key);
        refuse(node == nullptr ? section.source() : node->source(), key + ": " + reason);
    }

    const toml::node* find(const std::string& key) {
        asked.insert(key);
        return section.get(key);
    }

    /// The value of `key`, or nothing where it is absent; a value of another type is refused.
    template <class Value>
    std::optional<Value> value(const std::string& key, const char* type) {
        const auto* node = find(key);
        if (node == nullptr) return std::nullopt;
        auto value = node->value_exact<Value>();
        if (!value) refuse(key, std::string{"must be "} + type);
        return value;
    }
};

Settings::Settings() : impl_{std::make_unique<Impl>()} {}
Settings::~Settings() = default;
Settings::Settings(Settings&&) noexcept = default;
Settings& Settings::operator=(Settings&&) noexcept = default;

Settings::Settings(const std::filesystem::path& file, const std::string& section) : Settings{} {
    impl_->file = file.string();
    auto whole = read_toml(impl_->file);
    for (const auto& [key, node] : whole)
        if (!node.is_table()) impl_->refuse(node.source(), std::string{key.str()} + ": belongs into a [section]");
    if (auto* table = whole[section].as_table()) impl_->section = std::move(*table);
}

std::string Settings::text(const std::string& key, std::string fallback) {
    return impl_->value<std::string>(key, "text in quotation marks").value_or(std::move(fallback));
}

std::int64_t Settings::integer(const std::string& key, std::int64_t fallback, std::int64_t least, std::int64_t most) {
    const auto value = impl_->value<std::int64_t>(key, "a whole number");
    if (value && (*value < least || *value > most))
        impl_->refuse(key, "must be between " + std::to_string(least) + " and " + std::to_string(most));
    return value.value_or(fallback);
}

bool Settings::flag(const std::string& key, bool fallback) {
    return impl_->value<bool>(key, "true or false").value_or(fallback);
}

std::vector<std::string> Settings::list(const std::string& key, std::vector<std::string> fallback) {
    const auto* node = impl_->find(key);
    if (node == nullptr) return fallback;
    if (!node->is_array()) impl_->refuse(key, "must be a list of texts: [\"…\", \"…\"]");
    std::vector<std::string> items;
    for (const auto& item : *node->as_array()) {
        const auto text = item.value_exact<std::string>();
        if (!text) impl_->refuse(item.source(), key + ": every item must be text in quotation marks");
        items.push_back(*text);
    }
    return items;
}

std::vector<std::pair<std::string, Settings>> Settings::sections() {
    std::vector<std::pair<std::string, Settings>> found;
    for (auto&& [key, node] : impl_->section) {
        auto* table = node.as_table();
        if (table == nullptr) continue;
        impl_->asked.insert(std::string{key.str()});
        Settings inner;
        inner.impl_->file = impl_->file;
        inner.impl_->section = std::move(*table);  // a copy would not know its lines
        found.emplace_back(std::string{key.str()}, std::move(inner));
    }
    return found;
}

std::vector<std::string> Settings::text_or_list(const std::string& key, std::vector<std::string> fallback) {
    const auto* node = impl_->find(key);
    if (node != nullptr && node->is_string()) return {text(key, "")};
    return list(key, std::move(fallback));
}

void Settings::refuse(const std::string& key, const std::string& reason) const { impl_->refuse(key, reason); }

void Settings::finish() const {
    for (const auto& [key, node] : impl_->section)
        if (!impl_->asked.contains(std::string{key.str()}))
            impl_->refuse(node.source(), std::string{key.str()} + ": there is no such setting");
}

}  // namespace linnet
