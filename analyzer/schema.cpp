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
};

bool is_new(const Database& database) {
    return database.integer("PRAGMA user_version") == 0 && database.integer("SELECT count(*) FROM sqlite_master") == 0;
}

}  // namespace

void migrate(Database& database) {
    const auto name = database.file().string();
    if (is_new(database)) {
        database.execute(fmt::format("PRAGMA application_id = {}", application_id).c_str());
    } else if (database.integer("PRAGMA application_id") != application_id) {
        throw DatabaseError{
            fmt::format("The database {} belongs to another program. Name another file with --database.", name)};
    }
    const auto taken = static_cast<std::size_t>(database.integer("PRAGMA user_version"));
    if (taken > steps.size())
        throw DatabaseError{fmt::format(
            "The database {} was written by a newer Linnet (form {}, this program knows {}). Install that Linnet again.",
            name, taken, steps.size())};
    for (auto step = taken; step < steps.size(); ++step)
        database.execute(fmt::format("BEGIN; {} PRAGMA user_version = {}; COMMIT", steps.at(step), step + 1).c_str());
}

}  // namespace linnet
