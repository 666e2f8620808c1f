// Copies of the database, beside it, against the day on which it is broken: one a day, the newest two are kept.
//
//   linnet.db.copy-7-20261122T030000Z      the seventh, begun at that time; whole, checked, only its owner may read it
//   linnet.db.copy-new                     being made
//   linnet.db.broken-20261122T211500Z      a database that was put aside (opening.hpp), with its -wal
//
// A copy is made a few pages at a time, between transactions; changes of the database go into the pages that were copied
// already (sqlite3_backup). Then another thread checks it and has it written out; then it gets its name.
#pragma once

#include "sqlite.hpp"
#include "wire/event.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace linnet {

struct DatabaseCopy {
    std::filesystem::path file;
    std::uint64_t number = 0;
    Timestamp made;
};

/// Newest first. The number says what is newer: a clock may be wrong.
std::vector<DatabaseCopy> copies_of(const std::filesystem::path& database);
/// Those that were put aside, the newest last.
std::vector<std::filesystem::path> broken_files_of(const std::filesystem::path& database);
/// "20261122T211500Z"
std::string time_in_name(Timestamp at);
/// With what SQLite keeps beside it.
void remove_database(const std::filesystem::path& file);
/// On disk, whatever happens then. False where that fails.
bool written_out(const std::filesystem::path& file_or_folder);

class Copies {
 public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kept = 2;
    static constexpr int pages_at_a_time = 128;
    static constexpr std::chrono::hours interval{24};
    static constexpr std::chrono::hours pause_after_failure{1};

    /// Removes what an earlier process left unfinished.
    explicit Copies(Database& database);
    ~Copies();
    Copies(const Copies&) = delete;
    Copies& operator=(const Copies&) = delete;

    /// A little of the work, where there is any; only outside a transaction. `now` is the time of day.
    void work(Timestamp now);
    /// Work begins a further one, whatever the time; its number. One that is being made will do: it ends as the database is
    /// then.
    std::uint64_t want();
    [[nodiscard]] bool is_busy() const { return backup_ != nullptr; }  ///< work() has something to do at once
    /// The newest that this process made.
    [[nodiscard]] const std::optional<DatabaseCopy>& newest() const { return newest_; }
    [[nodiscard]] bool is_idle() const { return backup_ == nullptr && !checker_.joinable(); }

    /// No copy is left, nor what was put aside; work() makes a new one.
    void remove_all();

 private:
    enum class Verdict : std::uint8_t { none, good, bad };
    void begin(Timestamp now);
    [[nodiscard]] bool has_room() const;
    void step();
    void finish_check();
    void give_up(const char* why);
    void abandon();

    struct Finish {
        void operator()(sqlite3_backup* backup) const { sqlite3_backup_finish(backup); }
    };
    Database& database_;
    std::filesystem::path unfinished_;
    struct Close {
        void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
    };
    std::unique_ptr<sqlite3, Close> target_;  ///< outlives the backup
    std::unique_ptr<sqlite3_backup, Finish> backup_;
    std::thread checker_;
    std::atomic<Verdict> verdict_{Verdict::none};
    std::atomic<bool> abandoned_{false};
    DatabaseCopy next_;
    Clock::time_point not_before_;
    std::optional<DatabaseCopy> newest_;
    bool wanted_ = false;
    bool said_ = false;  ///< that it failed
};

}  // namespace linnet
