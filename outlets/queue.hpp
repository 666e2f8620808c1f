// What linnet-outlets remembers, in a small SQLite database of its own: for each outlet how far it has read (the cursor),
// what was told of each episode, what waits to be sent, and how sending goes. Cursor and messages change in one transaction,
// and a message goes when it was delivered: after a crash nothing is lost, and what may have been sent already is sent again
// under the same id.
//
// Bounded for each outlet: max_messages and max_bytes wait, then the oldest become one, "And 14 more"; of max_told episodes
// it is known what was told, then the oldest numbers give way.
#pragma once

#include "policy.hpp"

#include "analyzer/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace linnet {

/// How far an outlet has read what the analyzer tells.
struct Progress {
    std::string series;  ///< empty = nothing was read yet
    std::uint64_t cursor = 0;
    std::uint64_t forgets = 0;
    bool is_first = true;  ///< not yet at the end of what was there before it
    Standing standing;
    bool operator==(const Progress&) const = default;
};

/// How sending goes.
struct Health {
    std::uint64_t delivered = 0, refused = 0;
    std::uint64_t attempts = 0;  ///< that failed since the last success
    Timestamp next;              ///< not before; by the clock of the day
    Timestamp last_success;      ///< zero = none yet
    std::string last_error;      ///< a sentence; empty = all right
    bool shut_out = false;       ///< nothing is tried until a person does something
    bool operator==(const Health&) const = default;
};

/// The tables. Not thread-safe; every function may throw DatabaseError.
class Ledger {
 public:
    static constexpr std::size_t max_messages = 1'000;
    static constexpr std::size_t max_bytes = 4 * 1024 * 1024;
    static constexpr std::size_t max_told = 20'000;

    explicit Ledger(const std::filesystem::path& file);

    /// Nothing is left of outlets with other names.
    void keep_only(const std::vector<std::string>& outlets);

    Progress progress(const std::string& outlet);
    void save(const std::string& outlet, const Progress& progress);
    Health health(const std::string& outlet);
    void save(const std::string& outlet, const Health& health);
    std::string cursor(const std::string& stream);  ///< as it was saved; empty = never
    void save_cursor(const std::string& stream, const std::string& cursor);

    Told told(const std::string& outlet, std::uint64_t alert);  ///< as new where nothing was told
    void save(const std::string& outlet, std::uint64_t alert, const Told& told);
    /// Alerts that were last seen before `bound` and are not over; the first ones of at most so many.
    std::vector<std::uint64_t> quiet_before(const std::string& outlet, Timestamp bound, std::size_t most);
    void forget_told(const std::string& outlet);
    void drop_surplus_told(const std::string& outlet);

    void put(const std::string& outlet, const Message& message);  ///< nothing where its id waits already
    std::optional<Message> oldest(const std::string& outlet);
    void remove(const std::string& outlet, const std::string& id);
    std::size_t waiting(const std::string& outlet);

    /// Whatever names a device that is not among these goes, and does not stay in free pages.
    void forget_others(const std::set<std::string>& devices);
    void vacuum();

    [[nodiscard]] Database& database() { return database_; }

 private:
    void make_room(const std::string& outlet);
    bool is_full(const std::string& outlet);
    void replace(std::int64_t row, const Message& message, std::int64_t left_out);
    void forget_in_piles(const std::set<std::string>& devices);

    Database database_;
};

/// The ledger, shared by threads.
class Queue {
 public:
    /// A file that is damaged is put aside and a new one begun: what waited in it is lost, and said to be.
    explicit Queue(const std::filesystem::path& file);

    template <class Use>
    auto with(Use use) {
        const std::lock_guard lock{mutex_};
        return use(*ledger_);
    }

    /// All or nothing. Throws what `change` throws.
    void transact(const std::function<void(Ledger&)>& change);

 private:
    std::mutex mutex_;
    std::optional<Ledger> ledger_;
};

}  // namespace linnet
