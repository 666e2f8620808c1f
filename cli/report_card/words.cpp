#include "words.hpp"

#include "cli/local_time.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace linnet::report_words {
namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    return fmt::format("{}", fmt::join(parts, between));
}

std::string headline_of(const DeviceCard& device) {
    if (!device.need) return device.name + ": nothing was found that needs your attention.";
    return device.name + (*device.need == Severity::act_now ? " needs attention now." : " needs attention.");
}

}  // namespace

std::string headline(const ReportCard& card) {
    if (!card.device.empty() && card.devices.size() == 1) return headline_of(card.devices.front());
    const auto needy = card.act_now + card.important;
    if (card.device_count == 0) return "No device was heard.";
    if (needy == 0)
        return fmt::format("None of your {} needs attention, as far as could be heard.",
                           counted(card.device_count, "device", "devices"));
    std::string text = fmt::format("{} of your {} {} attention", needy, counted(card.device_count, "device", "devices"),
                                   needy == 1 ? "needs" : "need");
    if (card.act_now == needy)
        text += " now";
    else if (card.act_now > 0)
        text += fmt::format(", {} of them now", card.act_now);
    return text + ".";
}

std::string basis(const ReportCard& card) {
    const std::string first = minute(card.since), last = minute(card.as_of);
    return fmt::format(
        "This is what Linnet heard {}. It only listens: it tries no password and opens no device, so it can "
        "judge a part of each guideline, and many not at all.",
        first == last ? "at " + last : "from " + first + " to " + last);
}

const std::vector<Meaning>& meanings() {
    static const std::vector<Meaning> all{
        {Verdict::refuted, "Refuted", "Something was seen that a device which keeps this guideline does not do."},
        {Verdict::supported, "Supported", "Enough was seen that speaks for it, as far as the evidence goes."},
        {Verdict::not_observable, "Not observable",
         "The network does not show it, or too little was heard. This is neither good nor bad."}};
    return all;
}

std::string identity(const DeviceCard& device) {
    constexpr std::size_t most_addresses = 4;
    std::vector<std::string> parts;
    for (const auto& part : {device.maker, device.kind})
        if (!part.empty()) parts.push_back(part);
    for (const IpAddress& ip : device.ips) {
        if (parts.size() == most_addresses + 2) break;
        if (to_string(ip) != device.key) parts.push_back(to_string(ip));
    }
    parts.push_back(device.key);
    return joined(parts, ", ");
}

std::string_view need(const DeviceCard& device) {
    if (!device.need) return "nothing found";
    return *device.need == Severity::act_now ? "act now" : "important";
}

std::string muted(const Task& task) {
    if (!task.muted_until) return {};
    return "Muted until " + minute(*task.muted_until) + ": nobody is told of it. It counts here all the same.";
}

std::string source(const Evidence& evidence) {
    std::string text = "Seen as " + evidence.event;
    if (evidence.alert != 0) text += fmt::format(" (alert {})", evidence.alert);
    const std::string first = minute(evidence.first_seen), last = minute(evidence.last_seen);
    text += first == last ? " on " + last : " from " + first + " to " + last;
    if (evidence.count > 1) text += ", " + counted(evidence.count, "time", "times");
    if (!evidence.peer.empty()) text += ", with " + evidence.peer;
    return text + "; ETSI " + joined(evidence.provisions, ", ");
}

bool says_more(const DeviceCard& device, const Evidence& evidence) {
    return evidence.alert == 0 || std::none_of(device.tasks.begin(), device.tasks.end(),
                                               [&evidence](const Task& task) { return task.alert == evidence.alert; });
}

std::string unobservable(const ReportCard& card, const DeviceCard& device) {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < device.judgements.size(); ++i)
        if (device.judgements[i].verdict == Verdict::not_observable)
            parts.push_back(fmt::format("{} {}", i + 1, card.guidelines[i].title));
    return joined(parts, "; ");
}

std::string in_the_house(const HouseVerdict& verdict, std::uint64_t devices) {
    if (verdict.verdict == Verdict::refuted) {
        std::string text = "refuted for " + joined(verdict.names, ", ");
        if (verdict.refuted > verdict.names.size())
            text += " and " + counted(verdict.refuted - verdict.names.size(), "other device", "other devices");
        return text;
    }
    if (verdict.verdict == Verdict::supported)
        return devices == 1 ? "supported" : "supported for all " + counted(devices, "device", "devices");
    if (verdict.supported == 0) return "not observable";
    return fmt::format("supported for {} of {}, not observable for the others", verdict.supported,
                       counted(devices, "device", "devices"));
}

std::string provisions(const GuidelineWords& words) {
    const auto& range = words.provisions;
    if (range.empty()) return "ETSI EN 303 645";
    return "ETSI EN 303 645, " + range.front() + (range.front() == range.back() ? "" : " to " + range.back());
}

std::string minute(Timestamp time) { return local_time(time).substr(0, sizeof "2026-03-01 18:20" - 1); }

std::string left_out(const ReportCard& card) {
    if (card.left_out == 0) return {};
    return counted(card.left_out, "more device is", "more devices are") +
           " left out here; `linnet report DEVICE` tells of each.";
}

}  // namespace linnet::report_words
