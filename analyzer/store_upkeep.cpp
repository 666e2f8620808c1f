// What the store does for its own survival.
#include "column.hpp"
#include "store.hpp"

#include <spdlog/spdlog.h>

#include <stdexcept>

namespace linnet {
namespace {

Json in_json(const Restoration& done) {
    Json json{{"at", to_string(done.at)}, {"broken", done.broken.string()}, {"copy", done.copy}};
    if (done.copied) json["copied"] = to_string(*done.copied);
    return json;
}

std::optional<Restoration> restoration_in(const std::string& text) {
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto at = parse_timestamp(json.value("at", ""));
    if (!at) return std::nullopt;
    return Restoration{*at, json.value("broken", ""), json.value("copy", ""), parse_timestamp(json.value("copied", ""))};
}

}  // namespace

void Store::note(const char* name, const std::string& value) {
    if (value.empty())
        Statement{database_, "DELETE FROM notes WHERE name = ?1"}.bind(std::string_view{name}).run();
    else
        Statement{database_, "INSERT OR REPLACE INTO notes (name, value) VALUES (?1, ?2)"}
            .bind(std::string_view{name}, value)
            .run();
}

std::string Store::noted(const char* name) {
    Statement row{database_, "SELECT value FROM notes WHERE name = ?1"};
    return row.bind(std::string_view{name}).step() ? std::string{row.text(0)} : std::string{};
}

void Store::load_restoration() {
    if (restoration_) {
        note("restored", in_json(*restoration_).dump());
        database_.execute("UPDATE notes SET value = lower(hex(randomblob(8))) WHERE name = 'series'");
        const auto& done = *restoration_;
        spdlog::error("the database was damaged and is now {}; {}", done.broken.string(),
                      done.copy.empty() ? "there was no good copy: a new one was begun" : done.copy + " took its place");
        return;
    }
    restoration_ = restoration_in(noted("restored"));
    std::error_code ignored;
    if (restoration_ && !std::filesystem::exists(restoration_->broken, ignored)) restoration_.reset();
}

void Store::copy_a_little(Timestamp now) {
    if (!in_transaction_) copies_.work(now);
}

void Store::sweep() {
    copies_.remove_all();
    restoration_.reset();
    note("restored", "");
    // Zeroes in place of deleted rows are not enough: a page that was balanced may hold a second one of a row.
    if (in_transaction_) throw std::logic_error{"sweep() inside a transaction"};
    database_.execute("VACUUM");
    database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
    note("sweep", "");
}

}  // namespace linnet
