// What the store is asked. Every query is bounded by its page.
#include "column.hpp"
#include "store.hpp"

#include <fmt/format.h>

#include <limits>

namespace linnet {
namespace {

constexpr std::int64_t no_bound = std::numeric_limits<std::int64_t>::max();

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

/// As SQLite's hex() writes them.
Json macs_in_hexadecimal(const Page& page) {
    Json all = Json::array();
    const auto add = [&all](const std::string& key) {
        const auto mac = MacAddress::parse(key);
        std::string text;
        for (const auto byte : mac ? mac->bytes : decltype(MacAddress::bytes){}) text += fmt::format("{:02X}", byte);
        if (mac) all.push_back(std::move(text));
    };
    add(page.device);
    for (const auto& key : page.keys) add(key);
    return all;
}

}  // namespace

std::vector<FlowRow> Store::flows(const Page& page) {
    std::string sql =
        "SELECT flows.row, flow, stage, reason, proto, midstream, client_ip, client_port, client_mac, server_ip, "
        "server_port, server_mac, first_seen, last_seen, packets_to_server, packets_to_client, bytes_to_server, "
        "bytes_to_client, payload_to_server, payload_to_client, app_proto, service, version, sni, ja4, subject, issuer, "
        "not_before, not_after FROM flows LEFT JOIN tls USING (sensor, flow) WHERE flows.row < ?1 ";
    const auto mac = MacAddress::parse(page.device);
    const auto ip = IpAddress::parse(page.device);
    if (!page.device.empty()) {
        if (!mac && !ip) return {};
        // No index on addresses: it would cost every flow more than the few queries save.
        sql += "AND flows.row > (SELECT coalesce(max(row), 0) FROM flows WHERE row < ?1) - ?4 ";
        sql += mac ? "AND (hex(client_mac) IN (SELECT value FROM json_each(?3)) OR hex(server_mac) IN (SELECT value FROM "
                     "json_each(?3))) "
                   : "AND ?3 IN (client_ip, server_ip) ";
    }
    sql += "ORDER BY flows.row DESC LIMIT ?2";
    Statement rows{database_, sql};
    const auto before = page.before.value_or(no_bound);
    const auto limit = column::of(page.limit);
    const std::string macs = mac ? dump(macs_in_hexadecimal(page)) : "";
    if (page.device.empty())
        rows.bind(before, limit);
    else if (mac)
        rows.bind(before, limit, macs, max_searched);
    else
        rows.bind(before, limit, column::of(*ip), max_searched);
    std::vector<FlowRow> found;
    while (rows.step()) found.push_back(read_flow(rows));
    return found;
}

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
