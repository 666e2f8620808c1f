// devices.toml: five lists (kind, field, maker, noise, rule), each entry read strictly; what a rule names must exist.
#include "analyzer/identify/device_rules.hpp"
#include "analyzer/identify/text_parts.hpp"
#include "wire/signature_list.hpp"

#include <algorithm>

namespace linnet {
namespace {

constexpr int usual_weight = 70, weight_of_words = 85, weight_of_domains = 65;
constexpr std::size_t max_pattern = 64;
constexpr SignatureListLimits limits{.max_entries = 8192, .max_list = 128};

std::string phrase_of(const std::string& text) {
    std::string phrase;
    for (const auto& word : words_of(text)) phrase += (phrase.empty() ? "" : " ") + word;
    return phrase;
}

int weight_in(SignatureEntry& entry, int usual) { return static_cast<int>(entry.integer("weight", usual, 1, 99)); }

}  // namespace

struct DeviceRules::Reader {
    DeviceRules& into;

    void kind(SignatureEntry& entry) {
        DeviceKind kind{.name = entry.text("name"), .words = entry.text("words")};
        const auto use = entry.optional_text("use");
        kind.general = use == "general";
        kind.forwards = use == "forwards";
        if (use && !kind.general && !kind.forwards) entry.refuse("use", "must be \"general\" or \"forwards\"");
        if (into.kind(kind.name) != nullptr) entry.refuse("name", "is there twice");
        into.kinds_.push_back(std::move(kind));
    }

    void field(SignatureEntry& entry) {
        FactField field{.name = entry.text("name"), .words = entry.text("words")};
        field.trust = static_cast<int>(entry.integer("trust", field.trust, 1, 100));
        if (const auto use = entry.optional_text("use")) {
            field.asked = *use == "asked";
            field.friendly = *use == "friendly";
            if (!field.asked && !field.friendly) entry.refuse("use", "must be \"asked\" or \"friendly\"");
        }
        if (field.words.find("{}") == std::string::npos) entry.refuse("words", "has no {} for the value");
        const std::size_t number = into.fields_.size();
        if (number == max_fields) entry.refuse("name", "is one field too many");
        if (field.name.find('.') == std::string::npos) entry.refuse("name", "must be like \"source.key\"");
        if (!into.field_numbers_.emplace(field.name, number).second) entry.refuse("name", "is there twice");
        into.groups_[field.name].set(number);
        for (const auto& group : entry.optional_texts("groups")) {
            if (group.find('.') != std::string::npos) entry.refuse("groups", "must be names without a dot");
            into.groups_[group].set(number);
        }
        into.fields_.push_back(std::move(field));
    }

    void maker(SignatureEntry& entry) {
        DeviceMaker maker{.name = entry.text("name")};
        if (const auto makes = entry.optional_text("makes")) {
            maker.parts = *makes == "parts";
            if (!maker.parts) entry.refuse("makes", "can only be \"parts\"");
        }
        maker.kind = entry.optional_text("kind").value_or("");
        maker.weight = weight_in(entry, 60);
        if (!maker.kind.empty() && into.kind(maker.kind) == nullptr) entry.refuse("kind", "is no kind");
        for (const auto& text : entry.optional_texts("registered"))
            if (!into.registered_.emplace(in_small_letters(text), maker.name).second)
                entry.refuse("registered", "has \"" + text + "\", which another maker has");
        for (const auto& text : entry.optional_texts("words")) {
            if (!into.makers_by_word_.emplace(phrase_of(text), maker.name).second)
                entry.refuse("words", "has \"" + text + "\", which another maker has");
            into.words_.add(phrase_of(text), plain_rule(entry, "said", maker.name, weight_of_words));
        }
        for (const auto& text : entry.optional_texts("domains"))
            into.domains_.add(in_small_letters(text), plain_rule(entry, "asked", maker.name, weight_of_domains));
        const std::string name = maker.name;
        if (!into.makers_.emplace(name, std::move(maker)).second) entry.refuse("name", "is there twice");
    }

    std::size_t plain_rule(SignatureEntry& entry, const std::string& group, const std::string& maker, int weight) {
        Rule rule;
        rule.fields = fields(entry, {group});
        rule.weight = weight;
        rule.gives[static_cast<std::size_t>(Aspect::maker)] = maker;
        into.rules_.push_back(std::move(rule));
        return into.rules_.size() - 1;
    }

