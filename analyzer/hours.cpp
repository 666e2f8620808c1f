#include "hours.hpp"

#include "column.hpp"

#include <limits>

namespace linnet {
namespace {

/// A counter that a sensor made up must not overflow a sum in the database.
std::uint64_t bounded(std::uint64_t number) {
    constexpr std::uint64_t most = std::uint64_t{1} << 50;
    return std::min(number, most);
}

}  // namespace

void Hours::add(const std::string& device, const Flow& flow, bool is_client) {
    const auto hour = std::chrono::floor<std::chrono::hours>(flow.last_seen);
    Volume& volume = volumes_[{column::of(Timestamp{hour}), device, flow.app_proto}];
    const auto add = [is_client](std::uint64_t& out, std::uint64_t& in, std::uint64_t to_server, std::uint64_t to_client) {
        out += bounded(is_client ? to_server : to_client);
        in += bounded(is_client ? to_client : to_server);
    };
    ++volume.flows;
    add(volume.packets_out, volume.packets_in, flow.packets_to_server, flow.packets_to_client);
    add(volume.bytes_out, volume.bytes_in, flow.bytes_to_server, flow.bytes_to_client);
}

void Hours::save(Database& database) {
    if (volumes_.empty()) return;
    constexpr const char* sql =
        "INSERT INTO hours (hour, device, app_proto, flows, packets_out, packets_in, bytes_out, bytes_in) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (hour, device, app_proto) DO UPDATE SET flows = flows + ?4, "
        "packets_out = min(packets_out + ?5, 1 << 61), packets_in = min(packets_in + ?6, 1 << 61), "
        "bytes_out = min(bytes_out + ?7, 1 << 61), bytes_in = min(bytes_in + ?8, 1 << 61)";
    Statement upsert{database, sql};
    for (const auto& [key, volume] : volumes_) {
        const auto& [hour, device, app_proto] = key;
        upsert
            .bind(hour, device, app_proto, column::of(volume.flows), column::of(volume.packets_out),
                  column::of(volume.packets_in), column::of(volume.bytes_out), column::of(volume.bytes_in))
            .run();
    }
    volumes_.clear();
}

}  // namespace linnet
