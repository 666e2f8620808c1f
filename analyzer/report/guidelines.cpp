#include "guidelines.hpp"

#include "wire/settings.hpp"
#include "wire/text_file.hpp"
#include "wire/toml_text.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace linnet {
namespace {

/// One table of guidelines.toml, its keys taken out one by one.
class Entry {
 public:
    Entry(const std::string& file, std::string path, const toml::table& table)
        : file_{file}, path_{std::move(path)}, table_{table} {}

    [[nodiscard]] bool has(const char* key) const { return table_.contains(key); }

    std::int64_t integer(const char* key, std::int64_t least, std::int64_t most) {
        const auto& node = take(key);
        const auto value = node.value_exact<std::int64_t>();
        if (!value || *value < least || *value > most)
            refuse(node, key, "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return *value;
    }

    std::string text(const char* key) {
        const auto& node = take(key);
        return text_of(node, key);
    }

    std::vector<std::string> texts(const char* key, std::size_t most) {
        const auto& node = take(key);
        const auto* list = node.as_array();
        if (list == nullptr || list->empty() || list->size() > most)
            refuse(node, key, "must be a list of 1 to " + std::to_string(most) + " texts");
        std::vector<std::string> values;
        for (const auto& element : *list) values.push_back(text_of(element, key));
        return values;
    }

    std::vector<Provision> provisions(const char* key, std::size_t most) {
        std::vector<Provision> list;
        for (const auto& name : texts(key, most)) {
            const auto provision = Provision::parse(name);
            if (!provision) refuse(take(key), key, "must name provisions such as \"5.1-2\"");
            list.push_back(*provision);
        }
        return list;
    }

    [[noreturn]] void refuse(const toml::node& at, const std::string& key, const std::string& reason) const {
        linnet::refuse(file_, at.source(), path_ + "." + key + " " + reason);
    }
    [[noreturn]] void refuse(const char* key, const std::string& reason) const { refuse(*table_.get(key), key, reason); }

    void finish() const {
        for (const auto& [key, node] : table_)
            if (!asked_.contains(std::string{key.str()})) refuse(node, std::string{key.str()}, "is not known");
    }

 private:
    const toml::node& take(const char* key) {
        asked_.insert(key);
        const auto* node = table_.get(key);
        if (node == nullptr) linnet::refuse(file_, table_.source(), path_ + "." + key + " is missing");
        return *node;
    }

    [[nodiscard]] std::string text_of(const toml::node& node, const char* key) const {
        constexpr std::size_t longest = 400;
        auto value = node.value_exact<std::string>();
        if (!value || value->empty() || value->size() > longest)
            refuse(node, key, "must be text of at most " + std::to_string(longest) + " bytes");
        return *value;
    }

    const std::string& file_;
    std::string path_;
    const toml::table& table_;
    std::set<std::string> asked_;
};

GuidelineWords read_words(Entry entry, int expected) {
    GuidelineWords words;
    words.number = static_cast<int>(entry.integer("number", 1, guideline_count));
    if (words.number != expected) entry.refuse("number", "must be " + std::to_string(expected) + ": they stand in order");
    words.title = entry.text("title");
    words.asks = entry.text("asks");
    words.unseen = entry.text("unseen");
    const auto range = entry.provisions("provisions", 2);
    if (range.size() != 2 || range[0].guideline != expected || range[1].guideline != expected)
        entry.refuse("provisions", "must be the first and the last of the guideline");
    words.provisions = {range[0].name, range[1].name};
    if (entry.has("duty")) words.duty = entry.text("duty");
    entry.finish();
    return words;
}

EvidenceRule read_rule(Entry entry, std::uint32_t line) {
    constexpr std::size_t most_provisions = 16;
    EvidenceRule rule;
    rule.line = line;
    rule.detector = entry.text("detector");
    if (entry.has("role")) {
        const auto role = entry.text("role");
        if (role != "client" && role != "server") entry.refuse("role", "must be \"client\" or \"server\"");
        rule.role = role == "client" ? Role::client : Role::server;
    }
    if (entry.has("outcome")) {
        const auto outcome = entry.text("outcome");
        if (outcome != "success" && outcome != "failure") entry.refuse("outcome", "must be \"success\" or \"failure\"");
        rule.outcome = outcome == "success" ? Outcome::success : Outcome::failure;
    }
    if (entry.has("least")) rule.least = static_cast<std::uint64_t>(entry.integer("least", 1, 1'000'000'000));
    if (entry.has("without")) rule.without = entry.text("without");
    rule.refutes = entry.provisions("refutes", most_provisions);
    entry.finish();
    return rule;
}

/// The tables of [[name]]; none of anything else.
std::vector<const toml::table*> tables_of(const std::string& file, const toml::table& root, const char* name) {
    std::vector<const toml::table*> tables;
    const auto* node = root.get(name);
    if (node == nullptr) refuse(file, root.source(), "[[" + std::string{name} + "]] is missing");
    const auto* list = node->as_array();
    if (list == nullptr) refuse(file, node->source(), std::string{name} + " must be written as [[" + name + "]]");
    for (const auto& element : *list) {
        if (!element.is_table()) refuse(file, element.source(), std::string{name} + " must be written as [[" + name + "]]");
        tables.push_back(element.as_table());
    }
    return tables;
}

}  // namespace

std::optional<Provision> Provision::parse(std::string_view name) {
    const auto dash = name.find('-');
    if (!name.starts_with("5.") || dash == std::string_view::npos || name.size() > 8) return std::nullopt;
    const auto number = [](std::string_view digits) {
        int value = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        const bool whole = read.ec == std::errc{} && read.ptr == digits.data() + digits.size();
        return whole && digits.front() != '0' ? value : 0;
    };
    const int guideline = number(name.substr(2, dash - 2)), item = number(name.substr(dash + 1));
    if (guideline < 1 || guideline > guideline_count || item < 1 || item > 99) return std::nullopt;
    return Provision{guideline, std::string{name}};
}

Guidelines Guidelines::read(const std::filesystem::path& file) { return parse(read_text_file(file), file.string()); }

Guidelines Guidelines::parse(std::string_view text, const std::string& name) {
    const toml::table root = parse_toml(text, name);
    Guidelines guidelines;
    guidelines.file_ = name;
    for (const auto* table : tables_of(name, root, "guideline")) {
        const auto next = static_cast<int>(guidelines.words_.size()) + 1;
        if (next > guideline_count) refuse(name, table->source(), "there are 13 guidelines and no more");
        guidelines.words_.push_back(read_words({name, "guideline", *table}, next));
    }
    if (guidelines.words_.size() != std::size_t{guideline_count}) refuse(name, root.source(), "13 guidelines are wanted");
    for (const auto* table : tables_of(name, root, "evidence")) {
        if (guidelines.rules_.size() == max_rules) refuse(name, table->source(), "too many [[evidence]]");
        guidelines.rules_.push_back(read_rule({name, "evidence", *table}, table->source().begin.line));
    }
    const auto* updates = root["updates"].as_table();
    if (updates == nullptr) refuse(name, root.source(), "[updates] is missing");
    Entry entry{name, "updates", *updates};
    for (auto& word : entry.texts("words", 64)) guidelines.update_words_.insert(std::move(word));
    entry.finish();
    for (const auto& [key, node] : root)
        if (key != "guideline" && key != "evidence" && key != "updates")
            refuse(name, node.source(), std::string{key.str()} + " is not known");
    return guidelines;
}

bool Guidelines::names_updates(std::string_view host) const {
    std::string word;
    for (const char c : host) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            continue;
        }
        if (update_words_.contains(word)) return true;
        word.clear();
    }
    return update_words_.contains(word);
}

void Guidelines::check_detectors(const std::set<std::string>& known) const {
    for (const auto& rule : rules_)
        if (!known.contains(rule.detector))
            throw SettingsError{file_ + ":" + std::to_string(rule.line) + ": no detector is called " + rule.detector};
}

}  // namespace linnet
