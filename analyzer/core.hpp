// The analyzer's core: household state and detectors behind one door. A library with no I/O, no clock and no globals:
// the same events in the same order give the same alerts, to the byte. It runs behind ZeroMQ and SQLite in a home and
// could run behind a broker for many homes.
//
// The way of an event: apply -> Household::apply (who is who) -> Identifier::apply (what it is) -> Profiles::apply (what is
// usual) -> each Detector::on_event -> Changes. What must outlive the process is kept in bounded StateTables; after each
// batch the store asks for the rows that changed (save_changes) and writes them in the transaction that also holds the
// alerts and the cursor.
#pragma once

#include "wire/alert.hpp"
#include "wire/event.hpp"
#include "wire/report_card.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linnet {

class Household;   // household.hpp: who lives here
class Attention;   // attention.hpp: what a person said of alerts
class Profiles;    // profiles.hpp: what each device does
class TrustStore;  // trust_store.hpp: whose certificates are believed
class Signatures;  // signatures.hpp: words, thresholds and numbers, read from signatures/*.toml

struct CoreOptions {
    std::vector<IpPrefix> home;               ///< local in addition to private addresses
    bool strangers_are_local = false;         ///< where neither end is local, treat both as local (captures made elsewhere)
    std::shared_ptr<const TrustStore> trust;  ///< none: nothing is said about issuers of certificates
    std::size_t max_devices = 4096;           ///< the least recently seen gives way
    std::size_t max_alerts_open = 10'000;     ///< episodes that can still count up
};

/// What one or more events changed, each device and alert once and in its newest form, in order of first change.
struct Changes {
    std::vector<Alert> alerts;
    std::vector<Device> devices;
    std::vector<std::string> gone;  ///< keys of devices that are no more: joined with others, or given way
    void clear() {
        alerts.clear();
        devices.clear();
        gone.clear();
    }
};

/// A row of state: `table` is "devices", "episodes", "mirai-scan", …; an absent value means "delete this row".
struct StateRow {
    std::string table;
    std::string key;
    std::optional<std::string> value;
};

class Core {
 public:
    /// Throws SettingsError where signatures lack what a detector needs, or have what none knows.
    Core(const CoreOptions& options, const std::shared_ptr<const Signatures>& signatures);
    ~Core();
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    /// `sensor` names where the event came from; it is part of the state, not of the alerts. The event is within the limits
    /// of event_limits.hpp, as every decoded one is; its times may jump.
    void apply(std::string_view sensor, const Event& event);

    /// Everything that changed since the last call.
    Changes take_changes();

    /// Every state row that changed since the last call; together with what came before, restore() rebuilds the core.
    void save_changes(const std::function<void(StateRow&&)>& row);

    /// Before the first apply(). Rows of tables that no longer exist are ignored, damaged rows are counted and left out.
    void restore(const StateRow& row);
    [[nodiscard]] std::size_t damaged_rows() const;

    /// Other words and numbers from now on; all that is remembered stays. Only where take_changes() and save_changes() have
    /// been called since the last apply(). Throws SettingsError as the constructor does; then nothing has changed.
    void renew(const std::shared_ptr<const Signatures>& signatures);

    [[nodiscard]] std::vector<Device> devices() const;  ///< by key
    [[nodiscard]] std::vector<Alert> alerts() const;    ///< open episodes, by id
    [[nodiscard]] Json status() const;                  ///< what detectors add to the API's status
    [[nodiscard]] const Household& household() const;
    [[nodiscard]] Household& household();  ///< of which a person may decide
    [[nodiscard]] const Attention& attention() const;
    [[nodiscard]] Attention& attention();
    /// Open episodes that are to be told once more as they are, since what a person said of them changed.
    void retell(const std::function<bool(const Alert& alert)>& wanted);
    [[nodiscard]] Duration quiet() const;  ///< an episode that was quiet for longer is over
    [[nodiscard]] const Profiles& profiles() const;
    [[nodiscard]] Profiles& profiles();  ///< whose imported descriptions are changed from outside

    /// The report card of the house, or of the device with this key (then with no card where nobody has it). It tells of
    /// the time up to `now`, or to the newest event where that is earlier.
    [[nodiscard]] ReportCard report(Timestamp now, const std::string& device = {}) const;

 private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace linnet
