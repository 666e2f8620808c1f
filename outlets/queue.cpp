#include "queue.hpp"

#include "analyzer/column.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace linnet {
namespace {

constexpr std::int64_t application_id = 0x4c4e4e4f;  // "LNNO"

constexpr const char* tables = R"(
    CREATE TABLE IF NOT EXISTS outlets (
        name TEXT PRIMARY KEY,
        series TEXT NOT NULL DEFAULT '',
        cursor INTEGER NOT NULL DEFAULT 0,
        forgets INTEGER NOT NULL DEFAULT 0,
        is_first INTEGER NOT NULL DEFAULT 1,
        standing TEXT NOT NULL DEFAULT '',       -- JSON; empty = none
        delivered INTEGER NOT NULL DEFAULT 0,
        refused INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        next INTEGER NOT NULL DEFAULT 0,         -- times are microseconds since 1970
        last_success INTEGER NOT NULL DEFAULT 0,
        last_error TEXT NOT NULL DEFAULT ''
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS told (
        outlet TEXT NOT NULL,
        alert INTEGER NOT NULL,
        is_over INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        told TEXT NOT NULL,                      -- JSON
        PRIMARY KEY (outlet, alert)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS told_by_age ON told (outlet, last_seen) WHERE is_over = 0;
    CREATE TABLE IF NOT EXISTS messages (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        outlet TEXT NOT NULL,
        id TEXT NOT NULL,
        left_out INTEGER NOT NULL DEFAULT 0,     -- stands for so many that were left out
        bytes INTEGER NOT NULL,
        body TEXT NOT NULL,                      -- JSON
        UNIQUE (outlet, id)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS streams (
        name TEXT PRIMARY KEY,
        cursor TEXT NOT NULL                     -- in the stream's own words
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS messages_in_order ON messages (outlet, row, bytes);
)";

template <class Value>
Value parsed(std::string_view text, Value (*from)(const Json&), Value fallback) {
    if (text.empty()) return fallback;
    try {
        return from(Json::parse(text));
    } catch (const std::exception&) {
        return fallback;  // written by another version
    }
}

void put_aside(const std::filesystem::path& file) {
    const auto aside = file.string() + ".broken";
    std::error_code ignored;
    std::filesystem::rename(file, aside, ignored);
    for (const char* beside : {"-wal", "-shm"}) std::filesystem::remove(file.string() + beside, ignored);
    spdlog::error("the queue was damaged and is now {}; a new one was begun, and what waited in it is not sent", aside);
}

Message left_out_message(const std::string& outlet, std::int64_t row, std::int64_t count, const Message& oldest) {
    Message message;
    message.id = fmt::format("{}/left-out/{}-{}", outlet, row, count);
    message.kind = MessageKind::summary;
    message.title = fmt::format("And {} more", count);
    message.text = fmt::format("{} that could not be sent for too long {} left out. \"linnet alerts\" shows all of them.",
                               count == 1 ? "One message" : fmt::format("{} messages", count), count == 1 ? "was" : "were");
    message.severity = oldest.severity;
    message.at = oldest.at;
    message.link = oldest.link;
    return message;
}

}  // namespace

Ledger::Ledger(const std::filesystem::path& file) : database_{file} {
    const auto form = database_.integer("PRAGMA application_id");
    if (form != 0 && form != application_id)
        throw DatabaseError{fmt::format("{} belongs to another program. Name another file with --queue.", file.string())};
    if (database_.text("PRAGMA quick_check(1)") != "ok")
        throw DatabaseError{fmt::format("{} is damaged.", file.string()), Trouble::broken};
    database_.execute(fmt::format("PRAGMA application_id = {}", application_id).c_str());
    database_.execute(tables);
    // A power cut may take the newest commits, cursor and messages alike: they are read and told again, under the same ids.
    database_.execute("PRAGMA synchronous = NORMAL");
}

void Ledger::keep_only(const std::vector<std::string>& outlets) {
    const auto names = Json(outlets).dump();
    for (const char* sql : {"DELETE FROM outlets WHERE name NOT IN (SELECT value FROM json_each(?1))",
                            "DELETE FROM streams WHERE name NOT IN (SELECT value FROM json_each(?1))",
                            "DELETE FROM told WHERE outlet NOT IN (SELECT value FROM json_each(?1))",
                            "DELETE FROM messages WHERE outlet NOT IN (SELECT value FROM json_each(?1))"})
        Statement{database_, sql}.bind(names).run();
    for (const auto& name : outlets)
        Statement{database_, "INSERT OR IGNORE INTO outlets (name) VALUES (?1)"}.bind(name).run();
}

Progress Ledger::progress(const std::string& outlet) {
    Statement row{database_, "SELECT series, cursor, forgets, is_first, standing FROM outlets WHERE name = ?1"};
    if (!row.bind(outlet).step()) return {};
    column::Reader read{row};
    Progress progress{.series = read.text(), .cursor = read.number(), .forgets = read.number(), .standing = {}};
    progress.is_first = read.integer() != 0;
    progress.standing = parsed(read.text(), standing_from_json, Standing{});
    return progress;
}

void Ledger::save(const std::string& outlet, const Progress& progress) {
    const auto standing = to_json(progress.standing).dump();
    Statement{database_,
              "UPDATE outlets SET series = ?2, cursor = ?3, forgets = ?4, is_first = ?5, standing = ?6 WHERE name = ?1"}
        .bind(outlet, progress.series, column::of(progress.cursor), column::of(progress.forgets),
              std::int64_t{progress.is_first}, standing)
        .run();
}

Health Ledger::health(const std::string& outlet) {
    Statement row{database_,
                  "SELECT delivered, refused, attempts, next, last_success, last_error FROM outlets WHERE name = ?1"};
    if (!row.bind(outlet).step()) return {};
    column::Reader read{row};
    return {.delivered = read.number(),
            .refused = read.number(),
            .attempts = read.number(),
            .next = read.time(),
            .last_success = read.time(),
            .last_error = read.text()};
}

void Ledger::save(const std::string& outlet, const Health& health) {
    Statement{database_,
              "UPDATE outlets SET delivered = ?2, refused = ?3, attempts = ?4, next = ?5, last_success = ?6, "
              "last_error = ?7 WHERE name = ?1"}
        .bind(outlet, column::of(health.delivered), column::of(health.refused), column::of(health.attempts),
              column::of(health.next), column::of(health.last_success), health.last_error)
        .run();
}

std::string Ledger::cursor(const std::string& stream) {
    Statement row{database_, "SELECT cursor FROM streams WHERE name = ?1"};
    return row.bind(stream).step() ? std::string{row.text(0)} : std::string{};
}

void Ledger::save_cursor(const std::string& stream, const std::string& cursor) {
    Statement{database_, "INSERT INTO streams (name, cursor) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET cursor = ?2"}
        .bind(stream, cursor)
        .run();
}

Told Ledger::told(const std::string& outlet, std::uint64_t alert) {
    Statement row{database_, "SELECT told FROM told WHERE outlet = ?1 AND alert = ?2"};
    return row.bind(outlet, column::of(alert)).step() ? parsed(row.text(0), told_from_json, Told{}) : Told{};
}

void Ledger::save(const std::string& outlet, std::uint64_t alert, const Told& told) {
    const auto text = dump(to_json(told));
    Statement{database_,
              "INSERT INTO told (outlet, alert, is_over, last_seen, told) VALUES (?1, ?2, ?3, ?4, ?5) "
              "ON CONFLICT (outlet, alert) DO UPDATE SET is_over = ?3, last_seen = ?4, told = ?5"}
        .bind(outlet, column::of(alert), std::int64_t{told.stage == Told::Stage::over}, column::of(told.last_seen), text)
        .run();
}

std::vector<std::uint64_t> Ledger::quiet_before(const std::string& outlet, Timestamp bound, std::size_t most) {
    Statement rows{
        database_,
        "SELECT alert FROM told WHERE outlet = ?1 AND is_over = 0 AND last_seen < ?2 ORDER BY last_seen LIMIT ?3"};
    rows.bind(outlet, column::of(bound), column::of(most));
    std::vector<std::uint64_t> alerts;
    while (rows.step()) alerts.push_back(static_cast<std::uint64_t>(rows.integer(0)));
    return alerts;
}

void Ledger::forget_told(const std::string& outlet) {
    Statement{database_, "DELETE FROM told WHERE outlet = ?1"}.bind(outlet).run();
}

void Ledger::drop_surplus_told(const std::string& outlet) {
    Statement{
        database_,
        "DELETE FROM told WHERE outlet = ?1 AND alert <= (SELECT alert FROM told WHERE outlet = ?1 ORDER BY alert DESC "
        "LIMIT 1 OFFSET ?2)"}
        .bind(outlet, column::of(max_told))
        .run();
}

void Ledger::put(const std::string& outlet, const Message& message) {
    const auto body = dump(to_json(message));
    Statement{database_, "INSERT OR IGNORE INTO messages (outlet, id, bytes, body) VALUES (?1, ?2, ?3, ?4)"}
        .bind(outlet, message.id, column::of(body.size()), body)
        .run();
    make_room(outlet);
}

bool Ledger::is_full(const std::string& outlet) {
    Statement row{database_, "SELECT count(*), coalesce(sum(bytes), 0) FROM messages WHERE outlet = ?1"};
    return row.bind(outlet).step() && (row.integer(0) > column::of(max_messages) || row.integer(1) > column::of(max_bytes));
}

/// The oldest message becomes the one that stands for what is left out.
void Ledger::make_room(const std::string& outlet) {
    while (is_full(outlet)) {
        Statement rows{database_, "SELECT row, left_out, body FROM messages WHERE outlet = ?1 ORDER BY row LIMIT 2"};
        if (!rows.bind(outlet).step()) return;
        const auto row = rows.integer(0), left_out = rows.integer(1);
        const auto oldest = parsed(rows.text(2), message_from_json, Message{});
        if (left_out == 0) {
            rows.reset();
            replace(row, left_out_message(outlet, row, 1, oldest), 1);
            continue;
        }
        if (!rows.step()) return;
        const auto next = rows.integer(0);
        rows.reset();
        Statement{database_, "DELETE FROM messages WHERE row = ?1"}.bind(next).run();
        replace(row, left_out_message(outlet, row, left_out + 1, oldest), left_out + 1);
    }
}

void Ledger::replace(std::int64_t row, const Message& message, std::int64_t left_out) {
    const auto body = dump(to_json(message));
    Statement{database_, "UPDATE messages SET id = ?2, left_out = ?3, bytes = ?4, body = ?5 WHERE row = ?1"}
        .bind(row, message.id, left_out, column::of(body.size()), body)
        .run();
}

std::optional<Message> Ledger::oldest(const std::string& outlet) {
    while (true) {
        Statement row{database_, "SELECT row, body FROM messages WHERE outlet = ?1 ORDER BY row LIMIT 1"};
        if (!row.bind(outlet).step()) return std::nullopt;
        auto message = parsed(row.text(1), message_from_json, Message{});
        if (!message.id.empty()) return message;
        const auto unreadable = row.integer(0);
        row.reset();
        Statement{database_, "DELETE FROM messages WHERE row = ?1"}.bind(unreadable).run();
    }
}

void Ledger::remove(const std::string& outlet, const std::string& id) {
    Statement{database_, "DELETE FROM messages WHERE outlet = ?1 AND id = ?2"}.bind(outlet, id).run();
}

std::size_t Ledger::waiting(const std::string& outlet) {
    Statement row{database_, "SELECT count(*) FROM messages WHERE outlet = ?1"};
    return row.bind(outlet).step() ? static_cast<std::size_t>(row.integer(0)) : 0;
}

void Ledger::forget_others(const std::set<std::string>& devices) {
    const auto keys = Json(devices).dump();
    Statement{database_,
              "DELETE FROM told WHERE told ->> '$.key' <> '' AND told ->> '$.key' NOT IN (SELECT value FROM json_each(?1))"}
        .bind(keys)
        .run();
    Statement{database_,
              "DELETE FROM messages WHERE EXISTS (SELECT 1 FROM json_each(body, '$.about') AS one WHERE one.value <> '' AND "
              "one.value NOT IN (SELECT value FROM json_each(?1)))"}
        .bind(keys)
        .run();
    forget_in_piles(devices);
}

/// How many it were stays; the lines go.
void Ledger::forget_in_piles(const std::set<std::string>& devices) {
    std::vector<std::string> names;
    for (Statement rows{database_, "SELECT name FROM outlets"}; rows.step();) names.emplace_back(rows.text(0));
    for (const auto& name : names) {
        auto mine = progress(name);
        for (auto* pile : {&mine.standing.quiet, &mine.standing.digest, &mine.standing.surplus})
            if (std::any_of(pile->about.begin(), pile->about.end(),
                            [&](const auto& key) { return !key.empty() && !devices.contains(key); })) {
                pile->lines.clear();
                pile->about.clear();
            }
        save(name, mine);
    }
}

void Ledger::vacuum() {
    database_.execute("VACUUM");
    database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

Queue::Queue(const std::filesystem::path& file) {
    try {
        ledger_.emplace(file);
    } catch (const DatabaseError& error) {
        if (error.trouble != Trouble::broken) throw;
        put_aside(file);
        ledger_.emplace(file);
    }
}

void Queue::transact(const std::function<void(Ledger&)>& change) {
    const std::lock_guard lock{mutex_};
    auto& database = ledger_->database();
    try {
        database.execute("BEGIN IMMEDIATE");
        change(*ledger_);
        database.execute("COMMIT");
    } catch (...) {
        database.roll_back();
        throw;
    }
}

}  // namespace linnet
