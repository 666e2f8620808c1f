// The store's memory of sensors: loaded when it opens, bounded while it runs.
#include "column.hpp"
#include "store.hpp"
#include "wire/event_json.hpp"

#include <algorithm>

namespace linnet {

void Store::load_sources() {
    Statement rows{
        database_,
        "SELECT row, id, epoch, source, committed, finished, last_event, lost, refused, stats FROM sensors ORDER BY row"};
    while (rows.step()) {
        column::Reader read{rows};
        Source source;
        source.row = read.integer();
        source.sensor = read.text();
        source.epoch = read.number();
        source.name = read.text();
        source.accepted = source.committed = read.number();
        source.finished = read.integer() != 0;
        source.last_event = read.time();
        source.lost = read.number();
        source.refused = read.number();
        std::string ignored;
        if (const auto stats = parse_json_line(read.text(), ignored); stats && std::holds_alternative<SensorStats>(*stats))
            source.stats = std::get<SensorStats>(*stats);
        source.used = ++uses_;
        SourceKey key{source.sensor, source.epoch};
        sources_.emplace(std::move(key), std::move(source));
    }
}

/// Called where a run was added. Runs with rows stay until retention has deleted those.
void Store::forget_sources() {
    if (sources_.size() <= max_sources) return;
    Statement forget{
        database_,
        "DELETE FROM sensors WHERE row = ?1 AND NOT EXISTS (SELECT 1 FROM flows WHERE sensor = ?1) AND NOT EXISTS "
        "(SELECT 1 FROM logins WHERE sensor = ?1) AND NOT EXISTS (SELECT 1 FROM lost WHERE sensor = ?1) AND NOT EXISTS "
        "(SELECT 1 FROM tls WHERE sensor = ?1)"};
    std::vector<const Source*> oldest;
    for (const auto& [key, source] : sources_) oldest.push_back(&source);
    std::sort(oldest.begin(), oldest.end(), [](const auto* a, const auto* b) { return a->used < b->used; });
    for (const auto* source : oldest) {
        if (sources_.size() <= max_sources) return;
        forget.bind(source->row).run();
        if (database_.rows_changed() > 0) sources_.erase(SourceKey{source->sensor, source->epoch});
    }
}

}  // namespace linnet
