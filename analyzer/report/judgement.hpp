// What alerts and facts say about one device and the 13 guidelines.
//
// Alerts refute: only likely or confirmed ones that are more than worth knowing, and only what guidelines.toml says of
// their detector and of the side on which the device was. Facts support, where no alert of any kind that could refute the
// guideline is there. The wire shows only a part of each guideline, so "supported" never means more than its evidence says.
#pragma once

#include "analyzer/report/facts.hpp"
#include "analyzer/report/guidelines.hpp"
#include "wire/report_card.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace linnet {

/// Who has which address now: what to call a peer.
using NamesByAddress = std::unordered_map<IpAddress, std::string>;

struct JudgedDevice {
    const Device& device;
    const std::vector<const Alert*>& alerts;  ///< about it, in the time of the report
    const DeviceFacts& facts;
};

/// 13, in order.
std::vector<Judgement> judge(const JudgedDevice& judged, const Guidelines& guidelines, const ReportLimits& limits,
                             const NamesByAddress& names);

/// Was the device of the alert the server of what was seen?
Role role_of(const Alert& alert, const Device& device);

}  // namespace linnet
