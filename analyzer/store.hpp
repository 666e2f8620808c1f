// The store keeps what the analyzer knows in SQLite: flows, logins and losses as they come; alerts, devices, the core's
// state and every sensor's cursor with each commit. All of it in ONE transaction, so that after a crash the database says
// exactly how far it got, and nothing is there twice. A transaction begins with the first event after a commit; whoever
// owns the store decides when to commit. With each commit a bounded number of rows that are too old, or too many, is
// deleted. Every function may throw DatabaseError; then the transaction is to be rolled back with everything since the last
// commit: where the trouble is Trouble::no_room, roll_back() and a core that is restored anew go on from there.
//
// Opening repairs what is broken (opening.hpp); a copy of the database is kept beside it (copies.hpp).
#pragma once

#include "copies.hpp"
#include "core.hpp"
#include "flow_filter.hpp"
#include "hours.hpp"
#include "opening.hpp"
#include "sqlite.hpp"
#include "traces.hpp"
#include "wire/api.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace linnet {

/// Raw rows are kept for so long, by event time; 0 = for ever.
struct Retention {
    std::chrono::days flows{7};     ///< flows, logins, losses
    std::chrono::days alerts{365};  ///< alerts
    std::chrono::days hours{90};    ///< what each device sent and received in an hour
    std::int64_t max_bytes = 0;     ///< pages in use; where they are more, the oldest flows go first; 0 = no limit
};

/// One run of a sensor, and how far its events have come.
struct Source {
    std::int64_t row = 0;  ///< in the database; 0 before its first event
    std::string sensor;
    std::uint64_t epoch = 0;
    std::string name;             ///< "eth0", "capture.pcap"
    std::uint64_t accepted = 0;   ///< number of the newest event taken
    std::uint64_t committed = 0;  ///< number of the newest event that would survive a crash
    bool finished = false;        ///< its capture is at the end
    Timestamp last_event;
    std::uint64_t lost = 0;
    std::uint64_t refused = 0;
    std::optional<SensorStats> stats;  ///< the newest
    bool changed = false;              ///< since the last commit
    std::uint64_t used = 0;            ///< rises with each use
    bool active = false;               ///< used since the store was opened
};
using SourceKey = std::pair<std::string, std::uint64_t>;  ///< sensor and epoch

struct FlowRow {
    std::int64_t row = 0;
    Flow flow;
    TlsFacts tls;  ///< empty where it is not TLS, or nothing was seen of its beginning
};

/// Which alerts are new or changed, for whoever tells people of them. Each alert that a commit changed gets the next number
/// of one series, so that a reader needs to remember a number only. The series is another one where the numbers no longer
/// lead on from those told: a copy took the place of a broken database, or everything was erased.
struct AlertChanges {
    std::string series;
    std::uint64_t last = 0;     ///< number of the newest change of all
    std::uint64_t forgets = 0;  ///< rises when something was forgotten: what a reader keeps of unknown devices has to go
    std::vector<Json> alerts;   ///< EVE, in order of change, with linnet.change
};

/// What a query may ask for: rows before this one, of this device (MAC address or IP address; empty = of all).
struct Page {
    std::size_t limit = 1'000;
    std::optional<std::int64_t> before;
    std::string device;
    std::vector<std::string> keys;  ///< under which that device was told of; empty: `device` alone
    FlowFilter filter;              ///< of flows; where it has a kind, `keys` are those of all such devices
};

class Store {
 public:
    static constexpr std::size_t max_sources =
        1'024;  ///< remembered; then the one used least recently that has no rows goes
    static constexpr std::int64_t max_devices = 8'192;                 ///< then the one that was seen least recently goes
    static constexpr std::int64_t deleted_per_commit = 2'000;          ///< rows of each kind
    static constexpr std::chrono::hours doubtful_jump{30 * 24};        ///< a clock that leaps so far makes nothing old ...
    static constexpr std::chrono::hours doubt{24};                     ///< ... until it has stayed there for so long
    static constexpr std::int64_t max_searched = api::flows_searched;  ///< flows that a query looks at

    /// `now` is the time of day.
    Store(const std::filesystem::path& file, const Retention& retention, Timestamp now = {});
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// Null for a run that is not known. The pointer is good until the next commit.
    [[nodiscard]] const Source* find(const SourceKey& key) const;
    /// Makes the run known where it is not. The reference is good until the next commit.
    Source& source(const SourceKey& key, const std::string& name);
    [[nodiscard]] const std::map<SourceKey, Source>& sources() const { return sources_; }

    /// The next event of a source; moves its `accepted` on by one. Nothing = an event that was not valid.
    void add(Source& source, const std::optional<Event>& event);
    /// One event that stands for all up to and with number `last`, which are gone; moves `accepted` there.
    void add_gap(Source& source, const Lost& lost, std::uint64_t last);

    /// A flow that ended, at the end where this device is.
    void add_volume(const std::string& device, const Flow& flow, bool is_client);

