#include "report_card.hpp"

#include "json_fields.hpp"

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

constexpr std::array<std::string_view, 3> verdict_names{"not observable", "supported", "refuted"};
constexpr std::array<std::pair<std::string_view, Severity>, 2> needs{
    {{"act-now", Severity::act_now}, {"important", Severity::important}}};

std::string_view name_of(Severity need) { return need == Severity::act_now ? needs[0].first : needs[1].first; }

std::optional<Severity> need_named(std::string_view name) {
    for (const auto& [known, severity] : needs)
        if (name == known) return severity;
    return std::nullopt;
}

Json json_of(const GuidelineWords& words);
Json json_of(const Evidence& evidence);
Json json_of(const Judgement& judgement);
Json json_of(const Task& task);
Json json_of(const DeviceCard& card);
Json json_of(const HouseVerdict& verdict);
Json json_of(const IpAddress& ip) { return to_string(ip); }

template <class Entries>
Json list_of(const Entries& entries) {
    Json list = Json::array();
    for (const auto& entry : entries) list.push_back(json_of(entry));
    return list;
}

void add_count(Json& object, const char* key, std::uint64_t count) {
    if (count > 0) object[key] = count;
}

Json json_of(const GuidelineWords& words) {
    Json object{{"guideline", words.number}, {"title", words.title}, {"asks", words.asks}, {"unseen", words.unseen}};
    object["provisions"] = words.provisions;
    add_text(object, "duty", words.duty);
    return object;
}

Json json_of(const Evidence& evidence) {
    Json object{{"event", evidence.event}};
    add_count(object, "alert", evidence.alert);
    object["provisions"] = evidence.provisions;
    object["first_seen"] = to_string(evidence.first_seen);
    object["last_seen"] = to_string(evidence.last_seen);
    object["count"] = evidence.count;
    add_text(object, "peer", evidence.peer);
    object["what"] = evidence.what;
    return object;
}

Json json_of(const Judgement& judgement) {
    Json object{{"guideline", judgement.guideline}, {"verdict", to_string(judgement.verdict)}};
    if (!judgement.evidence.empty()) object["evidence"] = list_of(judgement.evidence);
    add_count(object, "more", judgement.more);
    add_text(object, "note", judgement.note);
    return object;
}

Json json_of(const Task& task) {
    Json object{{"alert", task.alert},
                {"severity", static_cast<int>(task.severity)},
                {"title", task.title},
                {"happened", task.happened},
                {"advice", task.advice}};
    if (task.muted_until) object["muted_until"] = to_string(*task.muted_until);
    return object;
}

Json json_of(const DeviceCard& card) {
    Json object{{"key", card.key}, {"name", card.name}};
    add_text(object, "maker", card.maker);
    add_text(object, "kind", card.kind);
    object["ips"] = list_of(card.ips);
    object["first_seen"] = to_string(card.first_seen);
    object["last_seen"] = to_string(card.last_seen);
    if (card.need) object["need"] = name_of(*card.need);
    add_text(object, "note", card.note);
    if (!card.tasks.empty()) object["tasks"] = list_of(card.tasks);
    add_count(object, "more_tasks", card.more_tasks);
    object["judgements"] = list_of(card.judgements);
    return object;
}

Json json_of(const HouseVerdict& verdict) {
    Json object{{"guideline", verdict.guideline}, {"verdict", to_string(verdict.verdict)}};
    object["refuted"] = verdict.refuted;
    object["supported"] = verdict.supported;
    if (!verdict.names.empty()) object["names"] = verdict.names;
    return object;
}

void read_time(const Json& object, const char* key, Timestamp& into) { into = parsed(object.at(key), key, parse_timestamp); }

template <class Entry, class Parse>
std::vector<Entry> read_list(const Json& object, const char* key, Parse parse) {
    std::vector<Entry> entries;
    if (const auto found = object.find(key); found != object.end())
        for (const Json& entry : *found) entries.push_back(parse(entry));
    return entries;
}

int guideline_of(const Json& object) {
    const auto number = object.at("guideline").get<int>();
    if (number < 1 || number > guideline_count) refuse_value("guideline");
    return number;
}

Verdict verdict_of(const Json& object) { return parsed(object.at("verdict"), "verdict", parse_verdict); }

GuidelineWords words_of(const Json& object) {
    GuidelineWords words;
    words.number = guideline_of(object);
    object.at("title").get_to(words.title);
    object.at("asks").get_to(words.asks);
    object.at("unseen").get_to(words.unseen);
    read(object, "provisions", words.provisions);
    read(object, "duty", words.duty);
    return words;
}