    void noise(SignatureEntry& entry) {
        for (const auto& text : entry.texts("texts")) into.empty_words_.emplace(in_small_letters(text), true);
    }

    void rule(SignatureEntry& entry) {
        Rule rule;
        rule.weight = weight_in(entry, usual_weight);
        for (const auto aspect : aspects)
            rule.gives.at(static_cast<std::size_t>(aspect)) =
                entry.optional_text(std::string{to_string(aspect)}).value_or("");
        check_gives(entry, rule);
        rule.of = entry.optional_text("of").value_or("");
        if (!rule.of.empty() && into.maker(rule.of) == nullptr) entry.refuse("of", "is no maker of the list");
        if (const auto between = entry.optional_texts("between"); !between.empty()) {
            if (between.size() != 2) entry.refuse("between", "must be two texts");
            rule.model_from = between[0];
            rule.model_to = between[1];
        }
        auto where = entry.optional_texts("in");
        const bool has_domain = !entry.optional_texts("domain").empty();
        if (where.empty()) where = {has_domain ? "asked" : "said"};
        rule.fields = fields(entry, where);
        const std::size_t number = into.rules_.size();
        into.rules_.push_back(std::move(rule));
        add_patterns(entry, number);
    }

    void check_gives(SignatureEntry& entry, const Rule& rule) const {
        const auto of = [&rule](Aspect aspect) -> const std::string& {
            return rule.gives.at(static_cast<std::size_t>(aspect));
        };
        if (std::all_of(rule.gives.begin(), rule.gives.end(), [](const auto& text) { return text.empty(); }))
            entry.refuse("maker", "is missing, as are kind, model and os: the rule says nothing");
        if (!of(Aspect::kind).empty() && into.kind(of(Aspect::kind)) == nullptr) entry.refuse("kind", "is no kind");
        const auto& maker = of(Aspect::maker);
        if (!maker.empty() && maker != "*" && into.maker(maker) == nullptr) entry.refuse("maker", "is no maker of the list");
    }

    Fields fields(SignatureEntry& entry, const std::vector<std::string>& names) const {
        Fields all;
        for (const auto& name : names) {
            const auto found = into.groups_.find(name);
            if (found == into.groups_.end()) entry.refuse("in", "names no field or group: " + name);
            all |= found->second;
        }
        return all;
    }

    void add_patterns(SignatureEntry& entry, std::size_t number) {
        bool any = false;
        const auto add = [&](const char* key, const auto& put) {
            for (const auto& text : entry.optional_texts(key)) {
                if (text.size() > max_pattern) entry.refuse(key, "is longer than 64 bytes");
                put(in_small_letters(text));
                any = true;
            }
        };
        add("is", [&](const std::string& text) {
            if (text == "*")
                into.always_.push_back(number);
            else
                into.exact_.add(text, number);
        });
        add("starts", [&](const std::string& text) { into.starts_.add(text, number); });
        add("ends", [&](const std::string& text) { into.ends_.add(text, number); });
        add("word", [&](const std::string& text) { into.words_.add(phrase_of(text), number); });
        add("piece", [&](const std::string& text) { into.pieces_.add(text, number); });
        add("domain", [&](const std::string& text) { into.domains_.add(text, number); });
        if (!any) entry.refuse("is", "is missing, as are starts, ends, word, piece and domain");
    }
};

DeviceRules DeviceRules::read(const std::filesystem::path& file) {
    static constexpr std::array<std::string_view, 5> names{"kind", "field", "maker", "noise", "rule"};
    auto lists = read_signature_lists(file, names, limits);
    DeviceRules rules;
    Reader reader{rules};
    const auto each = [&lists](std::string_view list, const auto& take) {
        for (auto& entry : lists.find(list)->second) {
            take(entry);
            entry.finish();
        }
    };
    each(names[0], [&](SignatureEntry& entry) { reader.kind(entry); });
    each(names[1], [&](SignatureEntry& entry) { reader.field(entry); });
    each(names[2], [&](SignatureEntry& entry) { reader.maker(entry); });
    each(names[3], [&](SignatureEntry& entry) { reader.noise(entry); });
    each(names[4], [&](SignatureEntry& entry) { reader.rule(entry); });
    return rules;
}

}  // namespace linnet