    /// Writes the changes, the core's state and the cursors, and ends the transaction. `now` keeps an event from the future
    /// from making everything else old.
    void commit(const Changes& changes, Core& core, Timestamp now);
    [[nodiscard]] std::size_t uncommitted() const { return uncommitted_; }  ///< events

    /// Back to the last commit. Sources may be gone.
    void roll_back();

    /// Hands every row of state to the core.
    void restore(Core& core);

    /// A little of the work on the daily copy, where there is any and no transaction is open.
    void copy_a_little(Timestamp now);
    /// One more than the daily ones, as soon as may be; its number. There may be none where the disk has no room.
    std::uint64_t want_copy() { return copies_.want(); }
    [[nodiscard]] const std::optional<DatabaseCopy>& newest_copy() const { return copies_.newest(); }
    [[nodiscard]] bool is_copying() const { return copies_.is_busy(); }
    [[nodiscard]] bool has_copied() const { return copies_.is_idle(); }  ///< nothing is being made or checked now

    /// What a start did about a broken database; told as long as that lies where it was put.
    [[nodiscard]] const std::optional<Restoration>& restoration() const { return restoration_; }

    /// Deletes every row that these traces are in, the core's state among them, and commits. Nothing may be uncommitted.
    /// Then a core that is restored anew knows nothing of it; then sweep().
    void forget(const Traces& traces);
    /// The same with all rows; how far each sensor's events have come stays.
    void erase();
    /// Nothing of what forget() or erase() deleted stays in free pages, in the log, in copies or in what was put aside.
    /// Where that is interrupted, the next start goes on with it.
    void sweep();

    [[nodiscard]] std::vector<Json> alerts(const Page& page);                    ///< newest first, as EVE
    [[nodiscard]] AlertChanges changes(std::uint64_t after, std::size_t limit);  ///< numbers above `after`
    [[nodiscard]] Timestamp clock() const { return clock_; }  ///< the newest event time that is believed; zero = none yet
    [[nodiscard]] Timestamp since() const { return since_; }  ///< when Linnet began to learn this home; zero = not yet
    /// Newest first. `locality` says what is in and out.
    [[nodiscard]] std::vector<FlowRow> flows(const Page& page, const Locality& locality = {{}, false});
    [[nodiscard]] std::vector<Hour> hours(const Page& page);                    ///< of its device, newest first
    [[nodiscard]] std::uint64_t newest_alert() const { return newest_alert_; }  ///< the highest id; 0 = none

    struct Counts {
        std::int64_t bytes = 0, events = 0, flows = 0, alerts = 0, devices = 0;
    };
    [[nodiscard]] Counts counts() const;
    [[nodiscard]] const std::filesystem::path& file() const { return database_.file(); }

 private:
    struct AddRow;
    void begin();
    void insert(Source& source);
    void add_row(const Source& source, const Flow& flow);
    void add_row(const Source& source, const Login& login);
    void add_row(const Source& source, const Lost& lost);
    void add_row(const Source& source, const TlsHandshake& handshake);
    void add_row(const Source& source, const Certificate& certificate);
    void upsert_tls(const Source& source, std::uint64_t flow, Timestamp at, const TlsFacts& facts);
    void save(const Alert& alert);
    void save(const Device& device);
    void save(const StateRow& row);
    void save(Source& source);
    void delete_old(Timestamp now);
    Timestamp believed(Timestamp newest);
    void delete_surplus();
    std::int64_t remove(const char* sql, std::int64_t bound, std::int64_t most = deleted_per_commit);
    void load();
    void note(const char* name, const std::string& value);
    [[nodiscard]] std::string noted(const char* name);
    void load_restoration();
    void load_changes();
    void note_changes(bool alerts_changed);
    [[nodiscard]] std::string flow_query(const Page& page) const;
    void forget_state(const Traces& traces);
    void commit_forgetting();
    void forget_sources();
    void load_sources();

    Store(OpenedDatabase&& opened, const Retention& retention);

    Database database_;
    Retention retention_;
    Copies copies_;
    std::optional<Restoration> restoration_;
    Hours hours_;
    std::map<SourceKey, Source> sources_;
    std::size_t uncommitted_ = 0;
    bool in_transaction_ = false;
    bool source_added_ = false;  ///< since the last commit
    std::uint64_t uses_ = 0;
    Timestamp clock_;  ///< up to which time ages are counted; zero = not known
    std::optional<std::chrono::steady_clock::time_point> doubted_since_;
    std::int64_t flow_count_ = 0;
    std::uint64_t newest_alert_ = 0;
    std::uint64_t newest_change_ = 0;
    std::uint64_t forgets_ = 0;
    Timestamp since_;

    Statement insert_source_, update_source_, upsert_flow_, insert_login_, insert_lost_, upsert_tls_, upsert_alert_,
        upsert_device_, delete_device_, upsert_state_, delete_state_, begin_, commit_;
};

}  // namespace linnet
