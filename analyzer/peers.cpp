#include "peers.hpp"

#include "wire/json_fields.hpp"
#include "wire/keys.hpp"
#include "wire/link.hpp"
#include "wire/settings.hpp"
#include "wire/text_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

namespace linnet {
namespace {

constexpr std::size_t max_file = 64 * 1024;
constexpr std::array<std::pair<PeerRole, std::string_view>, 2> roles{
    {{PeerRole::sensor, "sensor"}, {PeerRole::dashboard, "dashboard"}}};

Peer read_peer(const Json& from) {
    Peer peer;
    read(from, "key", peer.key);
    read(from, "name", peer.name);
    read(from, "role", peer.role, peer_role);
    read(from, "since", peer.since, parse_timestamp);
    if (!is_public_key(peer.key)) refuse_value("key");
    if (!link::is_sensor_name(peer.name)) refuse_value("name");
    return peer;
}

Json to_json(const Peer& peer) {
    return {{"key", peer.key}, {"name", peer.name}, {"role", to_string(peer.role)}, {"since", to_string(peer.since)}};
}

std::vector<Peer> read_peers(const std::filesystem::path& file) {
    std::error_code ignored;
    if (!std::filesystem::exists(file, ignored)) return {};
    std::string text;
    try {
        text = read_text_file(file, max_file);
    } catch (const SettingsError& error) {
        throw PeersError{fmt::format("{}. It lists the paired programs: make it readable for this user.", error.what())};
    }
    try {
        return Peers::parse(text);
    } catch (const PeersError& error) {
        throw PeersError{fmt::format(
            "{}:0: is damaged ({}). It lists the paired programs: restore it from a copy, or delete it and pair them anew.",
            file.string(), error.what())};
    }
}

}  // namespace

std::string_view to_string(PeerRole role) {
    return std::find_if(roles.begin(), roles.end(), [role](const auto& each) { return each.first == role; })->second;
}

std::optional<PeerRole> peer_role(std::string_view name) {
    const auto* found = std::find_if(roles.begin(), roles.end(), [name](const auto& each) { return each.second == name; });
    return found == roles.end() ? std::nullopt : std::optional{found->first};
}

std::vector<Peer> Peers::parse(std::string_view text) {
    constexpr int deepest = 3;  // {"peers": [{"key": …}]}
    const auto shallow = [](int depth, Json::parse_event_t, const Json&) { return depth <= deepest; };
    try {
        const Json list = Json::parse(text, shallow).at("peers");
        if (!list.is_array() || list.size() > max_peers) refuse_value("peers");
        std::vector<Peer> peers;
        for (const auto& each : list) {
            if (!each.is_object()) refuse_value("peers");
            peers.push_back(read_peer(each));
        }
        return peers;
    } catch (const std::exception& error) {  // not JSON, or another shape
        throw PeersError{error.what()};
    }
}

Peers::Peers(std::filesystem::path file) : file_{std::move(file)}, peers_{read_peers(file_)} {}

const Peer* Peers::find(std::string_view key, PeerRole role) const {
    const auto found =
        std::find_if(peers_.begin(), peers_.end(), [&](const Peer& peer) { return peer.key == key && peer.role == role; });
    return found == peers_.end() ? nullptr : &*found;
}

void Peers::add(const Peer& peer) {
    if (!is_public_key(peer.key)) throw PeersError{"This is not the key of one of Linnet's programs."};
    if (!link::is_sensor_name(peer.name))
        throw PeersError{"A name has 1 to 64 letters, digits, points, dashes and underscores."};
    auto peers = peers_;
    std::erase_if(peers, [&](const Peer& each) { return each.key == peer.key && each.role == peer.role; });
    const bool taken = std::any_of(peers.begin(), peers.end(),
                                   [&](const Peer& each) { return each.name == peer.name && each.role == peer.role; });
    if (taken)
        throw PeersError{
            fmt::format("Another {} has the name {}. Choose another, or revoke it.", to_string(peer.role), peer.name)};
    if (peers.size() >= max_peers)
        throw PeersError{
            fmt::format("{} programs are paired, which is the most there can be. Revoke one first.", max_peers)};
    peers.push_back(peer);
    save(std::move(peers));
}

bool Peers::remove(std::string_view name_or_key) {
    auto peers = peers_;
    const auto removed =
        std::erase_if(peers, [&](const Peer& each) { return each.name == name_or_key || each.key == name_or_key; });
    if (removed > 0) save(std::move(peers));
    return removed > 0;
}

void Peers::save(std::vector<Peer> peers) {
    Json list = Json::array();
    for (const auto& peer : peers) list.push_back(to_json(peer));
    try {
        write_private_file(file_, dump(Json{{"peers", std::move(list)}}) + "\n", IfThere::replace);
    } catch (const std::system_error& error) {
        throw PeersError{
            fmt::format("The list of paired programs cannot be written to {}: {}.", file_.string(), error.code().message())};
    }
    peers_ = std::move(peers);
}

}  // namespace linnet
