// Makes the report card out of what the core knows: no I/O, no clock; the same state gives the same card, to the byte.
//
// The way of a report: the devices that were seen in its time -> the alerts about each -> its judgements (judgement.hpp),
// its tasks (the advice of its alerts) -> the verdicts over all of them -> the cards, those in need first.
#pragma once

#include "analyzer/report/facts.hpp"
#include "analyzer/report/guidelines.hpp"
#include "wire/report_card.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace linnet {

struct ReportSources {
    const Guidelines& guidelines;
    std::vector<Device> devices;
    std::vector<Alert> alerts;
    const Facts& facts;
    std::function<std::optional<Timestamp>(const Alert& alert)> muted_until;  ///< by a person; none: nothing is
};

/// Tells of the time up to `now`, or to when a device was last seen where that is earlier. `device` is the key of the only
/// one that is wanted, or empty; nobody's key gives no card.
ReportCard make_report(const ReportSources& sources, Timestamp now, const std::string& device);

}  // namespace linnet
