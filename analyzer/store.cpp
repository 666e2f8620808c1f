#include "store.hpp"

#include "column.hpp"
#include "wire/event_json.hpp"
#include "x509.hpp"

#include <algorithm>
#include <utility>

namespace linnet {
namespace {

/// What names a device in a row: its MAC address, or its address where there is none.
std::string key_of(const DeviceRef& device) { return device.mac.known() ? to_string(device.mac) : to_string(device.ip); }

Blob blob_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

}  // namespace

Store::Store(const std::filesystem::path& file, const Retention& retention, Timestamp now)
    : Store{open_database(file, now), retention} {}

Store::Store(OpenedDatabase&& opened, const Retention& retention)
    : database_{std::move(opened.database)},
      retention_{retention},
      copies_{database_},
      restoration_{std::move(opened.restoration)},
      insert_source_{database_,
                     "INSERT INTO sensors (id, epoch, source, committed, finished, last_event, lost, refused, stats) "
                     "VALUES (?1, ?2, ?3, 0, 0, 0, 0, 0, '')"},
      update_source_{
          database_,
          "UPDATE sensors SET committed = ?2, finished = ?3, last_event = ?4, lost = ?5, refused = ?6, stats = ?7 "
          "WHERE row = ?1"},
      upsert_flow_{
          database_,
          "INSERT INTO flows (sensor, flow, stage, reason, proto, midstream, client_ip, client_port, client_mac, "
          "server_ip, server_port, server_mac, first_seen, last_seen, packets_to_server, packets_to_client, "
          "bytes_to_server, bytes_to_client, payload_to_server, payload_to_client, app_proto, service) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22) "
          "ON CONFLICT (sensor, flow) DO UPDATE SET stage = ?3, reason = ?4, last_seen = ?14, packets_to_server = ?15, "
          "packets_to_client = ?16, bytes_to_server = ?17, bytes_to_client = ?18, payload_to_server = ?19, "
          "payload_to_client = ?20, app_proto = ?21, service = ?22"},
      insert_login_{database_,
                    "INSERT INTO logins (sensor, flow, at, client_ip, client_port, client_mac, server_ip, server_port, "
                    "server_mac, service, outcome, default_entry, user) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"},
      insert_lost_{database_, "INSERT INTO lost (sensor, since, until, count, reason) VALUES (?1, ?2, ?3, ?4, ?5)"},
      upsert_tls_{database_,
                  "INSERT INTO tls (sensor, flow, at, version, sni, ja4, subject, issuer, not_before, not_after) "
                  "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (sensor, flow) DO UPDATE SET "
                  "version = ?4, sni = ?5, ja4 = iif(?6 = '', ja4, ?6), subject = iif(?7 = '', subject, ?7), "
                  "issuer = iif(?7 = '', issuer, ?8), not_before = iif(?7 = '', not_before, ?9), "
                  "not_after = iif(?7 = '', not_after, ?10)"},
      upsert_alert_{database_,
                    "INSERT INTO alerts (id, detector, device, first_seen, last_seen, eve, change) "
                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
                    "ON CONFLICT (id) DO UPDATE SET device = ?3, last_seen = ?5, eve = ?6, change = ?7"},
      upsert_device_{database_,
                     "INSERT INTO devices (key, last_seen, eve) VALUES (?1, ?2, ?3) "
                     "ON CONFLICT (key) DO UPDATE SET last_seen = ?2, eve = ?3"},
      delete_device_{database_, "DELETE FROM devices WHERE key = ?1"},
      upsert_state_{
          database_,
          "INSERT INTO state (name, key, value) VALUES (?1, ?2, ?3) ON CONFLICT (name, key) DO UPDATE SET value = ?3"},
      delete_state_{database_, "DELETE FROM state WHERE name = ?1 AND key = ?2"},
      begin_{database_, "BEGIN IMMEDIATE"},
      commit_{database_, "COMMIT"} {
    load();
    load_restoration();
    if (noted("sweep").empty()) return;
    try {
        sweep();
    } catch (const DatabaseError& error) {
        if (error.trouble != Trouble::no_room) throw;  // what was deleted is deleted; the next start wipes the rest
    }
}

void Store::load() {
    sources_.clear();
    load_sources();
    clock_ = Timestamp{Duration{database_.integer("SELECT CAST(value AS INTEGER) FROM notes WHERE name = 'clock'")}};
    flow_count_ = database_.integer("SELECT count(*) FROM flows");
    newest_alert_ = static_cast<std::uint64_t>(database_.integer("SELECT coalesce(max(id), 0) FROM alerts"));
    load_changes();
}

const Source* Store::find(const SourceKey& key) const {
    const auto found = sources_.find(key);
    return found == sources_.end() ? nullptr : &found->second;
}

Source& Store::source(const SourceKey& key, const std::string& name) {
    const auto [found, is_new] = sources_.try_emplace(key);
    auto& source = found->second;
    if (is_new) {
        source.sensor = key.first;
        source.epoch = key.second;
        source.name = name;
    }
    source.used = ++uses_;
    source.active = true;
    return source;
}

void Store::roll_back() {
    database_.roll_back();
    in_transaction_ = source_added_ = false;
    uncommitted_ = 0;
    hours_.clear();
    load();
}

void Store::begin() {
    if (in_transaction_) return;
    begin_.run();
    in_transaction_ = true;
}

struct Store::AddRow {
    Store& store;
    Source& source;

