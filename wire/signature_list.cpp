#include "signature_list.hpp"

#include "text_file.hpp"
#include "toml_text.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace linnet {
namespace {

[[noreturn]] void refuse_at(const std::string& file, std::uint32_t line, const std::string& reason) {
    refuse(file, {{line, 1}, {line, 1}, nullptr}, reason);
}

/// The texts of one value: itself, or the elements of a list.
std::vector<std::string> texts_of(const toml::node& value, const std::string& key, const std::string& file,
                                  const SignatureListLimits& limits) {
    std::vector<std::string> texts;
    const auto add = [&](const toml::node& node) {
        const auto line = node.source().begin.line;
        if (!node.is_string()) refuse_at(file, line, "\"" + key + "\" must be text in quotes");
        if (node.as_string()->get().empty()) refuse_at(file, line, "\"" + key + "\" is empty");
        if (node.as_string()->get().size() > limits.max_text)
            refuse_at(file, line, "\"" + key + "\" is longer than " + std::to_string(limits.max_text) + " bytes");
        texts.push_back(node.as_string()->get());
    };
    if (const auto* list = value.as_array()) {
        if (list->empty() || list->size() > limits.max_list)
            refuse_at(file, value.source().begin.line,
                      "\"" + key + "\" must have 1 to " + std::to_string(limits.max_list) + " texts");
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

/// Makes entries of the tables of a file.
class SignatureEntryReader {
 public:
    SignatureEntryReader(const std::filesystem::path& file, const SignatureListLimits& limits)
        : SignatureEntryReader{read_text_file(file, limits.max_bytes), file, limits} {}
    SignatureEntryReader(std::string_view text, const std::filesystem::path& file, const SignatureListLimits& limits)
        : name_{file.string()}, limits_{limits}, root_{parse_toml(text, name_)} {}

    void refuse_keys_but(std::span<const std::string_view> names) const {
        for (const auto& [key, value] : root_)
            if (std::find(names.begin(), names.end(), key.str()) == names.end())
                refuse_at(name_, key.source().begin.line, "unknown key \"" + std::string{key.str()} + "\"");
    }

    [[nodiscard]] bool has(std::string_view list) const { return root_.contains(list); }

    [[nodiscard]] std::vector<SignatureEntry> list(std::string_view called, bool numbered) const {
        const toml::node* list = root_.get(called);
        if (list == nullptr || !list->is_array_of_tables())
            refuse_at(name_, 1, "there is no list \"" + std::string{called} + "\"");
        if (list->as_array()->size() > limits_.max_entries)
            refuse_at(name_, list->source().begin.line, "has more than " + std::to_string(limits_.max_entries) + " entries");
        std::vector<SignatureEntry> entries;
        entries.reserve(list->as_array()->size());
        std::set<std::uint16_t> taken;
        for (const auto& node : *list->as_array()) {
            auto& entry = entries.emplace_back(entry_of(*node.as_table(), numbered));
            if (numbered && !taken.insert(entry.number_).second)
                refuse_at(name_, entry.line_, "number " + std::to_string(entry.number_) + " is taken");
        }
        return entries;
    }

 private:
    [[nodiscard]] SignatureEntry entry_of(const toml::table& table, bool numbered) const {
        SignatureEntry entry;
        entry.file_ = name_;
        entry.line_ = table.source().begin.line;
        if (numbered) entry.number_ = number_of(table, name_);
        for (const auto& [key, value] : table) {
            const std::string text{key.str()};
            if (numbered && text == "number") continue;
            auto& kept = entry.values_[text];
            kept.line = value.source().begin.line;
            kept.is_list = value.is_array();
            kept.number = value.value_exact<std::int64_t>();
            if (!kept.number) kept.texts = texts_of(value, text, name_, limits_);
        }
        return entry;
    }

    std::string name_;
    SignatureListLimits limits_;
    toml::table root_;
};

std::vector<SignatureEntry> read_signature_list(const std::filesystem::path& file, const SignatureListLimits& limits) {
    return parse_signature_list(read_text_file(file, limits.max_bytes), file, limits);
}

std::vector<SignatureEntry> parse_signature_list(std::string_view text, const std::filesystem::path& file,
                                                 const SignatureListLimits& limits) {
    static constexpr std::string_view entry = "entry";
    const SignatureEntryReader reader{text, file, limits};
    reader.refuse_keys_but({&entry, 1});
    return reader.list(entry, true);
}

std::map<std::string, std::vector<SignatureEntry>, std::less<>> read_signature_lists(const std::filesystem::path& file,
                                                                                     std::span<const std::string_view> names,
                                                                                     const SignatureListLimits& limits) {
    const SignatureEntryReader reader{file, limits};
    reader.refuse_keys_but(names);
    std::map<std::string, std::vector<SignatureEntry>, std::less<>> lists;
    for (const auto name : names)
        lists[std::string{name}] = reader.has(name) ? reader.list(name, false) : std::vector<SignatureEntry>{};
    return lists;
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

std::int64_t SignatureEntry::integer(const std::string& key, std::int64_t fallback, std::int64_t least, std::int64_t most) {
    asked_.insert(key);
    const auto found = values_.find(key);
    if (found == values_.end()) return fallback;
    const auto number = found->second.number;
    if (!number || *number < least || *number > most)
        refuse(key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return *number;
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
