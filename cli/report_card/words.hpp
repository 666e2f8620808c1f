// What a report card says in words, the same in each format. All text is as it came from the network: whoever shows it
// escapes it for the place where it goes.
#pragma once

#include "wire/report_card.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace linnet::report_words {

/// "2 of your 9 devices need attention."; of one device "coffee-plug needs attention now."
std::string headline(const ReportCard& card);
/// What the report rests on: from when to when, and that Linnet only listens.
std::string basis(const ReportCard& card);
/// What the three verdicts mean: a word and a sentence each.
struct Meaning {
    Verdict verdict;
    std::string_view word, sentence;
};
const std::vector<Meaning>& meanings();

/// "Espressif Inc., plug, 192.168.1.24, a4:cf:12:9b:02:24".
std::string identity(const DeviceCard& device);
std::string_view need(const DeviceCard& device);  ///< "act now", "important", "nothing found"

/// Of a task that a person muted: until when, and that it is told here all the same. Empty where it is not muted.
std::string muted(const Task& task);

/// The evidence in a line: "Seen as default-login (alert 5) on 2026-03-01 18:20, with hall-camera; ETSI 5.1-1".
std::string source(const Evidence& evidence);
/// Should the evidence's sentence be said? Not where a task of the device says it already.
bool says_more(const DeviceCard& device, const Evidence& evidence);

/// "2 Title, 4 Title": the guidelines of which nothing at all can be said.
std::string unobservable(const ReportCard& card, const DeviceCard& device);
/// "refuted for 2 devices: hall-camera, coffee-plug".
std::string in_the_house(const HouseVerdict& verdict, std::uint64_t devices);
/// "ETSI EN 303 645, 5.1-1 to 5.1-5".
std::string provisions(const GuidelineWords& words);

/// "2026-03-01 18:20", in the user's time zone.
std::string minute(Timestamp time);
/// "12 more devices are left out; …", or empty.
std::string left_out(const ReportCard& card);

}  // namespace linnet::report_words
