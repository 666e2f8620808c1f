// How the store forgets one device, or everything.
#include "column.hpp"
#include "household/resident.hpp"
#include "state_table.hpp"
#include "store.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

namespace linnet {
namespace {

/// What another device's dossier has to say without these traces; nothing where they are not in it.
std::optional<Dossier> pruned(const Json& state, const Traces& traces) {
    if (!traces.in_json(state)) return std::nullopt;
    Dossier dossier = Dossier::from_state(state);
    std::erase_if(dossier.history, [&traces](const HistoryEntry& entry) {
        return traces.in_text(entry.subject) || traces.in_text(entry.text);
    });
    std::erase_if(dossier.suggestions,
                  [&traces](const Suggestion& other) { return traces.in_text(other.key) || traces.in_text(other.why); });
    std::erase_if(dossier.apart, [&traces](const std::string& other) { return traces.in_text(other); });
    return dossier;
}

enum class Fate : std::uint8_t { keep, change, remove };

/// Rows about the device itself go, and rows that tell what others had to do with it; but not what other devices are:
/// of their dossiers only what tells of this one. What cannot be read goes.
Fate fate_of(std::string_view table, std::string_view key, std::string& value, const Traces& traces) {
    const auto name = from_hex(key);
    if (!name || traces.in_bytes(*name) || traces.in_text(*name)) return Fate::remove;
    if (table == "devices" || table == "newcomers") return Fate::keep;
    Json state = Json::from_cbor(value, true, false);
    if (!state.is_object()) return Fate::remove;
    if (table != "dossiers") return traces.in_bytes(value) || traces.in_json(state) ? Fate::remove : Fate::keep;
    try {
        const auto dossier = pruned(state.at("value"), traces);
        if (!dossier) return Fate::keep;
        state["value"] = dossier->to_state();
    } catch (const std::exception&) {
        return Fate::remove;
    }
    value.clear();
    Json::to_cbor(state, value);
    return Fate::change;
}

}  // namespace

void Store::forget_state(const Traces& traces) {
    std::vector<StateRow> changed;
    {
        Statement rows{database_, "SELECT name, key, value FROM state"};
        while (rows.step()) {
            std::string value{rows.text(2)};
            const auto fate = fate_of(rows.text(0), rows.text(1), value, traces);
            if (fate == Fate::keep) continue;
            changed.push_back({std::string{rows.text(0)}, std::string{rows.text(1)}, std::nullopt});
            if (fate == Fate::change) changed.back().value = std::move(value);
        }
    }
    for (const auto& row : changed) save(row);
}

void Store::forget(const Traces& traces) {
    begin();
    const auto remove_where = [this](const char* sql, const auto&... values) {
        Statement{database_, sql}.bind(values...).run();
    };
    for (const auto& mac : traces.macs()) {
        remove_where("DELETE FROM flows WHERE client_mac = ?1 OR server_mac = ?1", column::of(mac));
        remove_where("DELETE FROM logins WHERE client_mac = ?1 OR server_mac = ?1", column::of(mac));
    }
    for (const auto& ip : traces.ips()) {
        remove_where("DELETE FROM flows WHERE client_ip = ?1 OR server_ip = ?1", column::of(ip));
        remove_where("DELETE FROM logins WHERE client_ip = ?1 OR server_ip = ?1", column::of(ip));
    }
    remove_where(
        "DELETE FROM tls WHERE NOT EXISTS (SELECT 1 FROM flows WHERE flows.sensor = tls.sensor AND flows.flow = tls.flow)");
    for (const auto& key : traces.keys()) {
        remove_where("DELETE FROM hours WHERE device = ?1", key);
        remove_where("DELETE FROM devices WHERE key = ?1", key);
        remove_where("DELETE FROM alerts WHERE device = ?1", key);
    }
    forget_state(traces);
    const auto remove_telling = [&](const char* select, const char* remove) {
        std::vector<std::string> telling;
        Statement rows{database_, select};
        while (rows.step())
            if (traces.in_text(rows.text(1))) telling.emplace_back(rows.text(0));
        for (const auto& row : telling) remove_where(remove, row);
    };
    remove_telling("SELECT CAST(id AS TEXT), eve FROM alerts", "DELETE FROM alerts WHERE id = CAST(?1 AS INTEGER)");
    remove_telling("SELECT key, eve FROM devices", "DELETE FROM devices WHERE key = ?1");  // the core knows them still
    commit_forgetting();
}

/// With a note that what was deleted is still to be swept up.
void Store::commit_forgetting() {
    note("sweep", "due");
    note("forgets", std::to_string(forgets_ + 1));
    commit_.run();
    in_transaction_ = false;
    load();
}

void Store::erase() {
    begin();
    for (const char* sql : {"DELETE FROM flows", "DELETE FROM tls", "DELETE FROM logins", "DELETE FROM lost",
                            "DELETE FROM hours", "DELETE FROM alerts", "DELETE FROM devices", "DELETE FROM state",
                            "UPDATE sensors SET lost = 0, refused = 0, stats = ''",
                            "UPDATE notes SET value = lower(hex(randomblob(8))) WHERE name = 'series'",
                            "DELETE FROM notes WHERE name = 'since'"})
        database_.execute(sql);
    hours_.clear();
    commit_forgetting();
}

}  // namespace linnet