Evidence evidence_of(const Json& object) {
    Evidence evidence;
    object.at("event").get_to(evidence.event);
    read(object, "alert", evidence.alert);
    read(object, "provisions", evidence.provisions);
    read_time(object, "first_seen", evidence.first_seen);
    read_time(object, "last_seen", evidence.last_seen);
    object.at("count").get_to(evidence.count);
    read(object, "peer", evidence.peer);
    object.at("what").get_to(evidence.what);
    return evidence;
}

Judgement judgement_of(const Json& object) {
    Judgement judgement;
    judgement.guideline = guideline_of(object);
    judgement.verdict = verdict_of(object);
    judgement.evidence = read_list<Evidence>(object, "evidence", evidence_of);
    read(object, "more", judgement.more);
    read(object, "note", judgement.note);
    return judgement;
}

Task task_of(const Json& object) {
    Task task;
    object.at("alert").get_to(task.alert);
    task.severity = read_severity(object);
    object.at("title").get_to(task.title);
    object.at("happened").get_to(task.happened);
    object.at("advice").get_to(task.advice);
    read(object, "muted_until", task.muted_until, parse_timestamp);
    return task;
}

DeviceCard device_of(const Json& object) {
    DeviceCard card;
    object.at("key").get_to(card.key);
    object.at("name").get_to(card.name);
    read(object, "maker", card.maker);
    read(object, "kind", card.kind);
    read_each(object, "ips", card.ips, IpAddress::parse);
    read_time(object, "first_seen", card.first_seen);
    read_time(object, "last_seen", card.last_seen);
    read(object, "need", card.need, need_named);
    read(object, "note", card.note);
    card.tasks = read_list<Task>(object, "tasks", task_of);
    read(object, "more_tasks", card.more_tasks);
    card.judgements = read_list<Judgement>(object, "judgements", judgement_of);
    return card;
}

HouseVerdict house_verdict_of(const Json& object) {
    HouseVerdict verdict;
    verdict.guideline = guideline_of(object);
    verdict.verdict = verdict_of(object);
    object.at("refuted").get_to(verdict.refuted);
    object.at("supported").get_to(verdict.supported);
    read(object, "names", verdict.names);
    return verdict;
}

/// One for each guideline, in order: whoever shows the card looks them up by number.
template <class Entries, class Number>
void check_complete(const Entries& entries, Number number, const char* what) {
    bool complete = entries.size() == std::size_t{guideline_count};
    for (std::size_t i = 0; complete && i < entries.size(); ++i) complete = number(entries[i]) == static_cast<int>(i) + 1;
    if (!complete) throw std::invalid_argument{std::string{"13 are wanted of "} + what};
}

}  // namespace

std::string_view to_string(Verdict verdict) {
    const auto index = static_cast<std::size_t>(verdict);
    return index < verdict_names.size() ? verdict_names[index] : verdict_names[0];
}

std::optional<Verdict> parse_verdict(std::string_view name) {
    const auto* found = std::find(verdict_names.begin(), verdict_names.end(), name);
    if (found == verdict_names.end()) return std::nullopt;
    return static_cast<Verdict>(found - verdict_names.begin());
}

Json to_json(const DeviceCard& card) { return json_of(card); }

Json to_json(const ReportCard& card) {
    Json object{{"schema", 1}, {"since", to_string(card.since)}, {"as_of", to_string(card.as_of)}};
    add_text(object, "device", card.device);
    object["house"] = {{"devices", card.device_count}, {"act_now", card.act_now}, {"important", card.important}};
    object["house"]["verdicts"] = list_of(card.house);
    object["devices"] = list_of(card.devices);
    object["left_out"] = card.left_out;
    object["guidelines"] = list_of(card.guidelines);
    return object;
}

ReportCard report_card_from_json(const Json& json) {
    if (json.at("schema").get<int>() != 1) throw std::invalid_argument{"a report card of another Linnet"};
    ReportCard card;
    read_time(json, "since", card.since);
    read_time(json, "as_of", card.as_of);
    read(json, "device", card.device);
    const Json& house = json.at("house");
    house.at("devices").get_to(card.device_count);
    house.at("act_now").get_to(card.act_now);
    house.at("important").get_to(card.important);
    card.house = read_list<HouseVerdict>(house, "verdicts", house_verdict_of);
    card.devices = read_list<DeviceCard>(json, "devices", device_of);
    json.at("left_out").get_to(card.left_out);
    card.guidelines = read_list<GuidelineWords>(json, "guidelines", words_of);
    check_complete(
        card.house, [](const HouseVerdict& v) { return v.guideline; }, "house.verdicts");
    check_complete(
        card.guidelines, [](const GuidelineWords& w) { return w.number; }, "guidelines");
    for (const auto& device : card.devices)
        check_complete(
            device.judgements, [](const Judgement& j) { return j.guideline; }, "judgements");
    return card;
}

}  // namespace linnet
