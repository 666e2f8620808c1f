// A detector looks at events and contacts and reports what it finds; episodes turn the findings into alerts.
//
// To add one: write detectors/x.cpp with a `make_x`, its line in detectors.cpp, its words in signatures/alerts.toml and
// its numbers in signatures/thresholds.toml. All it remembers is in StateTables, so that a restart changes nothing.
// It reads no clock: time is what the event says, and may jump.
#pragma once

#include "analyzer/certificate_judge.hpp"
#include "analyzer/contacts.hpp"
#include "analyzer/doors.hpp"
#include "analyzer/episodes.hpp"
#include "analyzer/household.hpp"
#include "analyzer/indicators.hpp"
#include "analyzer/profiles.hpp"

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace linnet {

/// What a detector sees of the world while it looks at one event.
struct Context {
    std::string_view sensor;  ///< where the event came from
    const Household& household;
    const Contacts& contacts;
    const Doors& doors;
    const Profiles& profiles;
    Episodes& episodes;
    const Signatures& signatures;
    CertificateJudge& certificates;
};

class Detector {
 public:
    Detector() = default;
    virtual ~Detector() = default;
    Detector(const Detector&) = delete;
    Detector& operator=(const Detector&) = delete;

    /// Each contact of the event, before on_event().
    virtual void on_contact(const Contact&, Context&) {}
    virtual void on_event(const Event&, Context&) {}
    virtual std::vector<StateTableBase*> tables() { return {}; }
    /// What the API's status shows of it; see wire/api.hpp.
    virtual void add_status(Json&) const {}
};

/// Makes one detector; asks the thresholds for its numbers.
using MakeDetector = std::unique_ptr<Detector> (*)(Thresholds&);

struct DetectorEntry {
    std::string_view name;  ///< as in Alert::detector and alerts.toml
    MakeDetector make;
    std::array<std::string_view, 4> variants{};  ///< the sections inside its own in alerts.toml
};

/// The table, see detectors.cpp. Detectors see each event in this order.
std::span<const DetectorEntry> detectors();

}  // namespace linnet
