#include "inference.hpp"

#include "analyzer/identify/text_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace linnet {
namespace {

constexpr int weight_of_maker_block = 80, weight_of_unknown_block = 55;
constexpr int most_certain = 99;
constexpr std::size_t most_clauses = 3, longest_quote = 60;

/// 00:00:00 was Xerox's first block; who writes an address by hand begins so too.
bool is_made_up(const MacAddress& mac) { return mac.bytes[0] == 0 && mac.bytes[1] == 0 && mac.bytes[2] == 0; }

/// One thing that speaks for something.
struct Witness {
    Clue clue;
    std::string_view source;
    std::string clause;
    bool asked = false;
};

std::string quoted(std::string_view value) {
    if (value.size() <= longest_quote) return fmt::format("“{}”", value);
    std::size_t end = longest_quote;
    while ((static_cast<unsigned char>(value[end]) & 0xc0) == 0x80) --end;
    return fmt::format("“{}…”", value.substr(0, end));
}

std::string clause_of(const FactField& field, std::string_view value) {
    std::string clause = field.words;
    return clause.replace(clause.find("{}"), 2, quoted(value));
}

/// Letters and digits only: "HS100 (EU)" and "hs100(eu)" are one model.
std::string bare(std::string_view text) {
    std::string result;
    for (const auto& word : words_of(text)) result += word;
    return result;
}

struct Candidate {
    std::string value;
    std::map<std::string_view, int> by_source;
    std::vector<const Witness*> witnesses;

    [[nodiscard]] int strength() const {
        double doubt = 1;
        for (const auto& [source, weight] : by_source) doubt *= 1 - weight / 100.0;
        return std::min(static_cast<int>(100 - 100 * doubt + 1e-6), most_certain);
    }
};

std::vector<Candidate> candidates(const std::vector<Witness>& witnesses, Aspect aspect) {
    std::vector<Candidate> all;
    for (const auto& witness : witnesses) {
        if (witness.clue.aspect != aspect || (aspect == Aspect::maker && !witness.clue.of.empty())) continue;
        const std::string wanted = bare(witness.clue.value);
        auto found =
            std::find_if(all.begin(), all.end(), [&](const auto& candidate) { return bare(candidate.value) == wanted; });
        if (found == all.end()) found = all.insert(all.end(), Candidate{witness.clue.value, {}, {}});
        int& weight = found->by_source[witness.source];
        weight = std::max(weight, witness.clue.weight);
        found->witnesses.push_back(&witness);
    }
    return all;
}

std::string reason_of(Aspect aspect, const Candidate& candidate, int confidence) {
    auto witnesses = candidate.witnesses;
    std::stable_sort(witnesses.begin(), witnesses.end(),
                     [](const auto* a, const auto* b) { return a->clue.weight > b->clue.weight; });
    std::vector<std::string_view> clauses;
    for (const auto* witness : witnesses)
        if (clauses.size() < most_clauses && std::find(clauses.begin(), clauses.end(), witness->clause) == clauses.end())
            clauses.emplace_back(witness->clause);
    static constexpr std::array<std::string_view, aspects.size()> words{"Maker", "Kind", "Model", "System"};
    return fmt::format("{} {} ({} %): {}.", words.at(static_cast<std::size_t>(aspect)), candidate.value, confidence,
                       fmt::join(clauses, "; "));
}

/// Of a model both the short and the long form may be told: they do not contradict each other.
bool contradicts(Aspect aspect, const Candidate& best, const Candidate& other) {
    if (&best == &other) return false;
    if (aspect != Aspect::model && aspect != Aspect::os) return true;
    const auto a = bare(best.value), b = bare(other.value);
    return a.find(b) == std::string::npos && b.find(a) == std::string::npos;
}

Conclusion conclude(const std::vector<Witness>& witnesses, Aspect aspect) {
    const auto all = candidates(witnesses, aspect);
    const auto best =
        std::max_element(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.strength() < b.strength(); });
    if (best == all.end()) return {};
    int against = 0;
    for (const auto& other : all)
        if (contradicts(aspect, *best, other)) against = std::max(against, other.strength());
    const int confidence = best->strength() * (200 - against) / 200;
    if (confidence < min_confidence) return {};
    return {best->value, confidence, reason_of(aspect, *best, confidence)};
}

