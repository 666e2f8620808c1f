#include "core.hpp"

#include "analyzer/detector.hpp"

#include <algorithm>
#include <set>

namespace linnet {
namespace {

// Times that cannot be written as four digits of a year are nobody's; they are brought to the nearest that can. So no
// arithmetic on times overflows anywhere behind this door.
constexpr Timestamp first_time = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
constexpr Timestamp last_time = std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1} - Duration{1};

/// An Event or a const one; Lost has no time that anybody compares.
template <class AnyEvent, class Each>
void each_time(AnyEvent& event, Each each) {
    std::visit(
        [&each](auto& body) {
            if constexpr (requires { body.at; }) each(body.at);
            if constexpr (requires { body.first_seen; }) each(body.first_seen);
            if constexpr (requires { body.last_seen; }) each(body.last_seen);
        },
        event);
}

bool has_sane_times(const Event& event) {
    bool sane = true;
    each_time(event, [&sane](Timestamp time) { sane = sane && time >= first_time && time <= last_time; });
    return sane;
}

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
    Impl(CoreOptions&& options, std::shared_ptr<const Signatures>&& signatures)
        : thresholds{signatures->thresholds()},
          household{Locality{std::move(options.home), options.strangers_are_local}, options.max_devices, signatures},
          contacts{household.locality()},
          episodes{options.max_alerts_open, signatures, thresholds} {
        for (const auto& entry : linnet::detectors()) detectors.push_back(entry.make(thresholds));
        thresholds.finish();
        signatures->check_sections(section_names());
        tables = {&household.table(), &contacts.table()};
        const auto add = [this](const std::vector<StateTableBase*>& more) {
            tables.insert(tables.end(), more.begin(), more.end());
        };
        add(episodes.tables());
        for (const auto& detector : detectors) add(detector->tables());
    }

    void apply(std::string_view sensor, const Event& event) {
        Context context{sensor, household, contacts, episodes};
        household.apply(event);
        contacts.apply(event, [&](const Contact& contact) {
            for (const auto& detector : detectors) detector->on_contact(contact, context);
        });
        for (const auto& detector : detectors) detector->on_event(event, context);
        episodes.finish_event();
    }

    Thresholds thresholds;
    Household household;
    Contacts contacts;
    Episodes episodes;
    std::vector<std::unique_ptr<Detector>> detectors;
    std::vector<StateTableBase*> tables;
    std::size_t damaged_rows = 0;
};

Core::Core(CoreOptions options, std::shared_ptr<const Signatures> signatures)
    : impl_{std::make_unique<Impl>(std::move(options), std::move(signatures))} {}
Core::~Core() = default;

void Core::apply(std::string_view sensor, const Event& event) {
    if (has_sane_times(event)) return impl_->apply(sensor, event);
    Event copy = event;
    each_time(copy, [](Timestamp& time) { time = std::clamp(time, first_time, last_time); });
    impl_->apply(sensor, copy);
}

Changes Core::take_changes() { return {impl_->episodes.take_changes(), impl_->household.take_changes()}; }

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

std::size_t Core::damaged_rows() const { return impl_->damaged_rows; }
std::vector<Device> Core::devices() const { return impl_->household.devices(); }
std::vector<Alert> Core::alerts() const { return impl_->episodes.alerts(); }

}  // namespace linnet
