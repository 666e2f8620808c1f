// The store keeps what the analyzer knows in SQLite: flows, logins and losses as they come; alerts, devices, the core's
// state and every sensor's cursor with each commit. All of it in ONE transaction, so that after a crash the database says
// exactly how far it got, and nothing is there twice. A transaction begins with the first event after a commit; whoever
// owns the store decides when to commit. With each commit a bounded number of rows that are too old is deleted.
// Every function may throw DatabaseError; then the transaction is gone with everything since the last commit.
#pragma once

#include "core.hpp"
#include "sqlite.hpp"

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

/// What a query may ask for: rows before this one, of this device (MAC address or IP address; empty = of all).
struct Page {
    std::size_t limit = 1'000;
    std::optional<std::int64_t> before;
    std::string device;
    std::vector<std::string> keys;  ///< under which that device was told of; empty: `device` alone
};

class Store {
 public:
    static constexpr std::size_t max_sources =
        1'024;  ///< remembered; then the one used least recently that has no rows goes
    static constexpr std::int64_t max_devices = 8'192;         ///< then the one that was seen least recently goes
    static constexpr std::int64_t deleted_per_commit = 2'000;  ///< rows of each kind
    static constexpr std::int64_t max_searched = 200'000;      ///< newest flows that a query for one device looks at

    Store(const std::filesystem::path& file, const Retention& retention);
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    /// Null for a run that is not known. The pointer is good until the next commit.
    [[nodiscard]] const Source* find(const SourceKey& key) const;
    /// Makes the run known where it is not. The reference is good until the next commit.
    Source& source(const SourceKey& key, const std::string& name);
    [[nodiscard]] const std::map<SourceKey, Source>& sources() const { return sources_; }

    /// The next event of a source; moves its `accepted` on by one. Nothing = an event that was not valid.
    void add(Source& source, const std::optional<Event>& event);

    /// Writes the changes, the core's state and the cursors, and ends the transaction. `now` keeps an event from the future
    /// from making everything else old.
    void commit(const Changes& changes, Core& core, Timestamp now);
    [[nodiscard]] std::size_t uncommitted() const { return uncommitted_; }  ///< events

    /// Hands every row of state to the core.
    void restore(Core& core);

    [[nodiscard]] std::vector<Json> alerts(const Page& page);                   ///< newest first, as EVE
    [[nodiscard]] std::vector<FlowRow> flows(const Page& page);                 ///< newest first
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
    void forget_sources();
    void load_sources();

    Database database_;
    Retention retention_;
    std::map<SourceKey, Source> sources_;
    std::size_t uncommitted_ = 0;
    bool in_transaction_ = false;
    bool source_added_ = false;  ///< since the last commit
    std::uint64_t uses_ = 0;
    std::int64_t flow_count_ = 0;
    std::uint64_t newest_alert_ = 0;

    Statement insert_source_, update_source_, upsert_flow_, insert_login_, insert_lost_, upsert_tls_, upsert_alert_,
        upsert_device_, delete_device_, upsert_state_, delete_state_, begin_, commit_;
};

}  // namespace linnet
