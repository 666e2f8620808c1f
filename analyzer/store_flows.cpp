// The flows that somebody asks for. Work is bounded: at most max_searched rows are looked at, and a page of them told.
#include "column.hpp"
#include "store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace linnet {
namespace {

constexpr std::int64_t no_bound = std::numeric_limits<std::int64_t>::max();
/// So many are sought out by the index over times; where there are more, walking along the rows is quicker.
constexpr std::int64_t few = 20'000;

FlowRow read_flow(const Statement& row) {
    column::Reader read{row};
    FlowRow out;
    auto& f = out.flow;
    out.row = read.integer();
    f.id = read.number();
    f.stage = read.value<FlowStage>();
    f.reason = read.value<FlowEndReason>();
    f.proto = read.value<Proto>();
    f.midstream = read.integer() != 0;
    f.client = read.endpoint();
    f.server = read.endpoint();
    f.first_seen = read.time();
    f.last_seen = read.time();
    f.packets_to_server = read.number();
    f.packets_to_client = read.number();
    f.bytes_to_server = read.number();
    f.bytes_to_client = read.number();
    f.payload_to_server = read.number();
    f.payload_to_client = read.number();
    f.app_proto = read.text();
    f.service = read.text();
    out.tls = {.version = read.text(),
               .sni = read.text(),
               .ja4 = read.text(),
               .subject = read.text(),
               .issuerdn = read.text(),
               .notbefore = read.text(),
               .notafter = read.text()};
    return out;
}

/// Hardware addresses and addresses as SQLite's hex() writes them.
Json ends_in_hexadecimal(const std::vector<std::string>& keys) {
    Json all = Json::array();
    for (const auto& key : keys) {
        const auto mac = MacAddress::parse(key);
        const auto ip = IpAddress::parse(key);
        std::string text;
        for (const auto byte : mac ? column::of(*mac) : ip ? column::of(*ip) : Blob{}) text += fmt::format("{:02X}", byte);
        if (!text.empty()) all.push_back(std::move(text));
    }
    return all;
}

std::string times_of(const FlowFilter& filter) {
    std::string sql;
    if (filter.since) sql += fmt::format(" AND first_seen >= {}", column::of(*filter.since));
    if (filter.until) sql += fmt::format(" AND first_seen < {}", column::of(*filter.until));
    return sql;
}

}  // namespace

/// ?1: ends as a JSON list, or NULL for all; ?2: the application in small letters, or NULL.
std::string Store::flow_query(const Page& page) const {
    const FlowFilter& filter = page.filter;
    const bool by_time =
        filter.has_times() && database_.integer(fmt::format("SELECT count(*) FROM (SELECT 1 FROM flows WHERE 1{} LIMIT {})",
                                                            times_of(filter), few + 1)) <= few;
    auto sql = fmt::format(
        "SELECT flows.row, flow, stage, reason, proto, midstream, client_ip, client_port, client_mac, server_ip, "
        "server_port, server_mac, first_seen, last_seen, packets_to_server, packets_to_client, bytes_to_server, "
        "bytes_to_client, payload_to_server, payload_to_client, app_proto, service, version, sni, ja4, subject, issuer, "
        "not_before, not_after FROM flows {} LEFT JOIN tls USING (sensor, flow) WHERE flows.row < {}{}",
        by_time ? "INDEXED BY flows_by_age" : "", page.before.value_or(no_bound), times_of(filter));
    // No index on addresses: it would cost every flow more than the few queries save.
    if (!by_time)
        sql += fmt::format(" AND flows.row >= (SELECT coalesce(max(row), 0) FROM flows WHERE row < {}) - {}",
                           page.before.value_or(no_bound), max_searched);
    if (filter.port) sql += fmt::format(" AND server_port = {}", filter.port->number);
    if (filter.proto) sql += fmt::format(" AND proto = {}", static_cast<int>(*filter.proto));
    const std::string ends = "IN (SELECT value FROM json_each(?1))";
    for (const std::string column : {"client_mac", "server_mac", "client_ip", "server_ip"})
        sql += fmt::format("{} hex({}) {}", column == "client_mac" ? " AND (?1 IS NULL OR" : " OR", column, ends);
    return sql + ") AND (?2 IS NULL OR lower(app_proto) = ?2 OR lower(service) = ?2) ORDER BY flows.row DESC";
}

std::vector<FlowRow> Store::flows(const Page& page, const Locality& locality) {
    auto keys = page.keys;
    if (!page.device.empty()) keys.push_back(page.device);
    const Json ends = ends_in_hexadecimal(keys);
    const bool of_all = page.device.empty() && !page.filter.kind;
    if (!of_all && ends.empty()) return {};
    Statement rows{database_, flow_query(page)};
    const std::string ends_text = dump(ends), app = page.filter.app.value_or("");
    if (of_all && !page.filter.app)
        rows.bind(nullptr, nullptr);
    else if (of_all)
        rows.bind(nullptr, app);
    else if (!page.filter.app)
        rows.bind(ends_text, nullptr);
    else
        rows.bind(ends_text, app);
    std::vector<FlowRow> found;
    while (found.size() < page.limit && rows.step())
        if (auto row = read_flow(rows); page.filter.fits(row.flow, locality)) found.push_back(std::move(row));
    return found;
}

}  // namespace linnet
