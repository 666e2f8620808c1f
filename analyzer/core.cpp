#include "core.hpp"

#include "analyzer/attention.hpp"
#include "analyzer/detector.hpp"
#include "analyzer/identify/identifier.hpp"
#include "analyzer/report/report.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace linnet {
namespace {

std::set<std::string> section_names() {
    std::set<std::string> names;
    for (const auto& entry : detectors()) {
        const std::string name{entry.name};
        names.insert(name);
        for (const auto& variant : entry.variants)
            if (!variant.empty()) names.insert(name + "." + std::string{variant});
    }
    return names;
}

}  // namespace

struct Core::Impl {
    Impl(const CoreOptions& given, const std::shared_ptr<const Signatures>& with)
        : options{given},
          signatures{with},
          thresholds{signatures->thresholds()},
          household{Locality{options.home, options.strangers_are_local}, options.max_devices, signatures, thresholds},
          identifier{options.max_devices, signatures},
          contacts{household.locality()},
          doors{household.locality()},
          certificates{options.trust},
          profiles{thresholds},
          episodes{options.max_alerts_open, signatures, thresholds},
          facts{options.max_devices, ReportLimits{thresholds}, signatures} {
        for (const auto& entry : linnet::detectors()) detectors.push_back(entry.make(thresholds));
        thresholds.finish();
        signatures->check_sections(section_names());
        signatures->guidelines().check_detectors(section_names());
        tables = {&identifier.table(), &contacts.table()};
        const auto add = [this](const std::vector<StateTableBase*>& more) {
            tables.insert(tables.end(), more.begin(), more.end());
        };
        add(doors.tables());
        add(household.tables());
        add(episodes.tables());
        add(attention.tables());
        add(facts.tables());
        add(profiles.tables());
        for (const auto& detector : detectors) add(detector->tables());
    }

    void apply(std::string_view sensor, const Event& event) {
        Context context{sensor, household, contacts, doors, profiles, episodes, *signatures, certificates};
        household.apply(event);
        for (const auto& merge : household.take_merges()) identifier.merge(merge.from, merge.into, household);
        identifier.apply(event, household);
        facts.apply(event, household);
        profiles.apply(event, household);
        doors.apply(sensor, event);
        contacts.apply(event, [&](const Contact& contact) {
            for (const auto& detector : detectors) detector->on_contact(contact, context);
        });
        for (const auto& detector : detectors) detector->on_event(event, context);
        episodes.finish_event([this](const DeviceRef& device) { return household.product_of(device); });
    }

    CoreOptions options;
    std::shared_ptr<const Signatures> signatures;
    Thresholds thresholds;
    Household household;
    Identifier identifier;
    Contacts contacts;
    Doors doors;
    CertificateJudge certificates;
    Profiles profiles;
    Episodes episodes;
    Attention attention;
    Facts facts;
    std::vector<std::unique_ptr<Detector>> detectors;
    std::vector<StateTableBase*> tables;
    std::size_t damaged_rows = 0;
};

Core::Core(const CoreOptions& options, const std::shared_ptr<const Signatures>& signatures)
    : impl_{std::make_unique<Impl>(options, signatures)} {}
Core::~Core() = default;

void Core::apply(std::string_view sensor, const Event& event) { impl_->apply(sensor, event); }

Changes Core::take_changes() {
    return {impl_->episodes.take_changes(), impl_->household.take_changes(), impl_->household.take_gone()};
}

void Core::save_changes(const std::function<void(StateRow&&)>& row) {
    for (auto* table : impl_->tables) table->save(row);
}

void Core::restore(const StateRow& row) {
    const auto table = std::find_if(impl_->tables.begin(), impl_->tables.end(),
                                    [&row](const StateTableBase* candidate) { return candidate->name() == row.table; });
    if (table == impl_->tables.end()) return;
    try {
        (*table)->restore(row);
    } catch (const Json::exception&) {
        ++impl_->damaged_rows;
    } catch (const std::invalid_argument&) {
        ++impl_->damaged_rows;
    }
}

void Core::renew(const std::shared_ptr<const Signatures>& signatures) {
    auto old = std::exchange(impl_, std::make_unique<Impl>(impl_->options, signatures));
    for (const auto* table : old->tables) table->copy([this](const StateRow& row) { restore(row); });
    impl_->damaged_rows += old->damaged_rows;
}

std::size_t Core::damaged_rows() const { return impl_->damaged_rows; }
std::vector<Device> Core::devices() const { return impl_->household.devices(); }
std::vector<Alert> Core::alerts() const { return impl_->episodes.alerts(); }

ReportCard Core::report(Timestamp now, const std::string& device) const {
    const auto muted_until = [&](const Alert& alert) { return impl_->attention.muted_until(alert, impl_->household, now); };
    return make_report({impl_->signatures->guidelines(), devices(), alerts(), impl_->facts, muted_until}, now, device);
}

const Household& Core::household() const { return impl_->household; }
Household& Core::household() { return impl_->household; }
const Attention& Core::attention() const { return impl_->attention; }
Attention& Core::attention() { return impl_->attention; }
void Core::retell(const std::function<bool(const Alert& alert)>& wanted) { impl_->episodes.retell(wanted); }
Duration Core::quiet() const { return impl_->episodes.quiet(); }
const Profiles& Core::profiles() const { return impl_->profiles; }
Profiles& Core::profiles() { return impl_->profiles; }

Json Core::status() const {
    Json status{{"quiet_seconds", std::chrono::floor<std::chrono::seconds>(impl_->episodes.quiet()).count()}};
    for (const auto& detector : impl_->detectors) detector->add_status(status);
    return status;
}

}  // namespace linnet
