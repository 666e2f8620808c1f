#include "device_rules.hpp"

#include "analyzer/identify/text_parts.hpp"

#include <algorithm>
#include <optional>

namespace linnet {
namespace {

constexpr std::size_t longest_phrase = 4;  // words

bool ends_word(std::string_view text, std::size_t at) {
    return at >= text.size() || !((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= '0' && text[at] <= '9'));
}

/// Cut to whole characters of UTF-8.
std::string shortened(std::string_view text, std::size_t most) {
    if (text.size() <= most) return std::string{text};
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
    return std::string{text.substr(0, most)};
}

}  // namespace

std::string_view to_string(Aspect aspect) {
    static constexpr std::array<std::string_view, aspects.size()> names{"maker", "kind", "model", "os"};
    return names.at(static_cast<std::size_t>(aspect));
}

void DeviceRules::Table::add(const std::string& text, std::size_t rule) {
    rules[text].push_back(rule);
    longest = std::max(longest, text.size());
}

const std::vector<std::size_t>* DeviceRules::Table::find(std::string_view text) const {
    const auto found = rules.find(text);
    return found == rules.end() ? nullptr : &found->second;
}

const DeviceKind* DeviceRules::kind(std::string_view name) const {
    const auto found = std::find_if(kinds_.begin(), kinds_.end(), [name](const auto& kind) { return kind.name == name; });
    return found == kinds_.end() ? nullptr : &*found;
}

const FactField* DeviceRules::field(std::string_view name) const {
    const auto found = field_numbers_.find(name);
    return found == field_numbers_.end() ? nullptr : &fields_[found->second];
}

const DeviceMaker* DeviceRules::maker(std::string_view name) const {
    const auto found = makers_.find(name);
    return found == makers_.end() ? nullptr : &found->second;
}

const DeviceMaker* DeviceRules::registered(std::string_view organisation) const {
    const std::string name = in_small_letters(organisation);
    for (auto next = registered_.upper_bound(name); next != registered_.begin();) {
        --next;
        if (name.starts_with(next->first) && ends_word(name, next->first.size())) return maker(next->second);
        if (next->first.substr(0, 1) != name.substr(0, 1)) break;
    }
    return nullptr;
}

/// One fact on its way through the tables.
struct DeviceRules::Matching {
    const DeviceRules& rules;
    std::size_t field;
    std::string_view value;
    const MacAddress& mac;
    std::vector<Clue> found{};

    void run() {
        const std::string text = in_small_letters(value);
        const std::string_view small = text;
        take(rules.always_, value);
        take(rules.exact_.find(small), value);
        for (std::size_t n = 1; n <= std::min(small.size(), rules.starts_.longest); ++n)
            take(rules.starts_.find(small.substr(0, n)), value);
        for (std::size_t n = 1; n <= std::min(small.size(), rules.ends_.longest); ++n)
            take(rules.ends_.find(small.substr(small.size() - n)), value);
        look_for_domains(small);
        look_for_words();
        look_for_pieces();
    }

    void look_for_domains(std::string_view name) {
        while (!name.empty()) {
            take(rules.domains_.find(name), value);
            const auto dot = name.find('.');
            name.remove_prefix(dot == std::string_view::npos ? name.size() : dot + 1);
        }
    }

    void look_for_words() {
        const auto words = words_of(value);
        for (std::size_t i = 0; i < words.size(); ++i) {
            std::string phrase;
            for (std::size_t n = 0; n < longest_phrase && i + n < words.size(); ++n) {
                phrase += (n == 0 ? "" : " ") + words[i + n];
                take(rules.words_.find(phrase), value);
            }
        }
    }

    /// A piece is the number of a model where a digit follows the maker's beginning.
    void look_for_pieces() {
        for (const auto piece : pieces_of(value)) {
            const std::string text = in_small_letters(piece);
            const std::string_view small = text;
            for (std::size_t n = 1; n < std::min(small.size(), rules.pieces_.longest + 1); ++n)
                if (small.find_first_of("0123456789", n) != std::string_view::npos)
                    take(rules.pieces_.find(small.substr(0, n)), piece);
        }
    }

    void take(const std::vector<std::size_t>* numbers, std::string_view matched) {
        if (numbers != nullptr) take(*numbers, matched);
    }

    void take(const std::vector<std::size_t>& numbers, std::string_view matched) {
        for (const auto number : numbers) {
            const Rule& rule = rules.rules_[number];
            if (!rule.fields.test(field)) continue;
            const int weight = std::max(rule.weight * rules.fields_[field].trust / 100, 1);
            const bool system = !rule.gives.at(static_cast<std::size_t>(Aspect::os)).empty();
            for (const auto aspect : aspects)
                if (auto meant = given(rule, aspect, matched); !meant.empty())
                    found.push_back({aspect, std::move(meant), weight, system, rule.of});
        }
    }

    [[nodiscard]] std::string given(const Rule& rule, Aspect aspect, std::string_view matched) const {
        const std::string& gives = rule.gives.at(static_cast<std::size_t>(aspect));
        if (gives != "*") return gives;
        if (!rule.model_to.empty()) {
            const auto end = value.find(rule.model_to);
            const auto start = value.substr(0, end).rfind(rule.model_from);
            if (end == std::string_view::npos || start == std::string_view::npos) return {};
            matched = value.substr(start + rule.model_from.size(), end - start - rule.model_from.size());
        }
        const auto text = without_address(matched, mac);
        if (text.size() < 2 || rules.empty_words_.contains(in_small_letters(text))) return {};
        return aspect == Aspect::maker ? maker_called(text) : shortened(text, max_model);
    }

    [[nodiscard]] std::string maker_called(std::string_view text) const {
        const auto words = words_of(text);
        for (std::size_t i = 0; i < words.size(); ++i) {
            std::string phrase;
            for (std::size_t n = 0; n < longest_phrase && i + n < words.size(); ++n) {
                phrase += (n == 0 ? "" : " ") + words[i + n];
                if (const auto known = rules.makers_by_word_.find(phrase); known != rules.makers_by_word_.end())
                    return known->second;
            }
        }
        if (const auto* known = rules.registered(text)) return known->parts ? std::string{} : known->name;
        return shortened(short_name(text), max_model);
    }
};

std::vector<Clue> DeviceRules::judge(const Fact& fact, const MacAddress& mac) const {
    const auto field = field_numbers_.find(fact.field);
    if (field == field_numbers_.end() || fact.value.empty()) return {};
    Matching matching{*this, field->second, fact.value, mac};
    matching.run();
    return std::move(matching.found);
}

}  // namespace linnet
