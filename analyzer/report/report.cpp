#include "report.hpp"

#include "analyzer/report/judgement.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>

namespace linnet {
namespace {

using AlertsByDevice = std::unordered_map<std::string, std::vector<const Alert*>>;

std::string key_of(const DeviceRef& device) { return device.mac.known() ? to_string(device.mac) : to_string(device.ip); }

AlertsByDevice by_device(const std::vector<Alert>& alerts, Timestamp since) {
    AlertsByDevice sorted;
    for (const Alert& alert : alerts)
        if (alert.last_seen >= since) sorted[key_of(alert.device)].push_back(&alert);
    return sorted;
}

/// Where two had the address, whoever was seen last.
NamesByAddress names_of(const std::vector<Device>& devices) {
    std::vector<const Device*> order;
    order.reserve(devices.size());
    for (const Device& device : devices) order.push_back(&device);
    std::sort(order.begin(), order.end(), [](const Device* a, const Device* b) {
        return std::tie(a->last_seen, a->key) < std::tie(b->last_seen, b->key);
    });
    NamesByAddress names;
    for (const Device* device : order)
        for (const IpAddress& ip : device->ips) names[ip] = device->name;
    return names;
}

/// One for each piece of advice, the most urgent first.
void add_tasks(const std::vector<const Alert*>& alerts, const ReportSources& sources, DeviceCard& card) {
    auto sorted = alerts;
    std::erase_if(sorted, [](const Alert* alert) { return alert->severity == Severity::worth_knowing; });
    std::sort(sorted.begin(), sorted.end(), [](const Alert* a, const Alert* b) {
        return std::tuple{a->severity, b->last_seen, a->id} < std::tuple{b->severity, a->last_seen, b->id};
    });
    for (const Alert* alert : sorted) {
        if (!card.need) card.need = alert->severity;
        const bool told = std::any_of(card.tasks.begin(), card.tasks.end(),
                                      [alert](const Task& task) { return task.advice == alert->advice; });
        if (told) continue;
        if (card.tasks.size() == DeviceCard::max_tasks)
            ++card.more_tasks;
        else
            card.tasks.push_back({alert->id, alert->severity, alert->signature, alert->happened, alert->advice,
                                  sources.muted_until ? sources.muted_until(*alert) : std::nullopt});
    }
}

DeviceCard card_of(const JudgedDevice& judged, const ReportSources& sources, const NamesByAddress& names) {
    const Device& device = judged.device;
    DeviceCard card;
    card.key = device.key;
    card.name = device.name;
    card.maker = device.maker;
    card.kind = device.kind;
    card.ips = device.ips;
    card.first_seen = device.first_seen;
    card.last_seen = device.last_seen;
    add_tasks(judged.alerts, sources, card);
    if (!judged.facts.heard && judged.alerts.empty())
        card.note = "Linnet heard no conversation of this device, so there is next to nothing that it can say about it.";
    card.judgements = judge(judged, sources.guidelines, sources.facts.limits(), names);
    return card;
}

void add_to_house(const DeviceCard& card, ReportCard& report) {
    ++report.device_count;
    if (card.need) ++(*card.need == Severity::act_now ? report.act_now : report.important);
    for (std::size_t i = 0; i < report.house.size(); ++i) {
        HouseVerdict& house = report.house[i];
        const Verdict verdict = card.judgements[i].verdict;
        if (verdict == Verdict::supported) ++house.supported;
        if (verdict != Verdict::refuted) continue;
        ++house.refuted;
        if (house.names.size() < HouseVerdict::max_names) house.names.push_back(card.name);
    }
}

void conclude(ReportCard& report) {
    for (HouseVerdict& house : report.house) {
        if (house.refuted > 0)
            house.verdict = Verdict::refuted;
        else if (house.supported > 0 && house.supported == report.device_count)
            house.verdict = Verdict::supported;
    }
}

/// Those in need first; the most urgent, the first by name.
bool comes_before(const DeviceCard& a, const DeviceCard& b) {
    const auto rank = [](const DeviceCard& card) { return card.need ? static_cast<int>(*card.need) : 9; };
    const int rank_a = rank(a), rank_b = rank(b);
    return std::tie(rank_a, a.name, a.key) < std::tie(rank_b, b.name, b.key);
}

void keep_what_fits(ReportCard& report) {
    std::size_t bytes = 0, kept = 0;
    while (kept < report.devices.size() && kept < ReportCard::max_cards) {
        bytes += dump(to_json(report.devices[kept])).size();
        if (bytes > ReportCard::max_card_bytes) break;
        ++kept;
    }
    report.left_out = report.devices.size() - kept;
    report.devices.resize(kept);
}

}  // namespace

ReportCard make_report(const ReportSources& sources, Timestamp now, const std::string& device) {
    ReportCard report;
    report.guidelines = sources.guidelines.words();
    report.device = device;
    for (int number = 1; number <= guideline_count; ++number) report.house.emplace_back().guideline = number;

    Timestamp newest{}, oldest = now;
    for (const Device& entry : sources.devices) {
        newest = std::max(newest, entry.last_seen);
        oldest = std::min(oldest, entry.first_seen);
    }
    report.as_of = sources.devices.empty() ? now : std::min(now, newest);
    const Timestamp window = report.as_of - sources.facts.limits().period;
    report.since = std::max(window, oldest);

    const NamesByAddress names = names_of(sources.devices);
    const AlertsByDevice alerts = by_device(sources.alerts, window);
    static const std::vector<const Alert*> none;
    for (const Device& entry : sources.devices) {
        if (entry.last_seen < window) continue;
        const auto found = alerts.find(entry.key);
        const DeviceFacts facts = sources.facts.of(entry);
        report.devices.push_back(card_of({entry, found == alerts.end() ? none : found->second, facts}, sources, names));
    }
    std::sort(report.devices.begin(), report.devices.end(), comes_before);
    for (const DeviceCard& card : report.devices) add_to_house(card, report);
    conclude(report);
    if (!device.empty()) std::erase_if(report.devices, [&device](const DeviceCard& card) { return card.key != device; });
    keep_what_fits(report);
    return report;
}

}  // namespace linnet