/// "Philips hue bridge" by Philips is the "hue bridge".
void drop_maker(Conclusion& model, const std::string& maker) {
    const auto begins = [&] {
        return model.value.size() > maker.size() + 1 && model.value[maker.size()] == ' ' &&
               in_small_letters(model.value).starts_with(in_small_letters(maker));
    };
    if (!maker.empty() && begins()) model.value.erase(0, maker.size() + 1);
}

class Inference {
 public:
    Inference(const DeviceRules& rules, const MacAddress& mac) : rules_{rules}, mac_{mac} {}

    void add(const Fact& fact) {
        const auto* field = rules_.field(fact.field);
        if (field == nullptr) return;
        const auto source = std::string_view{field->name}.substr(0, field->name.find('.'));
        for (auto& clue : rules_.judge(fact, mac_))
            witnesses_.push_back({std::move(clue), source, clause_of(*field, fact.value), field->asked});
    }

    void add_registered(std::string_view organisation) {
        if (short_name(organisation).empty() || is_made_up(mac_)) return;  // blanks name nobody
        add({.field = "mac.registered", .value = std::string{organisation}});
        const auto* maker = rules_.registered(organisation);
        if (maker != nullptr && maker->parts) return;
        std::string clause = fmt::format("its hardware address is registered to {}", organisation);
        while (clause.ends_with('.')) clause.pop_back();
        if (maker != nullptr)
            witnesses_.push_back({{Aspect::maker, maker->name, weight_of_maker_block}, "mac", clause});
        else if (std::none_of(witnesses_.begin(), witnesses_.end(), says_maker))
            witnesses_.push_back({{Aspect::maker, short_name(organisation), weight_of_unknown_block}, "mac", clause});
    }

    /// What a device asks for speaks of others where it asks for them, or for the apps that people have on it.
    void leave_out_what_is_of_others() {
        std::vector<Witness> own;
        std::copy_if(witnesses_.begin(), witnesses_.end(), std::back_inserter(own),
                     [](const auto& w) { return !w.asked && w.clue.of.empty(); });
        const auto* kind = rules_.kind(conclude(own, Aspect::kind).value);
        if (kind == nullptr || !(kind->general || kind->forwards)) return;
        std::erase_if(witnesses_, [kind](const Witness& w) { return w.asked && (kind->forwards || !w.clue.system); });
    }

    [[nodiscard]] Identification identification() {
        Identification result;
        const auto put = [&](Aspect aspect) -> Conclusion& {
            return result.conclusions.at(static_cast<std::size_t>(aspect)) = conclude(witnesses_, aspect);
        };
        const auto& maker = put(Aspect::maker);
        std::erase_if(witnesses_, [&](const Witness& w) { return !w.clue.of.empty() && w.clue.of != maker.value; });
        add_what_the_maker_makes(maker);
        const auto& kind = put(Aspect::kind);
        if (!maker.value.empty() && !kind.value.empty())
            add({.field = "known.as", .value = in_small_letters(maker.value + ' ' + kind.value)});
        drop_maker(put(Aspect::model), maker.value);
        put(Aspect::os);
        return result;
    }

 private:
    /// Unless the device shows to be something else: one of a thousand Raspberry Pis is a camera.
    void add_what_the_maker_makes(const Conclusion& maker) {
        const auto* known = rules_.maker(maker.value);
        if (known == nullptr || known->kind.empty()) return;
        const Conclusion shown = conclude(witnesses_, Aspect::kind);
        if (!shown.value.empty() && shown.value != known->kind) return;
        witnesses_.push_back({{Aspect::kind, known->kind, known->weight * maker.confidence / 100},
                              "maker",
                              fmt::format("nearly everything by {} is of this kind", known->name)});
    }

    static bool says_maker(const Witness& witness) { return witness.clue.aspect == Aspect::maker; }

    const DeviceRules& rules_;
    const MacAddress& mac_;
    std::vector<Witness> witnesses_;
};

}  // namespace

Identification infer(const DeviceRules& rules, const std::vector<Fact>& facts, const MacAddress& mac,
                     std::string_view registered) {
    Inference inference{rules, mac};
    std::string called;
    for (const auto& fact : facts) {
        inference.add(fact);
        const auto* field = rules.field(fact.field);
        if (called.empty() && field != nullptr && field->friendly) called = without_address(fact.value, mac);
    }
    inference.add_registered(registered);
    inference.leave_out_what_is_of_others();
    Identification identity = inference.identification();
    identity.called = std::move(called);
    return identity;
}

}  // namespace linnet
