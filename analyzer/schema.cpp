#include "schema.hpp"

#include <fmt/format.h>

#include <array>

namespace linnet {
namespace {

constexpr std::int64_t application_id = 0x4c4e4e54;  // "LNNT"

// Times are microseconds since 1970. Addresses are 4 or 16 bytes, MAC addresses 6; NULL = not known. Numbers of 64 bits
// without sign are kept as the signed number with the same bits. `eve` is an object of EVE JSON.
constexpr std::array steps{
    R"(
    CREATE TABLE sensors (               -- one row for each run of a sensor
        row INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        source TEXT NOT NULL,            -- "eth0", "capture.pcap"
        committed INTEGER NOT NULL,      -- number of the newest event that is in this database
        finished INTEGER NOT NULL,       -- 1: its capture is at the end
        last_event INTEGER NOT NULL,     -- newest event time
        lost INTEGER NOT NULL,           -- events that it reported lost
        refused INTEGER NOT NULL,        -- events that were not valid
        stats TEXT NOT NULL,             -- its newest counters: a line of JSON (wire/event_json.hpp); empty = none yet
        UNIQUE (id, epoch)
    ) STRICT;

    CREATE TABLE flows (
        row INTEGER PRIMARY KEY,
        sensor INTEGER NOT NULL REFERENCES sensors (row),
        flow INTEGER NOT NULL,
        stage INTEGER NOT NULL,
        reason INTEGER NOT NULL,
        proto INTEGER NOT NULL,
        midstream INTEGER NOT NULL,
        client_ip BLOB,
        client_port INTEGER NOT NULL,
        client_mac BLOB,
        server_ip BLOB,
        server_port INTEGER NOT NULL,
        server_mac BLOB,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        packets_to_server INTEGER NOT NULL,
        packets_to_client INTEGER NOT NULL,
        bytes_to_server INTEGER NOT NULL,
        bytes_to_client INTEGER NOT NULL,
        payload_to_server INTEGER NOT NULL,
        payload_to_client INTEGER NOT NULL,
        app_proto TEXT NOT NULL,
        service TEXT NOT NULL,
        UNIQUE (sensor, flow)
    ) STRICT;
    CREATE INDEX flows_by_age ON flows (first_seen);

    CREATE TABLE logins (                -- there is no column for a password, here or anywhere
        row INTEGER PRIMARY KEY,
        sensor INTEGER NOT NULL REFERENCES sensors (row),
        flow INTEGER NOT NULL,
        at INTEGER NOT NULL,
        client_ip BLOB,
        client_port INTEGER NOT NULL,
        client_mac BLOB,
        server_ip BLOB,
        server_port INTEGER NOT NULL,
        server_mac BLOB,
        service TEXT NOT NULL,
        outcome TEXT NOT NULL,
        default_entry INTEGER NOT NULL,
        user TEXT NOT NULL
    ) STRICT;
    CREATE INDEX logins_by_age ON logins (at);

    CREATE TABLE lost (
        row INTEGER PRIMARY KEY,
        sensor INTEGER NOT NULL REFERENCES sensors (row),
        since INTEGER NOT NULL,
        until INTEGER NOT NULL,
        count INTEGER NOT NULL,
        reason TEXT NOT NULL
    ) STRICT;
    CREATE INDEX lost_by_age ON lost (until);

    CREATE TABLE alerts (
        id INTEGER PRIMARY KEY,
        detector TEXT NOT NULL,
        device TEXT NOT NULL,
        first_seen INTEGER NOT NULL,
        last_seen INTEGER NOT NULL,
        eve TEXT NOT NULL
    ) STRICT;
    CREATE INDEX alerts_by_device ON alerts (device, id);
    CREATE INDEX alerts_by_age ON alerts (last_seen);

    CREATE TABLE devices (
        key TEXT PRIMARY KEY,
        last_seen INTEGER NOT NULL,
        eve TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX devices_by_age ON devices (last_seen);

    CREATE TABLE state (                 -- what the detectors remember
        name TEXT NOT NULL,
        key TEXT NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (name, key)
    ) STRICT, WITHOUT ROWID;
    )",
    R"(
    CREATE TABLE tls (                   -- what was seen of a flow's handshake; it may come before the flow
        row INTEGER PRIMARY KEY,
        sensor INTEGER NOT NULL REFERENCES sensors (row),
        flow INTEGER NOT NULL,
        at INTEGER NOT NULL,
        version TEXT NOT NULL,
        sni TEXT NOT NULL,
        ja4 TEXT NOT NULL,
        subject TEXT NOT NULL,           -- of the server's certificate, as the next three; empty = not seen
        issuer TEXT NOT NULL,
        not_before TEXT NOT NULL,
        not_after TEXT NOT NULL,
        UNIQUE (sensor, flow)
    ) STRICT;
    CREATE INDEX tls_by_age ON tls (at);
    )",
    R"(
    CREATE TABLE hours (                 -- what flows carried that ended in an hour, by the device at each local end
        hour INTEGER NOT NULL,           -- when it began
        device TEXT NOT NULL,            -- its key: MAC address, or address
        app_proto TEXT NOT NULL,
        flows INTEGER NOT NULL,
        packets_out INTEGER NOT NULL,    -- sent by the device
        packets_in INTEGER NOT NULL,
        bytes_out INTEGER NOT NULL,
        bytes_in INTEGER NOT NULL,
        PRIMARY KEY (hour, device, app_proto)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE notes (                 -- what the database has to say of itself
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    )",
    R"(
    ALTER TABLE alerts ADD COLUMN change INTEGER NOT NULL DEFAULT 0;  -- number of its newest change (AlertChanges)
    UPDATE alerts SET change = id;
    CREATE INDEX alerts_by_change ON alerts (change);
    INSERT INTO notes VALUES ('series', lower(hex(randomblob(8))));
    INSERT INTO notes SELECT 'since', CAST(min(t) AS TEXT) FROM (SELECT min(first_seen) AS t FROM alerts UNION ALL
        SELECT min(first_seen) FROM flows UNION ALL SELECT min(hour) FROM hours) HAVING min(t) IS NOT NULL;
    )",
};

bool is_new(const Database& database) {
    return database.integer("PRAGMA user_version") == 0 && database.integer("SELECT count(*) FROM sqlite_master") == 0;
}

bool has_our_tables(const Database& database) {
    return database.integer(
               "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN "
               "('sensors', 'flows', 'logins', 'alerts', 'devices', 'state')") >= 4;
}

[[noreturn]] void refuse_as_broken(const Database& database, const std::string& what) {
    throw DatabaseError{fmt::format("The database {} is damaged: {}.", database.file().string(), what), Trouble::broken};
}

/// Tables, columns and indexes, as text.
std::string form_of(const Database& database) {
    return database.text(
        "SELECT json_group_array(part) FROM (SELECT t.name || '.' || c.name || ' ' || c.type || c.\"notnull\" || c.pk AS "
        "part "
        "FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' UNION ALL "
        "SELECT t.name || ' by ' || c.name || i.\"unique\" || c.seqno FROM sqlite_master t, pragma_index_list(t.name) i, "
        "pragma_index_info(i.name) c WHERE t.type = 'table' ORDER BY 1)");
}

/// The number of steps is kept twice, so that damage is not taken for a newer Linnet's database.
std::size_t steps_noted(const Database& database) {
    if (database.integer("SELECT count(*) FROM sqlite_master WHERE name = 'notes'") == 0) return 0;
    return static_cast<std::size_t>(database.integer("SELECT CAST(value AS INTEGER) FROM notes WHERE name = 'steps'"));
}

void take_steps(Database& database, std::size_t taken) {
    for (auto step = taken; step < steps.size(); ++step) {
        const auto note =
            step < 2 ? std::string{} : fmt::format("INSERT OR REPLACE INTO notes VALUES ('steps', '{}');", step + 1);
        database.execute(
            fmt::format("BEGIN; {} {} PRAGMA user_version = {}; COMMIT", steps.at(step), note, step + 1).c_str());
    }
}

}  // namespace

