#include "signature_list.hpp"

#include "text_file.hpp"
#include "toml_text.hpp"

#include <limits>
#include <utility>

namespace linnet {
namespace {

constexpr std::size_t max_list = 16;

[[noreturn]] void refuse_at(const std::string& file, std::uint32_t line, const std::string& reason) {
    refuse(file, {{line, 1}, {line, 1}, nullptr}, reason);
}

/// The texts of one value: itself, or the elements of a list.
std::vector<std::string> texts_of(const toml::node& value, const std::string& key, const std::string& file,
                                  std::size_t max_text) {
    std::vector<std::string> texts;
    const auto add = [&](const toml::node& node) {
        const auto line = node.source().begin.line;
        if (!node.is_string()) refuse_at(file, line, "\"" + key + "\" must be text in quotes");
        if (node.as_string()->get().empty()) refuse_at(file, line, "\"" + key + "\" is empty");
        if (node.as_string()->get().size() > max_text)
            refuse_at(file, line, "\"" + key + "\" is longer than " + std::to_string(max_text) + " bytes");
        texts.push_back(node.as_string()->get());
    };
    if (const auto* list = value.as_array()) {
        if (list->empty() || list->size() > max_list)
            refuse_at(file, value.source().begin.line,
                      "\"" + key + "\" must have 1 to " + std::to_string(max_list) + " texts");
        for (const auto& node : *list) add(node);
    } else {
        add(value);
    }
    return texts;
}

std::uint16_t number_of(const toml::table& table, const std::string& file) {
    const auto* node = table.get("number");
    if (node == nullptr) refuse_at(file, table.source().begin.line, "\"number\" is missing");
    const auto number = node->value_exact<std::int64_t>();
    if (!number || *number < 1 || *number > std::numeric_limits<std::uint16_t>::max())
        refuse_at(file, node->source().begin.line, "\"number\" must be a whole number from 1 to 65535");
    return static_cast<std::uint16_t>(*number);
}

}  // namespace

std::vector<SignatureEntry> read_signature_list(const std::filesystem::path& file, const SignatureListLimits& limits) {
    const std::string name = file.string();
    const toml::table root = parse_toml(read_text_file(file, limits.max_bytes), name);
    for (const auto& [key, value] : root)
        if (key != "entry") refuse_at(name, key.source().begin.line, "unknown key \"" + std::string{key.str()} + "\"");
    const toml::node* list = root.get("entry");
    if (list == nullptr || !list->is_array_of_tables()) refuse_at(name, 1, "there is no list \"entry\"");
    if (list->as_array()->size() > limits.max_entries)
        refuse_at(name, list->source().begin.line, "has more than " + std::to_string(limits.max_entries) + " entries");
    std::vector<SignatureEntry> entries;
    std::set<std::uint16_t> taken;
    for (const auto& node : *list->as_array()) {
        const toml::table& table = *node.as_table();
        SignatureEntry entry;
        entry.file_ = name;
        entry.line_ = table.source().begin.line;
        entry.number_ = number_of(table, name);
        if (!taken.insert(entry.number_).second)
            refuse_at(name, entry.line_, "number " + std::to_string(entry.number_) + " is taken");
        for (const auto& [key, value] : table) {
            const std::string text{key.str()};
            if (text == "number") continue;
            auto& into = entry.values_[text];
            into.line = value.source().begin.line;
            into.is_list = value.is_array();
            into.number = value.value_exact<std::int64_t>();
            if (!into.number) into.texts = texts_of(value, text, name, limits.max_text);
        }
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::optional<std::string> SignatureEntry::optional_text(const std::string& key) {
    asked_.insert(key);
    const auto found = values_.find(key);
    if (found == values_.end()) return std::nullopt;
    if (found->second.number) refuse(key, "must be text in quotes");
    if (found->second.is_list) refuse(key, "must be one text");
    return found->second.texts.front();
}

std::string SignatureEntry::text(const std::string& key) {
    auto value = optional_text(key);
    if (!value) refuse(key, "is missing");
    return *std::move(value);
}

std::vector<std::string> SignatureEntry::optional_texts(const std::string& key) {
    asked_.insert(key);
    const auto found = values_.find(key);
    if (found == values_.end()) return {};
    if (found->second.number) refuse(key, "must be text in quotes");
    return found->second.texts;
}

std::vector<std::string> SignatureEntry::texts(const std::string& key) {
    auto values = optional_texts(key);
    if (values.empty()) refuse(key, "is missing");
    return values;
}

std::optional<std::uint16_t> SignatureEntry::optional_port(const std::string& key) {
    asked_.insert(key);
    const auto found = values_.find(key);
    if (found == values_.end()) return std::nullopt;
    const auto number = found->second.number.value_or(0);
    if (number < 1 || number > std::numeric_limits<std::uint16_t>::max())
        refuse(key, "must be a port: a whole number from 1 to 65535");
    return static_cast<std::uint16_t>(number);
}

void SignatureEntry::refuse(const std::string& key, const std::string& reason) const {
    const auto found = values_.find(key);
    refuse_at(file_, found == values_.end() ? line_ : found->second.line, "\"" + key + "\" " + reason);
}

void SignatureEntry::finish() const {
    for (const auto& [key, value] : values_)
        if (!asked_.contains(key)) refuse_at(file_, value.line, "unknown key \"" + key + "\"");
}

}  // namespace linnet
