// What goes: by age, and where the database grows too large.
#include "column.hpp"
#include "store.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace linnet {

std::int64_t Store::remove(const char* sql, std::int64_t bound, std::int64_t most) {
    Statement{database_, sql}.bind(bound, most).run();
    return database_.rows_changed();
}

/// Clocks that are a year ahead, for a day or until the next start, are common; deleted rows do not come back.
Timestamp Store::believed(Timestamp newest) {
    const auto before = clock_;
    const bool leaps = before != Timestamp{} && newest - before > doubtful_jump;
    const auto now = std::chrono::steady_clock::now();
    if (!leaps)
        doubted_since_.reset();
    else if (!doubted_since_)
        doubted_since_ = now;
    if (leaps && now - *doubted_since_ < doubt) return before;
    doubted_since_.reset();
    clock_ = newest;
    if (newest < before || newest - before >= std::chrono::hours{1} || before == Timestamp{})
        note("clock", std::to_string(column::of(newest)));
    return newest;
}

void Store::delete_old(Timestamp now) {
    Timestamp newest;
    for (const auto& [key, source] : sources_) newest = std::max(newest, source.last_event);
    newest = believed(std::min(newest, now));
    if (retention_.flows.count() > 0) {
        const auto bound = column::of(newest - retention_.flows);
        flow_count_ -= remove(
            "DELETE FROM flows WHERE row IN (SELECT row FROM flows WHERE first_seen < ?1 AND last_seen < ?1 LIMIT ?2)",
            bound);
        remove(
            "DELETE FROM tls WHERE row IN (SELECT row FROM tls WHERE at < ?1 AND NOT EXISTS "
            "(SELECT 1 FROM flows WHERE flows.sensor = tls.sensor AND flows.flow = tls.flow) LIMIT ?2)",
            bound);
        remove("DELETE FROM logins WHERE row IN (SELECT row FROM logins WHERE at < ?1 LIMIT ?2)", bound);
        remove("DELETE FROM lost WHERE row IN (SELECT row FROM lost WHERE until < ?1 LIMIT ?2)", bound);
    }
    if (retention_.alerts.count() > 0)
        remove("DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE last_seen < ?1 LIMIT ?2)",
               column::of(newest - retention_.alerts));
    if (retention_.hours.count() > 0)
        remove(
            "DELETE FROM hours WHERE (hour, device, app_proto) IN (SELECT hour, device, app_proto FROM hours WHERE hour < "
            "?1 "
            "ORDER BY hour LIMIT ?2)",
            column::of(newest - retention_.hours));
    const auto surplus = database_.integer("SELECT count(*) FROM devices") - max_devices;
    if (surplus > 0)
        Statement{database_, "DELETE FROM devices WHERE key IN (SELECT key FROM devices ORDER BY last_seen LIMIT ?1)"}
            .bind(surplus)
            .run();
}

/// At least as fast as rows come. What is dearest goes last; the core's state is bounded by itself.
void Store::delete_surplus() {
    if (retention_.max_bytes <= 0) return;
    const auto used = [this] {
        return (database_.integer("PRAGMA page_count") - database_.integer("PRAGMA freelist_count")) *
               database_.integer("PRAGMA page_size");
    };
    if (used() <= retention_.max_bytes) return;
    const auto most = deleted_per_commit + 2 * static_cast<std::int64_t>(uncommitted_);
    constexpr auto any = std::numeric_limits<std::int64_t>::max();
    const auto flows =
        remove("DELETE FROM flows WHERE row IN (SELECT row FROM flows WHERE first_seen < ?1 ORDER BY first_seen LIMIT ?2)",
               any, most);
    flow_count_ -= flows;
    constexpr std::array further{
        "DELETE FROM tls WHERE row IN (SELECT row FROM tls WHERE at < ?1 ORDER BY at LIMIT ?2)",
        "DELETE FROM logins WHERE row IN (SELECT row FROM logins WHERE at < ?1 ORDER BY at LIMIT ?2)",
        "DELETE FROM lost WHERE row IN (SELECT row FROM lost WHERE until < ?1 ORDER BY until LIMIT ?2)",
        "DELETE FROM hours WHERE (hour, device, app_proto) IN "
        "(SELECT hour, device, app_proto FROM hours WHERE hour < ?1 ORDER BY hour LIMIT ?2)",
        "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE last_seen < ?1 ORDER BY last_seen LIMIT ?2)"};
    if (flows > 0) {
        remove(
            "DELETE FROM tls WHERE row IN (SELECT row FROM tls WHERE at < ?1 AND NOT EXISTS "
            "(SELECT 1 FROM flows WHERE flows.sensor = tls.sensor AND flows.flow = tls.flow) ORDER BY at LIMIT ?2)",
            any, most);
        return;
    }
    for (const char* sql : further)
        if (remove(sql, any, most) > 0) return;
}

}  // namespace linnet