    void operator()(const Flow& flow) const { store.add_row(source, flow); }
    void operator()(const Login& login) const { store.add_row(source, login); }
    void operator()(const TlsHandshake& handshake) const { store.add_row(source, handshake); }
    void operator()(const Certificate& certificate) const { store.add_row(source, certificate); }
    void operator()(const Lost& lost) const {
        store.add_row(source, lost);
        source.lost += lost.count;
    }
    void operator()(const SensorStats& stats) const {
        source.stats = stats;
        source.finished = source.finished || stats.last;
    }
    // What these tell is in the alerts, the devices and the state.
    void operator()(const auto& /*event*/) const {}
};

void Store::add(Source& source, const std::optional<Event>& event) {
    begin();
    if (source.row == 0) insert(source);
    if (event) {
        std::visit(AddRow{*this, source}, *event);
        source.last_event = std::max(source.last_event, time_of(*event));
    } else {
        ++source.refused;
    }
    ++source.accepted;
    source.changed = true;
    ++uncommitted_;
}

void Store::add_gap(Source& source, const Lost& lost, std::uint64_t last) {
    add(source, lost);
    source.accepted = last;
}

void Store::insert(Source& source) {
    insert_source_.bind(source.sensor, column::of(source.epoch), source.name).run();
    source.row = database_.last_row();
    source_added_ = true;
}

void Store::add_row(const Source& source, const Flow& f) {
    database_.clear_last_row();
    upsert_flow_
        .bind(source.row, column::of(f.id), column::of(f.stage), column::of(f.reason), column::of(f.proto), f.midstream,
              column::of(f.client.ip), column::of(f.client.port), column::of(f.client.mac), column::of(f.server.ip),
              column::of(f.server.port), column::of(f.server.mac), column::of(f.first_seen), column::of(f.last_seen),
              column::of(f.packets_to_server), column::of(f.packets_to_client), column::of(f.bytes_to_server),
              column::of(f.bytes_to_client), column::of(f.payload_to_server), column::of(f.payload_to_client), f.app_proto,
              f.service)
        .run();
    if (database_.last_row() != 0) ++flow_count_;
}

void Store::add_row(const Source& source, const Login& l) {
    insert_login_
        .bind(source.row, column::of(l.flow_id), column::of(l.at), column::of(l.client.ip), column::of(l.client.port),
              column::of(l.client.mac), column::of(l.server.ip), column::of(l.server.port), column::of(l.server.mac),
              to_string(l.service), to_string(l.outcome), l.default_entry, l.user)
        .run();
}

void Store::add_row(const Source& source, const Lost& l) {
    insert_lost_.bind(source.row, column::of(l.from), column::of(l.to), column::of(l.count), l.reason).run();
}

void Store::add_row(const Source& source, const TlsHandshake& h) {
    upsert_tls(source, h.flow_id, h.at, {.version = tls_version_name(h.version), .sni = h.sni, .ja4 = h.ja4});
}

void Store::add_row(const Source& source, const Certificate& c) {
    TlsFacts facts{.version = tls_version_name(c.version), .sni = c.sni};
    const auto certificate = c.chain.empty() ? X509Ptr{} : read_x509(c.chain.front().bytes);
    if (const auto read = certificate ? facts_of(*certificate) : std::nullopt) put(*read, facts);
    upsert_tls(source, c.flow_id, c.at, facts);
}

void Store::upsert_tls(const Source& source, std::uint64_t flow, Timestamp at, const TlsFacts& f) {
    upsert_tls_
        .bind(source.row, column::of(flow), column::of(at), f.version, f.sni, f.ja4, f.subject, f.issuerdn, f.notbefore,
              f.notafter)
        .run();
}

void Store::add_volume(const std::string& device, const Flow& flow, bool is_client) { hours_.add(device, flow, is_client); }

void Store::save(const Alert& alert) {
    newest_alert_ = std::max(newest_alert_, alert.id);
    upsert_alert_
        .bind(column::of(alert.id), alert.detector, key_of(alert.device), column::of(alert.first_seen),
              column::of(alert.last_seen), dump(to_eve(alert)), column::of(++newest_change_))
        .run();
}

void Store::save(const Device& device) {
    upsert_device_.bind(device.key, column::of(device.last_seen), dump(to_eve(device))).run();
}

void Store::save(const StateRow& row) {
    if (row.value)
        upsert_state_.bind(row.table, row.key, blob_of(*row.value)).run();
    else
        delete_state_.bind(row.table, row.key).run();
}

void Store::save(Source& source) {
    std::string stats;
    if (source.stats) append_json_line(*source.stats, stats);
    update_source_
        .bind(source.row, column::of(source.accepted), source.finished, column::of(source.last_event),
              column::of(source.lost), column::of(source.refused), stats)
        .run();
}

void Store::commit(const Changes& changes, Core& core, Timestamp now) {
    begin();
    for (const auto& alert : changes.alerts) save(alert);
    for (const auto& key : changes.gone) delete_device_.bind(key).run();
    for (const auto& device : changes.devices) save(device);
    core.save_changes([this](StateRow&& row) { save(row); });
    for (auto& [key, source] : sources_)
        if (source.changed) save(source);
    hours_.save(database_);
    delete_old(now);
    delete_surplus();
    note_changes(!changes.alerts.empty());
    commit_.run();
    in_transaction_ = false;
    uncommitted_ = 0;
    for (auto& [key, source] : sources_) {
        source.committed = source.accepted;
        source.changed = false;
    }
    if (std::exchange(source_added_, false)) forget_sources();
}

void Store::restore(Core& core) {
    Statement rows{database_, "SELECT name, key, value FROM state ORDER BY name, key"};
    while (rows.step()) core.restore({std::string{rows.text(0)}, std::string{rows.text(1)}, std::string{rows.text(2)}});
}

}  // namespace linnet