void migrate(Database& database) {
    const auto name = database.file().string();
    if (is_new(database)) {
        database.execute(fmt::format("PRAGMA application_id = {}", application_id).c_str());
    } else if (database.integer("PRAGMA application_id") != application_id) {
        if (has_our_tables(database)) refuse_as_broken(database, "its header is not Linnet's");
        throw DatabaseError{
            fmt::format("The database {} belongs to another program. Name another file with --database.", name)};
    }
    const auto taken = static_cast<std::size_t>(database.integer("PRAGMA user_version"));
    if (taken > steps.size() && steps_noted(database) != taken) refuse_as_broken(database, "its form is not known");
    if (taken > steps.size())
        throw DatabaseError{fmt::format(
            "The database {} was written by a newer Linnet (form {}, this program knows {}). Install that Linnet again.",
            name, taken, steps.size())};
    try {
        take_steps(database, taken);
    } catch (const DatabaseError& error) {
        database.roll_back();
        if (error.trouble != Trouble::unfit) throw;
        refuse_as_broken(database, error.what());  // the steps are right, so what they meet is not
    }
}

void check(Database& database) {
    if (const auto found = database.text("PRAGMA quick_check(1)"); found != "ok") refuse_as_broken(database, found);
    if (sqlite3_db_readonly(database.handle(), "main") != 0) database.fail(SQLITE_READONLY);
    Database fresh{":memory:"};
    migrate(fresh);
    if (form_of(database) != form_of(fresh)) refuse_as_broken(database, "its tables are not those of Linnet");
}

}  // namespace linnet
