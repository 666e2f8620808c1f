// What the store is asked. Every query is bounded by its page.
#include "column.hpp"
#include "store.hpp"

#include <limits>

namespace linnet {
namespace {

constexpr std::int64_t no_bound = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::vector<Json> Store::alerts(const Page& page) {
    std::string sql = "SELECT eve FROM alerts WHERE id < ?1 ";
    if (!page.device.empty()) sql += "AND device IN (SELECT value FROM json_each(?3)) ";
    sql += "ORDER BY id DESC LIMIT ?2";
    Statement rows{database_, sql};
    const auto before = page.before.value_or(no_bound);
    const auto limit = column::of(page.limit);
    const std::string keys = dump(page.keys.empty() ? Json{page.device} : Json(page.keys));  // bind() does not copy it
    if (page.device.empty())
        rows.bind(before, limit);
    else
        rows.bind(before, limit, keys);
    std::vector<Json> found;
    while (rows.step())
        if (auto eve = Json::parse(rows.text(0), nullptr, false); eve.is_object()) found.push_back(std::move(eve));
    return found;
}

std::vector<Hour> Store::hours(const Page& page) {
    Statement rows{database_,
                   "SELECT hour, device, app_proto, flows, packets_out, packets_in, bytes_out, bytes_in FROM hours "
                   "WHERE device IN (SELECT value FROM json_each(?1)) ORDER BY hour DESC, app_proto LIMIT ?2"};
    const std::string keys = dump(page.keys.empty() ? Json::array({page.device}) : Json(page.keys));
    rows.bind(keys, column::of(page.limit));
    std::vector<Hour> found;
    while (rows.step()) {
        column::Reader read{rows};
        Hour hour{.hour = read.time(), .device = read.text(), .app_proto = read.text(), .volume = {}};
        hour.volume = {.flows = read.number(),
                       .packets_out = read.number(),
                       .packets_in = read.number(),
                       .bytes_out = read.number(),
                       .bytes_in = read.number()};
        found.push_back(std::move(hour));
    }
    return found;
}

Store::Counts Store::counts() const {
    Counts counts;
    counts.bytes = database_.integer("PRAGMA page_count") * database_.integer("PRAGMA page_size");
    for (const auto& [key, source] : sources_) counts.events += column::of(source.committed);
    counts.flows = flow_count_;
    counts.alerts = database_.integer("SELECT count(*) FROM alerts");
    counts.devices = database_.integer("SELECT count(*) FROM devices");
    return counts;
}

}  // namespace linnet
